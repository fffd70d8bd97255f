/** What the scripts do to the copies of the journal that lie beside the data of a host. Lines come by standard input, and how many. */
export const journalText = String.raw`
set -u
umask 077
LC_ALL=C; export LC_ALL
flush() { sync -- "$1" 2>/dev/null || sync; }
# All lines arrived, or none is used.
lines_of() {
  text=$(cat)
  [ "$(printf '%s\n' "$text" | wc -l)" -eq "$1" ]
}
put() {
  lines_of "$1" || exit 71
  shift
  for path in "$@"; do
    [ -L "$path" ] && exit 71
    rm -f -- "$path.part"
    ( set -C; printf '%s\n' "$text" >"$path.part" ) || exit 71
    flush "$path.part"
    mv -T -- "$path.part" "$path" || exit 71
    flush "$(dirname -- "$path")"
  done
}
append() {
  lines_of "$1" || exit 71
  shift
  for path in "$@"; do
    if [ -L "$path" ] || [ ! -f "$path" ]; then exit 71; fi
    (
      # The very file of that name: whoever owns the directory may have put a link there meanwhile.
      [ "$(stat -L -c %d:%i /proc/self/fd/8)" = "$(stat -c %d:%i -- "$path")" ] || exit 71
      printf '%s\n' "$text" >&8
    ) 8>>"$path" || exit 71
    flush "$path"
  done
}
# One copy, by its number.
get() {
  at=$1; shift
  for path in "$@"; do
    at=$(( at - 1 ))
    if [ "$at" -eq 0 ] && [ -f "$path" ] && [ ! -L "$path" ]; then cat -- "$path"; fi
  done
  true
}
`;
