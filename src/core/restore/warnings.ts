import { isWasteful } from '../cluster/quorum.js';
import { highestRevisionSeen } from './bump.js';
import type { RestoreChoice, RestoreFacts, ToolFacts } from './facts.js';
import type { Warning } from './subject.js';
import { minorOf, minorText, type Minor } from './tool.js';

/** What does not speak against a restore, but must be known before it is approved. */
export const warningsOf = (facts: RestoreFacts, choice: RestoreChoice, tools: readonly ToolFacts[], server: Minor): readonly Warning[] =>
  [...ofCluster(facts), ...ofMembers(facts), ...ofSnapshot(facts, choice), ...ofTools(tools, server, choice)];

function ofCluster(facts: RestoreFacts): readonly Warning[] {
  const warnings: Warning[] = [];
  if (facts.live?.serving === true) warnings.push({ code: 'CLUSTER_SERVES', args: { cluster: facts.cluster.name } });
  const lost = highestRevisionSeen(facts) - facts.snapshot.report.status.revision;
  if (lost > 0n) warnings.push({ code: 'WRITES_LOST', args: { revisions: String(lost) } });
  if (isWasteful(facts.cluster.members.length)) warnings.push({ code: 'EVEN_MEMBERS', args: { members: facts.cluster.members.length } });
  return warnings;
}

const ofMembers = (facts: RestoreFacts): readonly Warning[] => facts.members.flatMap(({ name: member, disk, status }) => {
  const warnings: Warning[] = [];
  if (disk.member.kind === 'absent') warnings.push({ code: 'OLD_DATA_MISSING', args: { member } });
  if (status === undefined && disk.heldBy.length > 0) warnings.push({ code: 'HELD_BUT_SILENT', args: { member, pids: disk.heldBy.join(', ') } });
  if (disk.onDeleted !== undefined) warnings.push({ code: 'RUNS_ON_DELETED', args: { member, pids: disk.onDeleted.join(', ') } });
  if (disk.leftovers.length > 0) warnings.push({ code: 'LEFTOVERS', args: { member, names: disk.leftovers.join(', ') } });
  return warnings;
});

function ofSnapshot(facts: RestoreFacts, choice: RestoreChoice): readonly Warning[] {
  const { status } = facts.snapshot.report;
  const warnings: Warning[] = [];
  if (choice.insists.includes('OTHER_CLUSTER')) warnings.push({ code: 'OTHER_CLUSTER', args: { cluster: facts.cluster.name } });
  if (status.members.length === 0) warnings.push({ code: 'ORIGIN_UNKNOWN', args: {} });
  if (status.alarms.length > 0) warnings.push({ code: 'ALARM_IN_SNAPSHOT', args: { kinds: [...new Set(status.alarms.map(alarm => alarm.kind))].join(', ') } });
  if (status.auth.enabled) warnings.push({ code: 'AUTH_IN_SNAPSHOT', args: {} });
  if (status.values.encrypted + status.values.protobuf > 0) warnings.push({ code: 'API_SERVERS_RUN', args: {} });
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
