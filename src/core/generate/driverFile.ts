import { shellLine, shellWord } from '../host/shellWord.js';
import { stepsOf } from '../plan.js';
import { backText } from './backText.js';
import { driverText } from './driverText.js';
import { dataDirsOn } from './hostFile.js';
import { memberHosts, type Layout, type Way } from './layout.js';
import { hostsOf } from './places.js';
import { plainLine } from './plainLine.js';
import { receiveText } from './receiveText.js';
import { titleText } from './words.js';

/** restore.sh. */
export const restoreDriver = (layout: Layout, digest: string): string => driver(layout, layout.forward, digest, `begin 00-prepare.sh
if going_back; then refuse 'This run is being taken back, or was. To restore once more, make a new plan.'; fi
if is_over; then told 'This restore was finished already.'; exit 0; fi
${stageCalls(layout, layout.forward)}
finish ${shellWord(`The restore is finished. The data from before is kept: see README.md for what can be removed, and when.`)}
`);

/** take-back.sh. */
export const takeBackDriver = (layout: Layout, digest: string): string => driver(layout, layout.back, digest, `${backText}
survey_all() {
${layout.back.stages.filter(({ kind }) => kind === 'moves').map(each => `  survey ${each.file} ${numbered(layout, each.hosts)} '${each.steps.map(({ number }) => number).join(' ')}'`).join('\n') || '  :'}
}
begin back-00-prepare.sh
turn_round
${stageCalls(layout, layout.back)}
finish 'The restore was taken back. What was restored is kept as well: see README.md for what can be removed, and when.'
`);

const numberOf = (layout: Layout, host: string): number => [...layout.folders.keys()].indexOf(host) + 1;
const numbered = (layout: Layout, hosts: readonly string[]): string => `'${hosts.map(host => numberOf(layout, host)).join(' ')}'`;

const stageCalls = (layout: Layout, way: Way): string => way.stages.map(each =>
  `stage ${each.file} ${shellWord(titleText(each.stage.title))} ${each.kind} ${numbered(layout, each.hosts)} '${each.steps.map(({ number }) => number).join(' ')}'`).join('\n');

function driver(layout: Layout, way: Way, digest: string, ending: string): string {
  const { plan, plan: { subject } } = way;
  const hosts = [...layout.folders];
  const members = memberHosts(layout);
  return `#!/bin/sh
# ${way === layout.forward ? 'Restores' : 'Takes back the restore of'} the cluster ${plainLine(plan.cluster)} (run ${plan.run}) from any machine with ssh. Read README.md first.
# SSH="ssh -F FILE" and SUDO="sudo -n" (or SUDO= where one logs in as root) may be set. Safe to run again: it goes on where it stopped.
set -u
umask 077
LC_ALL=C; export LC_ALL
SSH=\${SSH:-ssh} SUDO=\${SUDO-sudo}
here=$(cd -- "$(dirname -- "$0")" && pwd) || exit 64
run=${shellWord(plan.run)} digest=${shellWord(digest)}
cluster=${shellWord(plan.cluster)}
snapshot=${shellWord(subject.snapshot.path)}
if [ -n "\${SNAPSHOT-}" ]; then
  case "$SNAPSHOT" in /*) ;; *) SNAPSHOT=$PWD/$SNAPSHOT;; esac
  snapshot=$SNAPSHOT; export SNAPSHOT
fi
hosts=${numbered(layout, hosts.map(([host]) => host))} member_hosts=${numbered(layout, members)}
${table('host_name', hosts.map(([host], at) => [at + 1, host]))}
${table('host_dir', hosts.map(([, folder], at) => [at + 1, folder]))}
${table('copies_of', members.map(host => [numberOf(layout, host), dataDirsOn({ plan, host }).map((_, at) => at + 1).join(' ')]))}
${table('step_id', stepsOf(way.plan).map(({ id }, at) => [at + 1, JSON.stringify(id)]))}
${table('parts_of', stepsOf(way.plan).map((step, at) => [at + 1, String(hostsOf(way.plan, step).length)]))}
early='${way.stages.flatMap(({ steps }) => steps.flatMap(({ step: { act }, number, guard }) => act.do === 'expect' && guard !== undefined ? [number] : [])).join(' ')}'
${about(way)}
${driverText}
${uploads(layout, way)}

${ending}`;
}

/** A function that prints a value by its number. */
const table = (name: string, values: readonly (readonly [number, string])[]): string =>
  `${name}() {\n  case "$1" in\n${values.map(([n, value]) => `    ${n}) printf '%s' ${shellWord(value)};;`).join('\n')}\n  esac\n}`;

/** What the person is told before the name of the cluster is asked for. */
function about({ plan: { kind, cluster, subject, subject: { snapshot, foretold } } }: Way): string {
  const lines = kind === 'takeBack' ? [
    `From here on the restored etcd of ${cluster} is stopped, and the data from before the restore is put back.`,
    'What was written since the restore is kept aside, and is not in the cluster any more.',
  ] : [
    `From here on etcd of ${cluster} is stopped and its data replaced by the snapshot ${snapshot.path},`,
    `saved ${new Date(snapshot.savedMs).toISOString()}, revision ${snapshot.revision}, ${snapshot.keys} keys. What was written since is not in it.`,
    `etcd will not answer for about ${subject.expectedDowntime} seconds. Afterwards: cluster id ${foretold.clusterId}, revision ${foretold.revision}, HashKV ${foretold.hashKv}.`,
  ];
  return `about() {\n${lines.map(line => `  printf '%s\\n' ${shellWord(plainLine(line))}`).join('\n')}\n}`;
}

function uploads(layout: Layout, { stages, plan: { subject } }: Way): string {
  const files = stages.filter(({ kind }) => kind === 'upload');
  const lines = files.flatMap(({ file, hosts, steps }) => [
    `each_host ${file} look ${numbered(layout, hosts)}`, `all_well ${file} ${numbered(layout, hosts)} || return 1`,
    ...steps.flatMap(({ step: { act }, number }) => act.do !== 'upload' ? [] :
      [`upload ${number} ${numberOf(layout, act.host)} ${act.from === subject.snapshot.path ? '"$snapshot"' : shellWord(act.from)} ${shellWord(shellLine([act.to, act.sha256]))} || return 1`]),
  ]);
  return `receive=${shellWord(shellLine(['/bin/sh', '-c', receiveText, 'receive']))}\nupload_all() {\n${[...lines, ':'].map(line => `  ${line}`).join('\n')}\n}`;
}
