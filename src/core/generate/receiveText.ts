/** Takes a file from standard input: complete and of this sha256, or not at all. Goes through a login shell, so it is short. */
export const receiveText = String.raw`set -u; umask 077; to=$1 sum=$2 dir=$(dirname -- "$1")
[ -L "$dir/.recovery-step.lock" ] && exit 71
exec 9>>"$dir/.recovery-step.lock"; flock -n 9 || { echo "an earlier attempt still works in $dir" >&2; exit 71; }
rm -f -- "$to.part"
( set -C; cat >"$to.part" ) || exit 71
if [ "$(sha256sum <"$to.part" | cut -c1-64)" != "$sum" ]; then rm -f -- "$to.part"; echo "what arrived for $to is not the snapshot of the plan" >&2; exit 70; fi
sync -- "$to.part" 2>/dev/null || sync
mv -T -- "$to.part" "$to" && { sync -- "$dir" 2>/dev/null || sync; }`;
