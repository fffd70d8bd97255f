import { spawn } from 'node:child_process';
import { hostname, userInfo } from 'node:os';
import { failureOf, said } from '../../core/host/outcome.js';
import { prelude } from '../../core/host/prelude.js';

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
 * Keeps every other operator off these data directories of this machine until it is disposed of, or this process ends.
 * @throws KnownError LOCKED_BY_OTHER with who it is and since when.
 */
export async function lockDataDirs(dataDirs: readonly string[], now: string): Promise<AsyncDisposable> {
  const owner = `${operator()} (process ${process.pid}, ${now})`;
  // The script comes with `-c`, since standard input is what keeps the lock.
  const child = spawn('/bin/sh', ['-c', prelude + text, 'lock', owner, ...dataDirs], { cwd: '/', stdio: ['pipe', 'pipe', 'pipe'], detached: true });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => { complaint = (complaint + chunk).slice(-1000); });
  const closed = new Promise<void>(resolve => child.on('close', () => resolve()));
  const answer = await new Promise<string>(resolve => {
    let out = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      out += chunk;
      if (out.includes('\n')) resolve(out);
    });
    child.on('error', () => resolve(out));
    child.on('close', () => resolve(out));
  });
  if (said(answer)?.code === 'HOLDS') {
    return { [Symbol.asyncDispose]: async () => {
      child.stdin.end();
      await closed;
    } };
  }
  child.stdin.end();
  throw failureOf(hostname(), { code: child.exitCode ?? undefined, stdout: answer, stderr: complaint });
}
