import type { HostScript } from './host.js';
import { prelude } from './prelude.js';

/** Exit code of `streamScript` when there is no such file. */
export const NO_FILE = 44;
/** Exit code of a script whose input was cut off; nothing was changed then, but what an upload had. */
export const INPUT_CUT = 75;

/** Prints a file's bytes from an offset. */
export const streamScript = (path: string, from: number): HostScript => ({ text: prelude + streamText, args: [path, String(from + 1)] });

/** Appends text and flushes it: all of it, once all of it has arrived. */
export const appendScript = (path: string, text: string): HostScript =>
  ({ text: prelude + appendText, args: [path, String(bytesOf(text))], input: text });

/** Writes a file anew beside its place, and puts it there when it is complete. */
export const writeScript = (path: string, text: string): HostScript =>
  ({ text: prelude + partFunctions + writeText, args: [path, String(bytesOf(text))], input: text });

/** Says `PART` with the size and sha256 of what an earlier upload left, no more than `size` bytes of it. */
export const partScript = (path: string, size: number): HostScript => ({ text: prelude + partFunctions + partText, args: [path, String(size)] });

/** Takes the bytes from `offset` on to the end, and gives the file its name when `size` bytes are there. */
export const uploadScript = (path: string, size: number, offset: number, input: AsyncIterable<Uint8Array>): HostScript =>
  ({ text: prelude + partFunctions + uploadText, args: [path, String(size), String(offset)], input });

const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

const streamText = String.raw`
[ -e "$1" ] || exit 44
exec tail -c +"$2" -- "$1"
`;

// Half a line would be the end of a journal: what does not arrive whole is not written.
const appendText = String.raw`
text=$(cat; printf x)
[ "$(printf '%s' "$text" | wc -c)" -eq $(( $2 + 1 )) ] || exit 75
if [ ! -f "$1" ] || [ -L "$1" ]; then echo "$1 is not a regular file" >&2; exit 71; fi
exec 8>>"$1" || exit 71
is_file 8 "$1" || { echo "$1 was replaced" >&2; exit 71; }
printf '%s' "$text" | head -c "$2" >&8 || exit 71
sync -- "$1" 2>/dev/null || sync
`;

// The directory may be another user's, who could put a link in the part's place: what was opened must be the very file.
const partFunctions = String.raw`
part=$1.part
is_part() { [ -f "$part" ] && [ ! -L "$part" ] && [ -O "$part" ] && [ "$(stat -c %h -- "$part")" = 1 ]; }
new_part() {
  rm -f -- "$part" || exit 71
  ( set -C; : >"$part" ) || exit 71
}
# One writer at a time: of a connection that was cut, the host may not know yet.
open_part() {
  exec 8>>"$part" || exit 71
  is_file 8 "$part" && is_part || { echo "$part was replaced" >&2; exit 71; }
  chmod 600 "/proc/self/fd/8" || exit 71
  ! command -v flock >/dev/null 2>&1 || flock -w 30 8 || fail STEP_BUSY "dataDir=$part"
}
finish() {
  [ "$(stat -c %s -- "$part")" = "$2" ] || exit 75
  sync -- "$part" 2>/dev/null || sync
  mv -T -- "$part" "$1" || exit 71
  sync -- "$(dirname -- "$1")" 2>/dev/null || sync
}
`;

const writeText = String.raw`
new_part
open_part
cat >&8 || exit 71
finish "$1" "$2"
`;

const partText = String.raw`
is_part || { say PART size=0; exit 0; }
size=$(stat -c %s -- "$part")
[ "$size" -le "$2" ] || size=0
sum=$(head -c "$size" -- "$part" | openssl dgst -sha256 -r 2>/dev/null | cut -c1-64)
[ -n "$sum" ] || sum=$(head -c "$size" -- "$part" | sha256sum | cut -c1-64)
say PART "size=$size" "sha256=$sum"
`;

const uploadText = String.raw`
if [ "$3" = 0 ] || ! is_part; then new_part; fi
open_part
[ "$(stat -c %s -- "$part")" = "$3" ] || fail STEP_BUSY "dataDir=$part"
cat >&8 || exit 71
finish "$1" "$2"
`;
