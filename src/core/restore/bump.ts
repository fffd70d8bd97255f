import type { MemberFacts, RestoreFacts } from './facts.js';

/** As etcd's disaster-recovery documentation recommends for Kubernetes: covers a week of 1,500 writes a second. */
const LEAST_BUMP = 1_000_000_000n;

/** The greatest revision that any client can have seen, as far as is known: live, else on the members' disks, else where an earlier restore began. */
export const highestRevisionSeen = (facts: RestoreFacts): bigint =>
  facts.members.reduce((most, member) => max(most, revisionOf(member) ?? 0n), max(facts.foretoldBefore ?? 0n, facts.snapshot.report.status.revision));

/** Whether nobody can say how far the cluster had come. */
export const isRevisionUnknown = (facts: RestoreFacts): boolean => facts.members.every(member => revisionOf(member) === undefined);

const revisionOf = (member: MemberFacts): bigint | undefined => member.status?.revision ?? member.revisionOnDisk;

/** By how much the restored revision is raised so that no client sees one go back: a fifth more than was lost. */
export function bumpFor(snapshotRevision: bigint, highestSeen: bigint): bigint {
  const lost = highestSeen - snapshotRevision;
  return max(LEAST_BUMP, lost > 0n ? (lost * 12n + 9n) / 10n : 0n);
}

const max = (a: bigint, b: bigint): bigint => a > b ? a : b;
