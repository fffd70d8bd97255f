import type { Action } from '../action.js';
import type { EtcdProcess } from '../probe.js';
import type { HostScript } from './host.js';
import { restartKubeletScript } from './kubeletScripts.js';
import { podScript } from './podScripts.js';
import { prelude } from './prelude.js';
import { restoreArgv } from './restoreArgv.js';

const process = (etcd: EtcdProcess): readonly string[] => [etcd.dataDir, etcd.memberDirs.join(' '), etcd.sockets.join(' ')];
const seconds = (ms: number): string => String(Math.ceil(ms / 1000));

/** An action that a script on a host carries out: an `expect` is a wait of the editor's, an upload a stream of its own. */
export type HostAction = Exclude<Action, { readonly do: 'expect' | 'upload' }>;

/** The script of an action. */
export function actionScript(action: HostAction): HostScript {
  switch (action.do) {
    case 'park':
    case 'putBack':
      return podScript(action);
    case 'restartKubelet':
      return restartKubeletScript(action.pod, action.withinMs);
    case 'move':
      return { text: prelude + moveText, args: [...process(action.etcd), action.from, action.to, action.ifThere === true ? 'ifThere' : 'always'] };
    case 'stop':
      return { text: prelude + named + launch + stopText, args: [...process(action.etcd), seconds(action.withinMs), ...action.argv] };
    case 'start':
      return { text: prelude + named + launch + startText, args: [...process(action.etcd), seconds(action.withinMs), ...action.argv] };
    case 'stage': {
      const { dataDir, part, target, like, owner } = action.staging;
      return { text: prelude + stageText, args: [dataDir, part, target, like, `${owner.uid}:${owner.gid}`, action.staging.copied ?? '', ...restoreArgv(action.staging)] };
    }
  }
}

// Renaming a running etcd's data does not stop it: it would go on writing into what is now the old data.
const moveText = String.raw`
dataDir=$1 dirs=$2 sockets=$3 from=$4 to=$5
hold "$dataDir" 30
stopped || still fail
if [ ! -e "$from" ]; then
  [ "$6" = ifThere ] && [ ! -L "$from" ] && exit 0
  fail PATH_MISSING "path=$from"
fi
if [ -e "$to" ] || [ -L "$to" ]; then
  [ "$to" = "$dataDir/member" ] && fail DATA_BEGUN_ANEW "path=$to"
  fail PATH_EXISTS "path=$to"
fi
# What was restored lay in a folder of this run that a person may have removed since; it goes there again.
folder=$(dirname -- "$to")
case "$folder" in
  "$dataDir"/.restore-*)
    [ -L "$folder" ] && fail PATH_EXISTS "path=$folder"
    if [ ! -e "$folder" ]; then
      mkdir -- "$folder" || exit 71
      if [ "$(id -u)" -eq 0 ]; then chown -h --reference="$from" -- "$folder" || exit 71; fi
    fi;;
esac
mv -T -- "$from" "$to" || exit 71
sync -- "$(dirname -- "$from")" "$(dirname -- "$to")" 2>/dev/null || sync
`;

const named = String.raw`
dataDir=$1 dirs=$2 sockets=$3
`;

// The command may return at once or stay in the foreground for as long as etcd runs: what counts is the effect.
const launch = String.raw`
launch() {
  out="$dataDir/.recovery-$1.out" rc="$dataDir/.recovery-$1.rc"; shift
  # New files, so that a command of an earlier attempt that still hangs cannot answer for this one. What it returned is
  # written and read through the open file, and its process group is kept here: the files' names may be somebody else's by then.
  rm -f -- "$out" "$rc"
  set -C; exec 7>"$rc"; set +C
  group=$( ( set -C; setsid -- "$@" >"$out" 2>&1 7>&- & echo "$!"; exec >/dev/null; wait "$!"; echo "$?" >&7 ) </dev/null 2>/dev/null 9>&- & )
}
# A command that is given up must not act later, when nobody expects it any more.
give_up() {
  returned && return
  case "$group" in ''|*[!0-9]*|0|1) return;; esac
  kill -s TERM -- "-$group" 2>/dev/null
  sleep 1
  kill -s KILL -- "-$group" 2>/dev/null
}
returned() { code=$(cat "/proc/$$/fd/7"); [ -n "$code" ]; }
deadline() { end=$(( $(date +%s) + $1 )); }
over() { [ "$(date +%s)" -ge "$end" ]; }

# etcd gives up its files and sockets some time before it has ended, and a start command that still sees the old
# process would do nothing. So who held the data is noted, as pid and start time, and its end waited for.
noted="$dataDir/.recovery-stop.pids"
born() { sed 's/^.*) //' "/proc/$1/stat" 2>/dev/null | awk '$1 != "Z" && $1 != "X" { print $20 }'; }
note_holders() {
  rm -f -- "$noted"
  ( set -C; for pid in $(holders); do echo "$pid $(born "$pid")"; done >"$noted" )
}
lingering() {
  pids=
  [ -f "$noted" ] && [ ! -L "$noted" ] || return 1
  while read -r pid start; do
    case "$pid" in *[!0-9]*|'') continue;; esac
    [ -n "$start" ] && [ "$(born "$pid")" = "$start" ] && pids="$pids$pid "
  done <"$noted"
  [ -n "$pids" ]
}
`;

// Called also when etcd is stopped already: whatever supervises it might start it again. Its exit code counts only while etcd
// goes on, since many a stop command complains of what does not run.
const stopText = String.raw`
deadline "$4"; shift 4
hold "$dataDir" 30
note_holders
launch stop "$@"
until stopped && returned; do
  if returned && [ "$code" -ne 0 ]; then fail USER_COMMAND_FAILED "command=$*" "code=$code" "reason=$(tail_of "$out")"; fi
  if over; then
    give_up
    stopped && break
    still fail
  fi
  sleep 0.1
done
while lingering; do
  if over; then fail STILL_RUNNING "dataDir=$dataDir" "pids=$pids"; fi
  sleep 0.1
done
exit 0
`;

const startText = String.raw`
deadline "$4"; shift 4
hold "$dataDir" 30
running && exit 0
while lingering; do
  if over; then fail STILL_RUNNING "dataDir=$dataDir" "pids=$pids"; fi
  sleep 0.1
done
launch start "$@"
until running; do
  if returned && [ "$code" -ne 0 ]; then fail USER_COMMAND_FAILED "command=$*" "code=$code" "reason=$(tail_of "$out")"; fi
  if over; then give_up; fail NOT_RUNNING "dataDir=$dataDir" "reason=$(tail_of "$out")"; fi
  sleep 0.1
done
`;

// A restore that is killed leaves a directory on which etcd starts and loses writes: it is made beside, flushed, and
// gets its name last. The scratch's name is checked again here, because it is the one thing that is ever deleted.
const stageText = String.raw`
dataDir=$1 part=$2 target=$3 like=$4 owner=$5 copied=$6; shift 6
hold "$dataDir" 5
if [ -e "$target" ] || [ -L "$target" ]; then fail PATH_EXISTS "path=$target"; fi
name=$(printf '%s' "$part" | sed -n 's#^.*/\(\.restore-[a-z0-9-]\{8,60\}\.part\)$#\1#p')
if [ -z "$name" ] || [ "$part" != "$dataDir/$name" ] || [ -L "$part" ]; then fail PATH_MISSING "path=$part"; fi
if [ -e "$part" ]; then rm -rf --one-file-system -- "$part"; fi
tool=$1
# A tool of the editor's machine was copied here by this run, as a file of data. Whoever owns the directory may have put
# something else in its place: what is run is the file that was looked at, and nobody else can write to it.
if [ -n "$copied" ]; then
  [ -f "$tool" ] || fail PATH_MISSING "path=$tool"
  exec 8<"$tool" || exit 71
  own=$(id -u)
  case "$(stat -L -c '%u %a %F' /proc/self/fd/8)" in "$own "[4-7]"00 regular file") ;; *) fail TOOL_DIFFERS "path=$tool";; esac
  [ "$(sha256sum <&8 | cut -c1-64)" = "$copied" ] || fail TOOL_DIFFERS "path=$tool"
  chmod 700 /proc/self/fd/8 || exit 71
  shift
  set -- /proc/self/fd/8 "$@"
fi
idle=nice; command -v ionice >/dev/null 2>&1 && idle='ionice -c3 nice'
log="$dataDir/.recovery-stage.out"
rm -f -- "$log"
# Through a shell, since env would take a path with "=" in it for a variable.
( set -C; contained $idle env -i PATH="$PATH" LC_ALL=C ETCDCTL_API=3 /bin/sh -c 'exec "$@"' stage "$@" </dev/null >"$log" 2>&1 )
code=$?
[ "$code" -eq 0 ] || fail TOOL_FAILED "tool=$tool" "code=$code" "reason=$(tail_of "$log")"
# Whoever owns the data directory can put something else in the scratch's place, and root would then change that. So the rest
# is done from within a directory that stands where it should, is this user's own and closed to all others; it is given away last.
[ -e "$part/member" ] || fail STAGING_INCOMPLETE "path=$part" missing=member
here="$(readlink -f -- "$dataDir")/$name"
if ! cd -P -- "$part" || [ "$(pwd -P)" != "$here" ] || [ "$(stat -c %u .)" != "$(id -u)" ]; then fail STAGING_REPLACED "path=$part"; fi
case "$(stat -c %a .)" in *00) ;; *) fail STAGING_REPLACED "path=$part";; esac
if [ -L member ] || [ ! -d member ]; then fail STAGING_REPLACED "path=$part/member"; fi
[ -s member/snap/db ] || fail STAGING_INCOMPLETE "path=$part" missing=member/snap/db
for kind in wal/*.wal snap/*.snap; do
  set -- member/$kind
  [ -s "$1" ] || fail STAGING_INCOMPLETE "path=$part" "missing=member/$kind"
done
case "$like" in */member) chmod --reference="$like" -- member || exit 71;; esac
if command -v selinuxenabled >/dev/null 2>&1 && selinuxenabled; then chcon -hR --reference="$like" -- . || exit 71; fi
if [ "$(id -u)" -eq 0 ]; then chown -hR -- "$owner" . || exit 71; fi
sync -f . 2>/dev/null || sync
mv -T -- "$part" "$target" || exit 71
sync -- "$dataDir" 2>/dev/null || sync
`;
