import { clusterHealth, type ClusterHealth } from './health.js';
import { viewsOf, type MemberAnswer, type ObservedMember } from './observation.js';
import { newestMemberList } from './statusTables.js';

/** How a member is: `unhealthy` answers for itself but cannot read through quorum. */
export type MemberState = 'asking' | 'unreachable' | 'unhealthy' | 'alarm' | 'healthy';

/** What a view shows of one member. */
export interface MemberSummary {
  readonly state: MemberState;
  readonly role: 'leader' | 'follower' | 'learner' | 'unknown';
  /** Entries of the raft log behind the leader; 0n without one. */
  readonly lag: bigint;
  readonly answer?: MemberAnswer;
}

/** The members as a view shows them, each beside what the others said. */
export function summarizeMembers(members: readonly ObservedMember[]): readonly MemberSummary[] {
  const { lag, leaderId } = clusterHealth(viewsOf(members), members.length);
  return members.map(({ member, observation }) => {
    if (observation.kind !== 'answered') return { state: observation.kind, role: 'unknown', lag: 0n };
    const { answer } = observation;
    return { state: stateOf(answer), role: roleOf(answer, leaderId), lag: lag.get(member.clientUrls[0] ?? '') ?? 0n, answer };
  });
}

const stateOf = ({ status, health }: MemberAnswer): MemberState =>
  status.errors.length > 0 ? 'alarm' : !health ? 'asking' : health.healthy ? 'healthy' : 'unhealthy';

const roleOf = ({ status }: MemberAnswer, leaderId: bigint): MemberSummary['role'] =>
  status.isLearner ? 'learner' : leaderId === 0n ? 'unknown' : status.memberId === leaderId ? 'leader' : 'follower';

/** How a cluster is: `noQuorum` cannot write; `split` answers with more than one cluster id. */
export type ClusterState = 'asking' | 'unreachable' | 'noQuorum' | 'split' | 'degraded' | 'healthy';

/** What a view shows of one cluster. */
export interface ClusterSummary {
  readonly state: ClusterState;
  readonly healthy: number;
  readonly total: number;
  /** Versions that run, ascending; more than one during an upgrade. */
  readonly versions: readonly string[];
  /** Peer URLs or names in etcd's member list that the settings do not know. */
  readonly unknown: readonly string[];
  /** Members of the settings that etcd's member list does not have. */
  readonly missing: readonly string[];
}

/** The cluster as a view shows it. */
export function summarizeCluster(members: readonly ObservedMember[]): ClusterSummary {
  const states = summarizeMembers(members).map(member => member.state);
  const health = clusterHealth(viewsOf(members), members.length);
  return {
    state: clusterState(states, health),
    healthy: states.filter(state => state === 'healthy').length,
    total: members.length,
    versions: health.versions,
    ...differences(members),
  };
}

function clusterState(states: readonly MemberState[], health: ClusterHealth): ClusterState {
  if (health.strangers.length > 0) return 'split';
  if (states.includes('asking')) return 'asking';
  if (states.every(state => state === 'unreachable')) return 'unreachable';
  return health.state === 'down' ? 'noQuorum' : health.state;
}

/** Where the settings and etcd's own member list disagree; members are known by any of their peer URLs. */
function differences(members: readonly ObservedMember[]): Pick<ClusterSummary, 'unknown' | 'missing'> {
  const list = newestMemberList(members)?.members;
  if (!list) return { unknown: [], missing: [] };
  const configured = new Set(members.flatMap(({ member }) => member.peerUrls));
  const actual = new Set(list.flatMap(entry => entry.peerUrls));
  return {
    unknown: list.filter(entry => !entry.peerUrls.some(url => configured.has(url))).map(entry => entry.name || entry.peerUrls.join(', ')),
    missing: members.filter(({ member }) => !member.peerUrls.some(url => actual.has(url))).map(({ member }) => member.name),
  };
}
