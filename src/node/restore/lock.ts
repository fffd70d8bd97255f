import { hostname, userInfo } from 'node:os';
import type { Host, HostKeep } from '../../core/host/host.js';
import { prelude } from '../../core/host/prelude.js';
import type { Gate } from '../host/dialingHost.js';
import { localHost } from '../host/localHost.js';
import type { Hosts } from './hands.js';

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

// The kernel's lock goes with its holder, and that ends with the editor, whatever ends the editor: its input is closed, or no sign
// of life has come for half a minute, since a host does not notice by itself that it was cut off. Who takes the lock again must find
// its own name still in the file: somebody else may have come and gone.
const text = String.raw`
owner=$1 which=$2; shift 2
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
  if [ $# -eq 0 ]; then
    say HOLDS
    while [ "$(timeout --foreground 30 head -c 1)" = . ]; do :; done
    return
  fi
  ( is_file 8 "$1/.recovery.lock" || fail PATH_EXISTS "path=$1/.recovery.lock"
    lock_once 8 "$1" "$1/.recovery.lock"
    if [ "$which" = again ] && [ "$(who "$1/.recovery.lock")" != "$owner" ]; then fail TAKEN_OVER "dataDir=$1" "owner=$(who "$1/.recovery.lock")"; fi
    printf '%s' "$owner" >/proc/self/fd/8
    sync -- "$1/.recovery.lock" 2>/dev/null || sync
    shift; take "$@" ) 8>>"$1/.recovery.lock"
}
take "$@"
`;

/** Keeps every other operator off some data directories of a host until it is disposed of, or this process ends. */
export interface DataDirLock extends AsyncDisposable {
  /**
   * Resolves while the lock is held. One that was lost with the connection to the host is taken anew.
   * @throws KnownError LOCKED_BY_OTHER with who has it now, TAKEN_OVER with who had it meanwhile.
   */
  readonly held: Gate;
}

/**
 * Locks data directories of a host, of this machine unless told.
 * @throws KnownError LOCKED_BY_OTHER with who it is and since when.
 */
export async function lockDataDirs(dataDirs: readonly string[], now: string, host: Pick<Host, 'keep'> = localHost(hostname())): Promise<DataDirLock> {
  const owner = `${operator()} (process ${process.pid}, ${now})`;
  const take = (which: 'first' | 'again'): Promise<HostKeep> => host.keep({ text: prelude + text, args: [owner, which, ...dataDirs] }, new AbortController().signal);
  const lost = new WeakSet<HostKeep>();
  const watched = (keep: HostKeep): HostKeep => {
    void keep.ended.then(() => lost.add(keep));
    return keep;
  };
  let current = watched(await take('first'));
  let taking: Promise<void> | undefined, over = false;
  const takeAgain = async (): Promise<void> => {
    await current.end();
    current = watched(await take('again'));
  };
  return {
    held: async () => {
      if (!over && lost.has(current)) await (taking ??= takeAgain().finally(() => { taking = undefined; }));
    },
    [Symbol.asyncDispose]: async () => {
      // What still tidies up on the host must not take it for nobody.
      over = true;
      await taking?.catch(() => undefined);
      await current[Symbol.asyncDispose]();
    },
  };
}

/** The hosts, of which nothing is asked any more without their lock. */
export function behindLocks(hosts: Hosts, locks: ReadonlyMap<string, DataDirLock>): Hosts {
  const locked = new Map([...locks].map(([name, { held }]) => [name, hosts.get(name)?.behind(held)]));
  return { get: name => locked.get(name) ?? hosts.get(name) };
}
