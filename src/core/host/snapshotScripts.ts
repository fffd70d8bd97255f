import { pathOnHost, type HostPlace } from '../snapshot/hostSnapshots.js';
import type { HostScript } from './host.js';
import { prelude } from './prelude.js';

/** Prints size, time and name of each file that may be a snapshot, the newest last; says `LISTED` with how many there are. Changes nothing. */
export const listScript = (folder: string): HostScript => ({ text: prelude + listText, args: [folder] });

/** Makes the folder, readable by its owner only, and says `READY` with the bytes that are free in it. Fails when the name is taken. */
export const prepareScript = (place: HostPlace): HostScript => ({ text: prelude + prepareText, args: [place.folder, pathOnHost(place)] });

/** Says `SUM` with the size of a file, when it was changed, and the sha256 of its first bytes; without a number, of all of it. */
export const sumScript = (path: string, bytes?: number): HostScript => ({ text: prelude + sha256 + sumText, args: [path, bytes === undefined ? '' : String(bytes)] });

/**
 * Gives what was received its name, if it has this sha256 (hex), replacing nothing; what differs is removed. `mtimeMs` is
 * when it was made, for a copy of an older one.
 */
export const publishScript = (place: HostPlace, sha256Hex: string, mtimeMs?: number): HostScript => ({
  text: prelude + sha256 + publishText, args: [incomingPath(place), pathOnHost(place), sha256Hex, mtimeMs === undefined ? '' : `@${(mtimeMs / 1000).toFixed(3)}`],
});

/** Removes what was received of a file that is not to come any more. */
export const discardScript = (place: HostPlace): HostScript => ({ text: prelude + discardText, args: [incomingPath(place)] });

/** What a file is called until its sha256 was compared; an upload adds `.part` until all of it is there. */
export const incomingPath = (place: HostPlace): string => `${pathOnHost(place)}.incoming`;

// openssl first: it is several times faster than coreutils where the processor has sha instructions.
const sha256 = String.raw`
sha256() { if openssl dgst -sha256 -r </dev/null >/dev/null 2>&1; then openssl dgst -sha256 -r; else sha256sum; fi | cut -c1-64; }
`;

// Names that could mean two things are not listed: a line end, a tab, an option. The editor looks at each name once more.
const listText = String.raw`
files() {
  find "$1/" -mindepth 1 -maxdepth 1 -type f \( -iname '*.db*' -o -iname '*.snap*' -o -iname '*.etcd*' \) ! -name '.*' ! -name '-*' ! -name '*[!A-Za-z0-9._-]*' "$2" "$3"
}
[ -d "$1" ] || { say LISTED files=0; exit 0; }
if [ ! -r "$1" ] || [ ! -x "$1" ]; then echo "$1 cannot be read" >&2; exit 71; fi
files "$1" -printf '%s\t%T@\t%f\n' | sort -t "$(printf '\t')" -k 2,2n | tail -n 1000
say LISTED "files=$(files "$1" -printf x | wc -c)"
`;

// Whoever else could write there could put another file in a snapshot's place, or read what holds every Secret.
const prepareText = String.raw`
mkdir -p -- "$1" || exit 71
if [ -L "$1" ] || [ ! -d "$1" ] || [ ! -O "$1" ]; then echo "$1 is no directory of this user's own" >&2; exit 71; fi
case $(stat -c %a -- "$1") in *[2367] | *[2367]?) echo "others may write to $1" >&2; exit 71 ;; esac
if [ -e "$2" ] || [ -L "$2" ]; then fail FILE_EXISTS "path=$2"; fi
say READY "free=$(df -P -B 1 -- "$1" | awk 'END { print $4 }')"
`;

const sumText = String.raw`
if [ ! -f "$1" ] || [ -L "$1" ]; then exit 44; fi
exec 8<"$1" || exit 71
size=$(stat -L -c %s -- /proc/self/fd/8)
changed=$(stat -L -c %.3Y -- /proc/self/fd/8)
want=$2
[ -n "$want" ] || want=$size
say SUM "size=$size" "changed=$changed" "sha256=$(head -c "$want" <&8 | sha256)"
`;

// The very file whose bytes were compared gets the name, whatever lies by its old name meanwhile; and a link replaces nothing.
const publishText = String.raw`
if [ ! -f "$1" ] || [ -L "$1" ] || [ ! -O "$1" ]; then echo "$1 is not there any more" >&2; exit 71; fi
exec 8<"$1" || exit 71
found=$(sha256 <&8)
if [ "$found" != "$3" ]; then
  rm -f -- "$1"
  fail SAVE_COPY_DIFFERS "path=$2" "found=$found" "expected=$3"
fi
chmod 600 /proc/self/fd/8 || exit 71
if [ -n "$4" ]; then touch -c -m -d "$4" -- /proc/self/fd/8 || exit 71; fi
if ! ln -T -L -- /proc/self/fd/8 "$2"; then
  if [ -e "$2" ] || [ -L "$2" ]; then fail FILE_EXISTS "path=$2"; fi
  exit 71
fi
if is_file 8 "$1"; then rm -f -- "$1"; fi
sync -- "$2" 2>/dev/null || sync
sync -- "$(dirname -- "$2")" 2>/dev/null || sync
say PUBLISHED
`;

const discardText = String.raw`
rm -f -- "$1.part" "$1"
`;
