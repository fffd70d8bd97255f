import { isWasteful } from '../cluster/quorum.js';
import { highestRevisionSeen, revisionReached, writtenBetween } from './bump.js';
import { apiServer } from './podStages.js';
import type { RestoreChoice, RestoreFacts, ToolFacts } from './facts.js';
import type { Warning } from './subject.js';
import { shownArgs } from '../shownText.js';
import { minorOf, minorText, type Minor } from './tool.js';

/** What does not speak against a restore, but must be known before it is approved. */
export const warningsOf = (facts: RestoreFacts, choice: RestoreChoice, tools: readonly ToolFacts[], server: Minor): readonly Warning[] =>
  [...ofCluster(facts), ...ofMembers(facts), ...ofPods(facts), ...ofSnapshot(facts, choice), ...ofTools(tools, server, choice)]
    // Names of files and processes, and what a snapshot holds, are anybody's: they are read, and never passed on.
    .map(({ code, args }) => ({ code, args: shownArgs(args) }));

function ofCluster(facts: RestoreFacts): readonly Warning[] {
  const warnings: Warning[] = [];
  if (facts.live?.serving === true) warnings.push({ code: 'CLUSTER_SERVES', args: { cluster: facts.cluster.name } });
  const reached = revisionReached(facts);
  const lost = reached === undefined ? 0n : writtenBetween(facts.snapshot.report.status.revision, reached, facts.raises ?? []);
  if (lost > 0n) warnings.push({ code: 'WRITES_LOST', args: { revisions: String(lost) } });
  if (reached === undefined) warnings.push({ code: 'REVISION_UNKNOWN', args: { revision: String(highestRevisionSeen(facts)) } });
  if (isWasteful(facts.cluster.members.length)) warnings.push({ code: 'EVEN_MEMBERS', args: { members: facts.cluster.members.length } });
  return warnings;
}

const ofMembers = (facts: RestoreFacts): readonly Warning[] => facts.members.flatMap(({ name: member, disk, status }) => {
  const warnings: Warning[] = [];
  if (disk.member.kind === 'absent') warnings.push({ code: 'OLD_DATA_MISSING', args: { member } });
  if (status === undefined && disk.heldBy.length > 0) warnings.push({ code: 'HELD_BUT_SILENT', args: { member, pids: disk.heldBy.join(', ') } });
  if (status === undefined && disk.taken !== undefined) warnings.push({ code: 'PORTS_TAKEN', args: { member, ...disk.taken } });
  if (disk.onDeleted !== undefined) warnings.push({ code: 'RUNS_ON_DELETED', args: { member, pids: disk.onDeleted.join(', ') } });
  if (disk.leftovers.length > 0) warnings.push({ code: 'LEFTOVERS', args: { member, names: disk.leftovers.join(', ') } });
  return warnings;
});

/** What the manifests say, where it differs from what will be done. */
function ofPods(facts: RestoreFacts): readonly Warning[] {
  if (facts.cluster.run !== 'staticPod') return [];
  const whole = new Set(facts.cluster.members.flatMap(({ name, peerUrls }) => peerUrls.map(url => `${name}=${url}`)));
  const hosts = facts.members.map(({ name, pods }) => ({ host: facts.cluster.members.find(member => member.name === name)?.host ?? name, manifests: pods?.manifests ?? [] }));
  const differing = hosts.flatMap(({ host, manifests }) => manifests.flatMap(({ etcd }) =>
    etcd === undefined || (etcd.initialCluster.length === whole.size && etcd.initialCluster.every(entry => whole.has(entry))) ? [] : [`${host}: ${etcd.initialCluster.join(',')}`]));
  const without = hosts.filter(({ manifests }) => !manifests.some(({ pod }) => pod === apiServer)).map(({ host }) => host);
  return [
    ...differing.length === 0 ? [] : [{ code: 'INITIAL_CLUSTER_DIFFERS' as const, args: { used: [...whole].join(','), differing: differing.join('; ') } }],
    ...without.length === 0 ? [] : [{ code: 'NO_API_SERVER_ON_HOST' as const, args: { hosts: without.join(', ') } }],
    { code: 'KUBELETS_REMEMBER', args: {} },
  ];
}

function ofSnapshot(facts: RestoreFacts, choice: RestoreChoice): readonly Warning[] {
  const { status } = facts.snapshot.report;
  const warnings: Warning[] = [];
  if (choice.insists.includes('OTHER_CLUSTER')) warnings.push({ code: 'OTHER_CLUSTER', args: { cluster: facts.cluster.name } });
  const missing = facts.live === undefined ? status.members.filter(recorded => !facts.cluster.members.some(member => member.peerUrls.some(url => recorded.peerUrls.includes(url)))) : [];
  if (missing.length > 0) warnings.push({ code: 'RECORDED_NOT_DEFINED', args: { members: missing.map(({ name, peerUrls }) => `${name} (${peerUrls.join(', ')})`).join(', ') } });
  if (status.members.length === 0) warnings.push({ code: 'ORIGIN_UNKNOWN', args: {} });
  if (status.alarms.length > 0) warnings.push({ code: 'ALARM_IN_SNAPSHOT', args: { kinds: [...new Set(status.alarms.map(alarm => alarm.kind))].join(', ') } });
  if (status.auth.enabled) warnings.push({ code: 'AUTH_IN_SNAPSHOT', args: {} });
  if (facts.cluster.run !== 'staticPod' && status.values.encrypted + status.values.protobuf > 0) warnings.push({ code: 'API_SERVERS_RUN', args: {} });
  if (status.values.encrypted > 0) warnings.push({ code: 'ENCRYPTED_VALUES', args: { count: status.values.encrypted, keys: status.values.encryptionKeys.join(', ') } });
  return warnings;
}

function ofTools(tools: readonly ToolFacts[], server: Minor, choice: RestoreChoice): readonly Warning[] {
  const other = tools.find(tool => minorOf(tool.version) !== server);
  const warnings: Warning[] = [];
  if (other !== undefined) warnings.push({ code: 'TOOL_OF_NEXT_VERSION', args: { tool: other.path, version: other.version, server: minorText(server) } });
  if (choice.bump === 'none' || tools.some(tool => !tool.canBump)) warnings.push({ code: 'REVISIONS_GO_BACK', args: {} });
  return warnings;
}
