import { hostname, userInfo } from 'node:os';
import type { Host } from '../../core/host/host.js';
import { prelude } from '../../core/host/prelude.js';
import { localHost } from '../host/localHost.js';

/** Who works on a data directory, as others are told. */
export const operator = (): string => `${userName()}@${hostname()}`;

/** In a container the user may have no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${String(process.getuid?.() ?? '')}`;
  }
}

// The kernel's lock goes with its holder: `cat` ends with the editor, whatever ends the editor.
const text = String.raw`
owner=$1; shift
command -v flock >/dev/null 2>&1 || fail FLOCK_MISSING
# A lock file that another user left cannot be opened; whether somebody holds it is seen all the same.
taken() {
  inode=$(stat -c %i -- "$1" 2>/dev/null) || return 1
  awk -v inode="$inode" '$2 == "FLOCK" { n = split($6, at, ":"); if (at[n] == inode) found = 1 } END { exit !found }' /proc/locks
}
who() { cat -- "$1" 2>/dev/null || stat -c %U -- "$1"; }
# flock ends with 1 when somebody else has the lock, and with more when there can be none.
lock_once() {
  reason=$(flock -n "$1" 2>&1); code=$?
  [ "$code" -eq 0 ] && return
  [ "$code" -eq 1 ] && fail LOCKED_BY_OTHER "dataDir=$2" "owner=$(who "$3")"
  fail FILE_UNWRITABLE "path=$3" "reason=$reason"
}
for dataDir in "$@"; do
  lock="$dataDir/.recovery.lock"
  [ -d "$dataDir" ] || fail PATH_MISSING "path=$dataDir"
  [ -L "$lock" ] && fail PATH_EXISTS "path=$lock"
  if ! reason=$( { : >>"$lock"; } 2>&1 ); then
    taken "$lock" && fail LOCKED_BY_OTHER "dataDir=$dataDir" "owner=$(who "$lock")"
    fail FILE_UNWRITABLE "path=$lock" "reason=$reason"
  fi
  ( lock_once 8 "$dataDir" "$lock" ) 8>>"$lock" || exit
done
take() {
  if [ $# -eq 0 ]; then say HOLDS; cat >/dev/null; return; fi
  ( is_file 8 "$1/.recovery.lock" || fail PATH_EXISTS "path=$1/.recovery.lock"
    lock_once 8 "$1" "$1/.recovery.lock"
    printf '%s' "$owner" >/proc/self/fd/8; shift; take "$@" ) 8>>"$1/.recovery.lock"
}
take "$@"
`;

/**
 * Keeps every other operator off these data directories of a host, of this machine unless told, until it is disposed of, or this
 * process or the connection to the host ends.
 * @throws KnownError LOCKED_BY_OTHER with who it is and since when.
 */
export function lockDataDirs(dataDirs: readonly string[], now: string, host: Pick<Host, 'keep'> = localHost(hostname())): Promise<AsyncDisposable> {
  const owner = `${operator()} (process ${process.pid}, ${now})`;
  return host.keep({ text: prelude + text, args: [owner, ...dataDirs] }, new AbortController().signal);
}
