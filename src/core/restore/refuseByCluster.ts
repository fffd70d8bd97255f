import type { ClusterDefinition, MemberDefinition } from '../cluster/definition.js';
import type { MemberEntry } from '../cluster/status.js';
import type { ErrorCode } from '../errors.js';
import { isPlainText } from '../host/shellWord.js';
import type { LiveCluster, MemberFacts, RestoreFacts } from './facts.js';
import type { Refusal } from './refusals.js';

/** What the cluster's definition, and its running members, say against a restore. */
export function refuseByCluster(facts: RestoreFacts): readonly Refusal[] {
  const { cluster, live } = facts;
  return [
    ...refuseByDefinition(cluster),
    // A member that cannot be reached keeps its old data, and may come back with it at any time.
    ...[...facts.silentHosts].map(([host, { code, args }]): Refusal => ({ code: 'HOST_SILENT', args: { ...args, host, reason: code, detail: args['reason'] ?? '' } })),
    ...live === undefined ? [] : refuseByMemberList(cluster.members, live),
    ...facts.members.flatMap(member => refuseByAnswer(member, live)),
    ...facts.members.flatMap(refuseBySilence),
  ];
}

/** What the definition alone says against it; a host that cannot be reached need not be asked to know this. */
export function refuseByDefinition(cluster: ClusterDefinition): readonly Refusal[] {
  const refusals: Refusal[] = [];
  if (cluster.run === 'systemd') refusals.push({ code: 'RUN_KIND_NOT_SUPPORTED', args: { kind: cluster.run } });
  if (cluster.members.length === 0) refusals.push({ code: 'NO_MEMBERS', args: { cluster: cluster.name } });
  return [...refusals, ...cluster.members.flatMap(member => refuseMember(cluster, member)), ...refuseTwice(cluster.members)];
}

function refuseMember({ run }: ClusterDefinition, member: MemberDefinition): readonly Refusal[] {
  const args = { member: member.name };
  const refusals: Refusal[] = [];
  if (member.walDir !== undefined) refusals.push({ code: 'SEPARATE_WAL_DIR', args: { ...args, path: member.walDir } });
  if (run === 'commands' && (!member.start?.length || !member.stop?.length)) refusals.push({ code: 'COMMANDS_MISSING', args });
  const texts = [member.name, member.dataDir, ...member.peerUrls, ...member.clientUrls, ...member.start ?? [], ...member.stop ?? []];
  const unsafe = texts.some(text => !isPlainText(text) || text === '');
  const none = member.peerUrls.length === 0 || member.clientUrls.length === 0 || !member.dataDir.startsWith('/');
  // Both would be read as more than one member by `--initial-cluster`.
  const several = /[,=]/.test(member.name) || member.peerUrls.some(url => url.includes(','));
  if (unsafe || none || several) refusals.push({ code: 'UNSAFE_TEXT', args });
  return refusals;
}

function refuseTwice(members: readonly MemberDefinition[]): readonly Refusal[] {
  const twice = (of: (member: MemberDefinition) => readonly string[]) => {
    const seen = new Set<string>();
    return members.flatMap(member => of(member).filter(value => seen.size === seen.add(value).size).map(value => ({ member: member.name, value })));
  };
  return [...twice(member => [member.name]), ...twice(member => member.peerUrls), ...twice(member => [`${member.host} ${member.dataDir}`])]
    .map(args => ({ code: 'SAME_TWICE', args }));
}

function refuseByMemberList(members: readonly MemberDefinition[], live: LiveCluster): readonly Refusal[] {
  const known = (entry: MemberEntry) => members.find(member => member.name === entry.name);
  return live.members.flatMap((entry): readonly Refusal[] => {
    const name = entry.name === '' ? entry.id.toString(16) : entry.name;
    const member = known(entry);
    const learner: readonly Refusal[] = entry.isLearner ? [{ code: 'LEARNER', args: { member: name } }] : [];
    // A member that is left out keeps its old data, and would go on serving it.
    if (member === undefined) return [...learner, { code: 'MEMBER_NOT_DEFINED', args: { member: name, urls: entry.peerUrls.join(', ') } }];
    return sameSet(member.peerUrls, entry.peerUrls) ? learner
      : [...learner, { code: 'PEER_URLS_DIFFER', args: { member: name, defined: member.peerUrls.join(', '), live: entry.peerUrls.join(', ') } }];
  }).concat(members.flatMap((member): readonly Refusal[] =>
    live.members.some(entry => entry.name === member.name) ? [] : [{ code: 'MEMBER_NOT_IN_CLUSTER', args: { member: member.name } }]));
}

/** What a member that is down, or a cluster without quorum, says. Everything else would still stand in the way after the restore. */
const down: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['ETCD_UNREACHABLE', 'ETCD_NO_ANSWER', 'ETCD_CONNECTION_LOST', 'ETCD_TIMEOUT', 'ETCD_NO_LEADER']);

/** Wrong certificates are no sign that a member is down: it may serve, and could not be checked afterwards. */
const refuseBySilence = ({ name: member, silent }: MemberFacts): readonly Refusal[] =>
  silent === undefined || down.has(silent.code) ? [] : [{ code: 'MEMBER_CANNOT_BE_ASKED', args: { ...silent.args, member, reason: silent.code, detail: silent.args['reason'] ?? '' } }];

/** The endpoint given for a member must be that member's, and the data directory given for it must be the one it has open. */
function refuseByAnswer(member: MemberFacts, live: LiveCluster | undefined): readonly Refusal[] {
  if (member.status === undefined) return [];
  const id = member.status.memberId;
  const entry = live?.members.find(each => each.id === id);
  if (live !== undefined && (member.status.clusterId !== live.clusterId || entry?.name !== member.name)) {
    return [{ code: 'MEMBER_MISMATCH', args: { member: member.name, endpoint: member.status.endpoint, found: entry?.name ?? id.toString(16) } }];
  }
  const held = member.disk.heldBy.length > 0 && member.disk.ownsSockets !== false;
  return held ? [] : [{ code: 'DATA_DIR_OF_ANOTHER', args: { member: member.name } }];
}

const sameSet = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every(each => b.includes(each));
