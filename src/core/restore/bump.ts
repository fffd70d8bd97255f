import type { RestoreFacts } from './facts.js';

/** As etcd's disaster-recovery documentation recommends for Kubernetes: covers a week of 1,500 writes a second. */
const LEAST_BUMP = 1_000_000_000n;

/** The greatest revision that any client can have seen, as far as is known: live, else on the members' disks. */
export const highestRevisionSeen = (facts: RestoreFacts): bigint =>
  facts.members.reduce((most, member) => max(most, member.status?.revision ?? member.revisionOnDisk ?? 0n), facts.snapshot.report.status.revision);

/** By how much the restored revision is raised so that no client sees one go back: a fifth more than was lost. */
export function bumpFor(snapshotRevision: bigint, highestSeen: bigint): bigint {
  const lost = highestSeen - snapshotRevision;
  return max(LEAST_BUMP, lost > 0n ? (lost * 12n + 9n) / 10n : 0n);
}

const max = (a: bigint, b: bigint): bigint => a > b ? a : b;
