import type { MemberFacts, Raise, RestoreFacts } from './facts.js';

/** As etcd's disaster-recovery documentation recommends for Kubernetes: covers a week of 1,500 writes a second. */
const LEAST_BUMP = 1_000_000_000n;

/** The greatest revision that any client can have seen, as far as is known: live, else on the members' disks, else where an earlier restore began. */
export const highestRevisionSeen = (facts: RestoreFacts): bigint =>
  facts.members.reduce((most, member) => max(most, revisionOf(member) ?? 0n), max(facts.foretoldBefore ?? 0n, facts.snapshot.report.status.revision));

/** How far the cluster had come, as its members or their disks say; undefined when nobody can. */
export const revisionReached = (facts: RestoreFacts): bigint | undefined =>
  facts.members.map(revisionOf).reduce((most, revision) => most === undefined || (revision !== undefined && revision > most) ? revision : most, undefined);

/** Revisions from the snapshot's to a later one that somebody wrote: not those by which restores in between have raised it. */
export function writtenBetween(snapshot: bigint, reached: bigint, [last, ...earlier]: readonly Raise[]): bigint {
  if (last === undefined) return max(reached - snapshot, 0n);
  if (last.to > reached || last.to <= snapshot) return writtenBetween(snapshot, reached, earlier);
  return reached - last.to + writtenBetween(snapshot, last.from, earlier);
}

const revisionOf = (member: MemberFacts): bigint | undefined => member.status?.revision ?? member.revisionOnDisk;

/** By how much the restored revision is raised so that no client sees one go back: a fifth more than was lost. */
export function bumpFor(snapshotRevision: bigint, highestSeen: bigint): bigint {
  const lost = highestSeen - snapshotRevision;
  return max(LEAST_BUMP, lost > 0n ? (lost * 12n + 9n) / 10n : 0n);
}

const max = (a: bigint, b: bigint): bigint => a > b ? a : b;
