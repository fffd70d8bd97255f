import { stepsOf } from '../plan.js';
import { here } from './places.js';
import { plainLine } from './plainLine.js';
import type { Layout } from './layout.js';
import { howToRun } from './readmeRun.js';
import { titleText } from './words.js';

/** Which of the two ways to run the host scripts a README is for. */
export type Runner = 'shell' | 'ansible';

/** README.md: what happens, in which order, what cannot be undone, how to run, resume, take back and tidy up. */
export const readmeText = (layout: Layout, digest: string, runner: Runner): string => [
  `# Restore of ${code(layout.forward.plan.cluster)}`, '', ...about(layout, digest), ...howToRun(layout, runner),
  ...order(layout), ...foretold(layout), ...irreversible(layout), ...checks(layout), ...leftovers(layout),
].join('\n');

/** A value as code in Markdown, whatever is in it. */
export const code = (value: string): string => {
  const text = plainLine(value);
  const fence = '`'.repeat(Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length)) + 1);
  return fence.length === 1 ? `\`${text}\`` : `${fence} ${text} ${fence}`;
};

function about({ forward: { plan } }: Layout, digest: string): readonly string[] {
  const { snapshot, serving, expectedDowntime, members } = plan.subject;
  return [
    `These files restore the etcd of ${code(plan.cluster)} (${members.length} ${members.length === 1 ? 'member' : 'members'}) from one snapshot. They were generated from the plan in \`plan.json\` and need no editor.`,
    '', '| | |', '|---|---|',
    `| Run | \`${plan.run}\`: part of every name that it leaves on a host |`,
    `| Plan | sha256 \`${digest}\` |`,
    `| Snapshot | ${cell(snapshot.path)}, ${snapshot.size} bytes, sha256 ${cell(snapshot.sha256)} |`,
    `| Saved | ${new Date(snapshot.savedMs).toISOString()}, revision ${snapshot.revision}, ${snapshot.keys} keys |`,
    `| When this was planned | the cluster ${serving ? 'served: whatever was written since the snapshot will not be in it afterwards' : 'had no quorum'} |`,
    `| etcd does not answer | for about ${expectedDowntime} seconds |`, '',
  ];
}

const cell = (value: string): string => code(value).replaceAll('|', '\\|');

function order(layout: Layout): readonly string[] {
  const { forward } = layout;
  return [
    '## What happens, in order', '',
    'No stage begins before every host has finished the one before it. Until the first stage marked "changes what runs", the old cluster is left as it is.', '',
    ...forward.stages.flatMap(({ stage, file, kind, steps, hosts }, at) => [
      `${at + 1}. **${titleText(stage.title)}**${kind === 'moves' ? ' (changes what runs)' : ''}: \`${file}\` on ${hosts.map(host => `\`${layout.folders.get(host) ?? ''}\``).join(', ')}`,
      ...steps.map(({ step }) => `   - ${code(step.id)} ${escaped(titleText(step.title))}`),
    ]), '',
  ];
}

/** Text of a plan outside of code: nothing in it makes Markdown or HTML. */
const escaped = (text: string): string => text.replaceAll(/[\\`*_{}[\]<>()#+!|~&]/g, each => `\\${each}`);

function foretold({ forward: { plan: { subject } } }: Layout): readonly string[] {
  const { foretold: told, members, clusterIdBefore } = subject;
  return [
    '## What it will be, foretold before anything is touched', '',
    `After the restore the cluster id is \`${told.clusterId}\`${clusterIdBefore === undefined ? '' : ` (before: \`${clusterIdBefore}\`)`}, the revision ${told.revision}, and every member's HashKV at that revision ${told.hashKv}.`,
    subject.bumpRevision === undefined ? 'The revision is not raised: clients that watch may have seen higher ones.' : `The revision is raised by ${subject.bumpRevision} so that no client sees it go back (the highest that was seen is ${subject.highestRevisionSeen}).`, '',
    '| Member | Host | Member id | Data from before | Restored data |', '|---|---|---|---|---|',
    ...members.map(({ name, host, oldData, dataDir }) => `| ${cell(name)} | ${cell(host)} | \`${told.memberIds[name] ?? ''}\` | ${oldData === undefined ? 'there was none' : `kept in ${cell(oldData)}`} | ${cell(`${dataDir}/member`)} |`), '',
  ];
}

function irreversible({ forward: { plan } }: Layout): readonly string[] {
  const blocked = stepsOf(plan).filter(({ undo }) => undo === 'impossible');
  return [
    '## What cannot be undone', '',
    blocked.length === 0 ? 'No step is a point of no return: old data is renamed, never deleted, and every step that changes something can be taken back.' : `These steps cannot be taken back: ${blocked.map(({ id }) => code(id)).join(', ')}.`,
    'But what is written to the restored cluster is not in the cluster any more once the restore was taken back: the later, the more is lost. It is kept aside with the restored data.', '',
  ];
}

function checks({ forward: { plan } }: Layout): readonly string[] {
  const missing = plan.subject.members.filter(({ tls, host }) => tls !== undefined && tls.at !== 'host' && host !== here);
  return [
    '## Checks', '',
    'Ids, HashKV and a linearizable read are asked on each member\'s own host, with `etcdctl` beside the tool of the plan or on the PATH, or in etcd\'s own image, or else with `curl` at etcd\'s HTTP gateway. An API server is asked with `curl`, `openssl` or `wget`.',
    'Where none of them is there, a line that begins with NOT CHECKED says so, and the exit code is 75 instead of 0: make that check by hand before you trust the cluster.',
    ...missing.length === 0 ? [] : ['', `**For ${missing.map(({ name }) => code(name)).join(', ')} these checks are made on the machine that runs this,** not on their hosts: their TLS files lie on the machine where the plan was made, and are copied nowhere. On any other machine they are NOT CHECKED; compare the ids and HashKV from the first one with the table above.`], '',
  ];
}

function leftovers({ forward: { plan, plan: { run, subject } } }: Layout): readonly string[] {
  const uploaded = subject.members.flatMap(({ host, uploaded: path }) => path === undefined ? [] : [`- ${code(path)} on ${code(host)}: the copy of the snapshot`]);
  const parked = [...new Set(stepsOf(plan).flatMap(({ act }) => act.do === 'park' ? [`- ${code(act.pod.parked.slice(0, act.pod.parked.lastIndexOf('/')))} on ${code(act.pod.host)}: empty once every manifest is back`] : []))];
  return [
    '## What to remove afterwards', '',
    'Nothing of this is in the way, and nothing is removed for you. Remove it once the restored cluster has proved itself and you are sure that you will not take the restore back, host by host, after looking at what it is:', '',
    ...subject.members.flatMap(({ host, oldData }) => oldData === undefined ? [] : [`- ${code(oldData)} on ${code(host)}: the data from before`]),
    ...subject.members.map(({ host, staged }) => `- ${code(staged)} on ${code(host)}: where the data was restored, or the restored data after it was taken back`),
    ...uploaded, ...parked,
    `- \`restore-${run}.journal\`, \`.recovery.lock\`, \`.recovery-step.lock\` and \`.recovery-*\` in every data directory`, '',
  ];
}
