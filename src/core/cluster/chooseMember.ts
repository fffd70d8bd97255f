import { clusterHealth } from './health.js';
import type { MemberView } from './health.js';

const descending = (a: bigint, b: bigint): number => a > b ? -1 : a < b ? 1 : 0;

/**
 * The endpoint to take a snapshot from: the healthy follower that is least behind, so that the leader keeps its disk for
 * the cluster; else the healthy leader; else, with the quorum lost, whoever answers and has applied most. A learner
 * or a member of another cluster is never chosen. `undefined`: nobody is left.
 */
export function chooseMember(views: readonly MemberView[]): string | undefined {
  const { leaderId, strangers } = clusterHealth(views, views.length);
  const rank = ({ status, health }: Candidate): number => !health.healthy ? 2 : status.memberId === leaderId ? 1 : 0;
  const [best] = views
    .filter(view => view.reachable)
    .filter(({ endpoint, status }) => !status.isLearner && !strangers.includes(endpoint))
    .sort((a, b) => rank(a) - rank(b) || descending(a.status.raftAppliedIndex, b.status.raftAppliedIndex));
  return best?.endpoint;
}

type Candidate = Extract<MemberView, { reachable: true }>;
