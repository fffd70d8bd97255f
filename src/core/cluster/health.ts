import type { ErrorCode, Message } from '../errors.js';
import { quorum } from './quorum.js';
import type { EndpointStatus, Health } from './status.js';

/** What is known of one member after asking its endpoint. */
export type MemberView =
  | { readonly endpoint: string; readonly reachable: true; readonly status: EndpointStatus; readonly health: Health }
  | { readonly endpoint: string; readonly reachable: false; readonly reason: Message<ErrorCode> };

/** The cluster seen through its members. */
export interface ClusterHealth {
  /** `down`: no quorum. `degraded`: works, but something is not as it should be. */
  readonly state: 'healthy' | 'degraded' | 'down';
  /** 0n: none, or the members that answer do not agree on one. */
  readonly leaderId: bigint;
  /** The highest term any member knows. */
  readonly term: bigint;
  /** Endpoint → raft entries it is behind the leader: leader's raft index − its applied index, never negative. */
  readonly lag: ReadonlyMap<string, bigint>;
  /** Distinct server versions, ascending; more than one during an upgrade. */
  readonly versions: readonly string[];
  readonly unreachable: readonly string[];
  /** Endpoints that answer for a different cluster than most do. */
  readonly strangers: readonly string[];
  /** Healthy voters that answer, and how many are needed. */
  readonly votersHealthy: number;
  readonly votersNeeded: number;
}

type Answered = Extract<MemberView, { reachable: true }>;

const mostCommon = <T>(values: readonly T[]): T | undefined => {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].reduce<[T, number] | undefined>((best, entry) => best && best[1] >= entry[1] ? best : entry, undefined)?.[0];
};

const agreedLeader = (answered: readonly Answered[], term: bigint): bigint => {
  const leaders = new Set(answered.filter(m => m.status.raftTerm === term).map(m => m.status.leaderId).filter(id => id !== 0n));
  return leaders.size === 1 ? [...leaders][0] ?? 0n : 0n;
};

const lagOf = (answered: readonly Answered[], leaderId: bigint): ReadonlyMap<string, bigint> => {
  const head = answered.find(m => m.status.memberId === leaderId)?.status.raftIndex;
  return new Map(head === undefined ? [] : answered.map(({ endpoint, status }) =>
    [endpoint, head > status.raftAppliedIndex ? head - status.raftAppliedIndex : 0n]));
};

const byNumber = new Intl.Collator('en', { numeric: true }).compare;

/**
 * Folds what the members say into the state of the cluster. `voters` is the number of voting members of the member
 * list, or of the definition when nobody answers; learners do not count.
 */
export function clusterHealth(views: readonly MemberView[], voters: number): ClusterHealth {
  const all = views.filter(view => view.reachable);
  const clusterId = mostCommon(all.map(m => m.status.clusterId));
  const answered = all.filter(m => m.status.clusterId === clusterId);
  const term = answered.reduce((high, m) => m.status.raftTerm > high ? m.status.raftTerm : high, 0n);
  const leaderId = agreedLeader(answered, term);
  const healthyIds = new Set(answered.filter(m => m.health.healthy && !m.status.isLearner).map(m => m.status.memberId));
  const unreachable = views.filter(view => !view.reachable).map(view => view.endpoint);
  const strangers = all.filter(m => m.status.clusterId !== clusterId).map(m => m.endpoint);
  const versions = [...new Set(answered.map(m => m.status.version))].sort(byNumber);
  const works = leaderId !== 0n && answered.some(m => m.health.healthy);
  const whole = unreachable.length === 0 && strangers.length === 0 && versions.length === 1
    && answered.every(m => m.health.healthy || m.status.isLearner) && answered.every(m => m.status.errors.length === 0);
  return {
    state: !works ? 'down' : whole ? 'healthy' : 'degraded',
    leaderId, term, lag: lagOf(answered, leaderId), versions, unreachable, strangers,
    votersHealthy: healthyIds.size, votersNeeded: quorum(voters),
  };
}
