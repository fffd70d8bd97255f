import type { HostScript } from './host.js';
import { prelude } from './prelude.js';

/** Starts the script that comes as input, with `args`, in a session of its own. `id` is 32 hexadecimal digits, never used before. Says `BEGUN` with the boot's id. */
export const beginScript = (id: string, script: HostScript): HostScript =>
  ({ text: prelude + place + beginText, args: [id, ...script.args], input: `${script.text}\n# end ${id}` });

/**
 * Prints what the script prints from these offsets (bytes) on, until it has ended; its last line is then the id and the code,
 * or `-` when a signal ended it. Exit code 44: there is no such script, and now it cannot begin any more.
 */
export const followScript = (id: string, out: number, err: number): HostScript =>
  ({ text: prelude + place + followText, args: [id, String(out), String(err)] });

/** Ends the script's session. */
export const endScript = (id: string): HostScript => ({ text: prelude + place + endText, args: [id] });

/** Removes what is left of a script whose outcome was fetched. */
export const forgetScript = (id: string): HostScript => ({ text: prelude + place + forgetText, args: [id] });

/** Says `BOOT` with the id of the host's present boot. */
export const bootScript: HostScript = { text: `${prelude}\nsay BOOT "boot=$(cat /proc/sys/kernel/random/boot_id)"\n`, args: [] };

// Root's is /run, which nobody else can write to; a user's own may lie where others can, but mkdir takes no link.
const place = String.raw`
id=$1
case "$id" in *[!0-9a-f]*|'') exit 71;; esac
if [ "$(id -u)" -eq 0 ] && [ -d /run ]; then base=/run; else base=$(printenv XDG_RUNTIME_DIR || printenv TMPDIR); [ -d "$base" ] || base=/tmp; fi
dir="$base/etcd-recovery-$id"
ours() { [ -d "$dir" ] && [ ! -L "$dir" ] && [ -O "$dir" ]; }
begun() {
  for n in 1 2 3 4 5 6 7 8 9 10 1 2 3 4 5 6 7 8 9 10; do [ ! -e "$dir/pid" ] || return 0; sleep 0.2; done
  return 1
}
alive() { pid=$(cat -- "$dir/pid" 2>/dev/null) && [ -n "$pid" ] && cat -- "/proc/$pid/cmdline" 2>/dev/null | tr '\000' ' ' | grep -qF -- "$id"; }
`;

// The directory's name is the one thing that can be made only once: whoever makes it decides whether the script begins.
const beginText = String.raw`
shift
text=$(cat)
case "$text" in *"
# end $id") ;; *) exit 75;; esac
mkdir -m 700 -- "$dir" || exit 71
printf '%s' "$text" >"$dir/script" && : >"$dir/out" && : >"$dir/err" || exit 71
setsid sh -c 'dir=$1; shift; echo "$$" >"$dir/pid.part" && mv -- "$dir/pid.part" "$dir/pid" || exit; sh "$dir/script" "$@" </dev/null >>"$dir/out" 2>>"$dir/err"; echo "$?" >"$dir/rc.part" && mv -- "$dir/rc.part" "$dir/rc"' "outliving-$id" "$dir" "$@" </dev/null >/dev/null 2>&1 &
begun || exit 71
say BEGUN "boot=$(cat /proc/sys/kernel/random/boot_id)"
`;

const followText = String.raw`
out=$2 err=$3
if mkdir -m 700 -- "$dir" 2>/dev/null; then exit 44; fi
ours && begun || exit 71
more() {
  size=$(stat -c %s -- "$dir/out"); [ "$size" -le "$out" ] || { from=$((out + 1)) most=$((size - out)); tail -c +"$from" -- "$dir/out" | head -c "$most"; out=$size; }
  size=$(stat -c %s -- "$dir/err"); [ "$size" -le "$err" ] || { from=$((err + 1)) most=$((size - err)); tail -c +"$from" -- "$dir/err" | head -c "$most" >&2; err=$size; }
}
while [ ! -e "$dir/rc" ] && alive; do more; sleep 0.2; done
more
code=-; [ -e "$dir/rc" ] && code=$(cat -- "$dir/rc")
printf '\n@ENDED\tid=%s\tcode=%s\n' "$id" "$code"
`;

const endText = String.raw`
ours || exit 0
for signal in TERM KILL; do
  alive || exit 0
  kill -s "$signal" -- "-$pid" 2>/dev/null
  for n in 1 2 3 4 5 6 7 8 9 10; do alive || exit 0; sleep 0.2; done
done
`;

const forgetText = String.raw`
ours || exit 0
for file in script out err pid.part pid rc.part rc; do rm -f -- "$dir/$file"; done
rmdir -- "$dir"
`;
