import type { KnownError } from '../errors.js';
import type { MemberDefinition } from './definition.js';
import type { MemberView } from './health.js';
import type { EndpointStatus, Health, MemberList } from './status.js';

/**
 * What one member said when it was last asked. Alarms stand in the status' errors: etcd's own alarm list goes through
 * the raft log, and looking on must write nothing.
 */
export interface MemberAnswer {
  readonly status: EndpointStatus;
  /** Absent while it is being asked, and where it could not say. */
  readonly members?: MemberList;
  /** Absent while it is being asked: without quorum that takes until the time-out. */
  readonly health?: Health;
}

/** What is known of one member now. */
export type Observation =
  | { readonly kind: 'asking' }
  | { readonly kind: 'unreachable'; readonly error: KnownError }
  | { readonly kind: 'answered'; readonly answer: MemberAnswer };

/** A member as the settings describe it, and what is known of it now. */
export interface ObservedMember {
  readonly member: MemberDefinition;
  readonly observation: Observation;
}

/** The answers there are, in the order of the members. */
export const answersOf = (members: readonly ObservedMember[]): readonly MemberAnswer[] =>
  members.flatMap(({ observation }) => observation.kind === 'answered' ? [observation.answer] : []);

/** What the fold `clusterHealth` and `chooseMember` need. A health still asked for counts as none yet. */
export const viewsOf = (members: readonly ObservedMember[]): readonly MemberView[] => members.flatMap(({ member, observation }): MemberView[] => {
  const endpoint = member.clientUrls[0] ?? '';
  if (observation.kind === 'unreachable') return [{ endpoint, reachable: false, reason: observation.error }];
  if (observation.kind === 'asking') return [];
  const { status, health } = observation.answer;
  return [{ endpoint, reachable: true, status, health: health ?? { healthy: false, tookMs: 0, reason: { code: 'ETCD_TIMEOUT', args: { endpoint } } } }];
});
