import type { HostScript } from '../host/host.js';
import { prelude } from '../host/prelude.js';
import type { EtcdProcess } from '../probe.js';
import { isPlainText } from '../host/shellWord.js';
import type { DiskFacts, EntryFacts, PodFacts, ToolFacts } from './facts.js';

/** Asks a host for everything about one member's data directory, in one go. Changes nothing. */
export const diskScript = (etcd: EtcdProcess): HostScript =>
  ({ text: prelude + diskText, args: [etcd.dataDir, etcd.memberDirs.join(' '), etcd.sockets.join(' ')] });

/** Asks a host which tools it has, in `folders` and on the shell's PATH, and what they can do. */
export const toolScript = (folders: readonly string[]): HostScript => ({ text: prelude + toolText, args: folders });

/** Asks a host for every file of its manifest directory that the kubelet would run. */
export const manifestScript = (dir: string): HostScript => ({ text: prelude + manifestText, args: [dir] });

/** Asks a host which tools an image has, run by whatever container runtime holds it, with `dataDir` at its own path in the container. */
export const imageToolScript = (image: string, dataDir: string): HostScript => ({ text: prelude + imageToolText, args: [image, dataDir] });

/** Asks a tool of a host for the greatest revision in a database that nobody has open; it opens it for reading only. */
export const revisionScript = (tool: readonly string[], db: string): HostScript => ({ text: prelude + revisionText, args: [db, ...tool] });

const revisionText = String.raw`
db=$1; shift
ETCDCTL_API=3; export ETCDCTL_API
contained timeout 120 "$@" snapshot status "$db" -w json 2>/dev/null </dev/null
`;

// What the kubelet reads: every file whose name does not begin with a dot.
const manifestText = String.raw`
fact() { printf 'fact\t%s\t%s\n' "$1" "$(plain "$2")"; }
dir=$1
[ "$(systemctl show -p LoadState kubelet.service 2>/dev/null)" = LoadState=loaded ] && fact kubeletUnit yes
[ -d "$dir" ] || exit 0
fact exists yes
[ "$(stat -c %d -- "$dir")" = "$(stat -c %d -- "$(dirname -- "$dir")")" ] && [ ! -L "$dir" ] && [ -w "$(dirname -- "$dir")" ] && fact movable yes
for path in "$dir"/*; do
  [ -f "$path" ] || continue
  [ "$(stat -L -c %s -- "$path")" -le 262144 ] || continue
  printf 'fact\tmanifest\t%s\t%s\t%s\n' "$(sha256sum <"$path" | cut -c1-64)" "$(base64 -w 0 <"$path")" "$(plain "$(basename -- "$path")")"
done
exit 0
`;

// Images of etcd have no shell, so each question starts a container of its own.
const imageToolText = String.raw`
image=$1 dataDir=$2
snapshotter=$(sed -n 's/^[[:space:]]*snapshotter[[:space:]]*=[[:space:]]*"\([a-z]*\)".*/\1/p' /etc/containerd/config.toml 2>/dev/null | head -n 1)
case "$image$dataDir" in *,*|*[[:space:]]*|-*) exit 0;; esac
# The words that run a command of the image, by runtime; each container has a name of its own.
words() {
  container=$2
  case "$1" in
    ctr) set -- ctr -n k8s.io run --rm --net-host --mount "type=bind,src=$dataDir,dst=$dataDir,options=rbind:rw"
      [ -n "$snapshotter" ] && set -- "$@" --snapshotter "$snapshotter"
      set -- "$@" "$image" "$container";;
    *) set -- "$1" run --rm --network host -v "$dataDir:$dataDir" "$image";;
  esac
  printf '%s\t' "$@"
}
has() {
  case "$1" in
    ctr) timeout 20 ctr -n k8s.io images ls -q 2>/dev/null | grep -Fxq -- "$image";;
    *) timeout 20 "$1" image inspect "$image" >/dev/null 2>&1;;
  esac
}
ask() {
  runtime=$1 name=$2; shift 2
  IFS=$(printf '\t'); set -f
  set -- $(words "$runtime" "$name") "$@"
  unset IFS; set +f
  ETCDCTL_API=3 timeout 30 "$@" 2>/dev/null </dev/null
}
there=$dataDir; [ -d "$there" ] || exit 0
for runtime in ctr nerdctl docker podman; do
  command -v "$runtime" >/dev/null 2>&1 && has "$runtime" || continue
  for kind in etcdutl etcdctl; do
    version=$(ask "$runtime" "etcd-recovery-v$$-$kind" "$kind" version | awk '/version:/ { print $3; exit }')
    [ -n "$version" ] || continue
    help=$(ask "$runtime" "etcd-recovery-h$$-$kind" "$kind" snapshot restore --help)
    can=
    case "$help" in *--initial-cluster-token*) can=restore;; esac
    case "$help" in *--bump-revision*--mark-compacted*) can="$can,bump";; esac
    printf 'fact\t%s\t%s\t%s\t%s\t%s\t%s\n' "$kind" "$version" "$can" "$(uname -m)" "$kind" "$(words "$runtime" '{container}')"
  done
  break
done
exit 0
`;

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
if [ -n "$taken" ] && [ -z "$pids" ]; then fact ports "$(ports)"; fact process "$(listening_process)"; fi
[ -n "$taken" ] && fact owns "$(owns)"
for path in "$dataDir"/.restore-* "$dataDir"/rescue-*; do [ -e "$path" ] && fact leftover "$(basename -- "$path")"; done
exit 0
`;

// A tool that hangs must not hang the plan.
const toolText = String.raw`
ask() { ETCDCTL_API=3 timeout 10 "$@" 2>/dev/null </dev/null; }
printf 'fact\tmachine\t%s\n' "$(uname -m)"
set -f; IFS=:; set -- "$@" $PATH; unset IFS
seen=
for folder in "$@"; do
  for kind in etcdutl etcdctl; do
    tool="$folder/$kind"
    # A tab or a newline in its path would make another of it.
    case "$folder" in *[[:cntrl:]]*) continue;; /*) ;; *) continue;; esac
    [ -f "$tool" ] && [ -x "$tool" ] || continue
    real=$(readlink -f -- "$tool"); case ":$seen:" in *":$real:"*) continue;; esac; seen="$seen:$real"
    version=$(ask "$tool" version | awk '/version:/ { print $3; exit }')
    help=$(ask "$tool" snapshot restore --help)
    can=
    case "$help" in *--initial-cluster-token*) can=restore;; esac
    case "$help" in *--bump-revision*--mark-compacted*) can="$can,bump";; esac
    printf 'fact\t%s\t%s\t%s\t%s\t%s\n' "$kind" "$version" "$can" "$(uname -m)" "$tool"
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

const takenPorts = (ports: string | undefined, process = ''): Pick<DiskFacts, 'taken'> => ports === undefined ? {} : { taken: { ports, process } };

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
    ...takenPorts(one('ports'), one('process')),
    bootId: one('bootId') ?? '',
    leftovers: all('leftover'),
  };
}

/** Reads what `toolScript` or `imageToolScript` printed. */
export const readTools = (stdout: string): readonly ToolFacts[] => facts(stdout).flatMap(([kind, version = '', can = '', machine = '', path = '', ...runIn]) => {
  if (kind !== 'etcdutl' && kind !== 'etcdctl') return [];
  const words = runIn.filter(word => word !== '');
  // What could not be passed on as it is, is no tool.
  if (![path, version, machine, ...words].every(isPlainText)) return [];
  return [{ path, kind, version, machine, canRestore: can.startsWith('restore'), canBump: can.endsWith('bump'), ...(words.length === 0 ? {} : { runIn: words }) }];
});

/** The kind of processor that `toolScript` told. */
export const readMachine = (stdout: string): string => facts(stdout).find(([name]) => name === 'machine')?.[1] ?? '';

/** Reads what `manifestScript` printed; the texts are base64 still. A file that is said to lie elsewhere is none of the directory. */
export function readManifestFiles(stdout: string): Pick<PodFacts, 'exists' | 'movable' | 'kubeletUnit'> & { readonly files: readonly { readonly file: string; readonly sha256: string; readonly base64: string }[] } {
  const lines = facts(stdout);
  const has = (key: string): boolean => lines.some(([name, value]) => name === key && value === 'yes');
  return {
    exists: has('exists'), movable: has('movable'), kubeletUnit: has('kubeletUnit'),
    files: lines.flatMap(([name, sha256 = '', base64 = '', file = '']) => name === 'manifest' && !file.includes('/') ? [{ file, sha256, base64 }] : []),
  };
}
