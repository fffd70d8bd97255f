import type { HostScript } from '../host/host.js';
import { prelude } from '../host/prelude.js';
import type { EtcdProcess } from '../probe.js';
import type { DiskFacts, EntryFacts, ToolFacts } from './facts.js';

/** Asks a host for everything about one member's data directory, in one go. Changes nothing. */
export const diskScript = (etcd: EtcdProcess): HostScript =>
  ({ text: prelude + diskText, args: [etcd.dataDir, etcd.memberDirs.join(' '), etcd.sockets.join(' ')] });

/** Asks a host which tools it has, in `folders` and on the shell's PATH, and what they can do. */
export const toolScript = (folders: readonly string[]): HostScript => ({ text: prelude + toolText, args: folders });

const diskText = String.raw`
dataDir=$1 dirs=$2 sockets=$3
fact() { printf 'fact\t%s\t%s\n' "$1" "$(plain "$2")"; }
entry() {
  if [ -L "$2" ]; then kind=link; elif [ -d "$2" ]; then kind=directory; elif [ -e "$2" ]; then kind=other; else kind=absent; fi
  fact "$1" "$kind $(stat -c '%u %g %d' -- "$2" 2>/dev/null)"
}
# Whether a process that holds the data also listens for this member. Only where that can be seen: the process is of a
# user whose files may be looked at, and of this network, since behind a forwarded port listens somebody else.
owns() {
  said=
  for pid in $pids; do
    [ "$(readlink "/proc/$pid/ns/net" 2>/dev/null)" = "$(readlink /proc/self/ns/net)" ] || return
    open=$(find "/proc/$pid/fd" -maxdepth 1 -printf '%l\n' 2>/dev/null) && [ -n "$open" ] || return
    said=no
    for inode in $taken; do
      case "$open" in *"socket:[$inode]"*) echo yes; return;; esac
    done
  done
  echo "$said"
}
fact uid "$(id -u)"
parent=$(dirname -- "$dataDir")
[ -d "$parent" ] && fact parent yes
entry dataDir "$dataDir"
entry member "$dataDir/member"
for link in wal snap snap/db; do [ -L "$dataDir/member/$link" ] && fact link "member/$link"; done
fact dbSize "$(stat -c %s -- "$dataDir/member/snap/db" 2>/dev/null)"
at=$dataDir; [ -d "$at" ] || at=$parent
[ -w "$at" ] && fact writable yes
fact fileSystem "$(stat -c %d -- "$at" 2>/dev/null)"
fact free "$(stat -f -c '%a %S %d' -- "$at" 2>/dev/null)"
fact memory "$(awk '/^MemAvailable:/ { print $2 }' /proc/meminfo)"
fact bootId "$(cat /proc/sys/kernel/random/boot_id)"
pids=$(holders)
for pid in $pids; do fact heldBy "$pid"; done
for pid in $(on_deleted | each_once); do fact onDeleted "$pid"; done
taken=$(listeners)
[ -n "$taken" ] && fact listening yes
[ -n "$taken" ] && fact owns "$(owns)"
for path in "$dataDir"/.restore-* "$dataDir"/rescue-*; do [ -e "$path" ] && fact leftover "$(basename -- "$path")"; done
exit 0
`;

// A tool that hangs must not hang the plan.
const toolText = String.raw`
ask() { ETCDCTL_API=3 timeout 10 "$@" 2>/dev/null </dev/null; }
set -f; IFS=:; set -- "$@" $PATH; unset IFS
seen=
for folder in "$@"; do
  for kind in etcdutl etcdctl; do
    tool="$folder/$kind"
    case "$folder" in /*) ;; *) continue;; esac
    [ -f "$tool" ] && [ -x "$tool" ] || continue
    real=$(readlink -f -- "$tool"); case ":$seen:" in *":$real:"*) continue;; esac; seen="$seen:$real"
    version=$(ask "$tool" version | awk '/version:/ { print $3; exit }')
    help=$(ask "$tool" snapshot restore --help)
    can=
    case "$help" in *--initial-cluster-token*) can=restore;; esac
    case "$help" in *--bump-revision*--mark-compacted*) can="$can,bump";; esac
    printf 'fact\t%s\t%s\t%s\t%s\n' "$kind" "$version" "$can" "$tool"
  done
done
exit 0
`;

const facts = (stdout: string): readonly (readonly string[])[] =>
  stdout.split('\n').flatMap(line => line.startsWith('fact\t') ? [line.split('\t').slice(1)] : []);

const number = (text: string | undefined): number => {
  const value = Number(text ?? '');
  return Number.isFinite(value) ? value : 0;
};

function entryOf(text: string | undefined): EntryFacts {
  const [kind, uid, gid, device = ''] = (text ?? '').split(' ');
  return { kind: kind === 'directory' || kind === 'link' || kind === 'other' ? kind : 'absent', uid: number(uid), gid: number(gid), device };
}

const ownsSockets = (text: string | undefined): Pick<DiskFacts, 'ownsSockets'> => text === 'yes' || text === 'no' ? { ownsSockets: text === 'yes' } : {};

/** Reads what `diskScript` printed. */
export function readDisk(stdout: string): Omit<DiskFacts, 'openRuns'> {
  const lines = facts(stdout);
  const all = (key: string) => lines.filter(([name]) => name === key).map(([, value = '']) => value);
  const one = (key: string) => all(key)[0];
  const [blocks, blockSize, inodes] = (one('free') ?? '').split(' ');
  return {
    uid: number(one('uid')),
    parent: one('parent') === 'yes',
    dataDir: entryOf(one('dataDir')),
    member: entryOf(one('member')),
    links: all('link'),
    dbSize: number(one('dbSize')),
    writable: one('writable') === 'yes',
    fileSystem: one('fileSystem') ?? '',
    freeBytes: number(blocks) * number(blockSize),
    freeInodes: number(inodes),
    memoryAvailable: number(one('memory')) * 1024,
    heldBy: all('heldBy'),
    ...all('onDeleted').length === 0 ? {} : { onDeleted: all('onDeleted') },
    listening: one('listening') === 'yes',
    ...ownsSockets(one('owns')),
    bootId: one('bootId') ?? '',
    leftovers: all('leftover'),
  };
}

/** Reads what `toolScript` printed. */
export const readTools = (stdout: string): readonly ToolFacts[] => facts(stdout).flatMap(([kind, version = '', can = '', path = '']) =>
  kind === 'etcdutl' || kind === 'etcdctl'
    ? [{ path, kind, version, canRestore: can.startsWith('restore'), canBump: can.endsWith('bump') }]
    : []);
