import type { RestoreSubject } from './subject.js';

/** What a member says of itself now; absent values: it does not answer. */
export interface MemberNow {
  readonly name: string;
  readonly clusterId?: string;
  readonly revision?: string;
  /** A linearizable read succeeded: it has quorum. */
  readonly serves?: boolean;
}

type About = Pick<RestoreSubject, 'foretold' | 'highestRevisionSeen' | 'members' | 'raisedSince' | 'snapshot'>;

/** Revisions that the restored cluster has gained; undefined when no member answers as one of it. */
export function writtenSinceRestore({ foretold }: About, now: readonly MemberNow[]): bigint | undefined {
  const restored = now.filter(({ clusterId }) => clusterId === foretold.clusterId);
  const revision = highest(restored);
  return revision === undefined ? undefined : revision - BigInt(foretold.revision);
}

/** A cluster that answers and is not the restored one: a restore that goes on puts what it holds aside. */
export interface OldCluster {
  readonly members: readonly string[];
  readonly serves: boolean;
  readonly revision: bigint;
  /** Revisions written after the snapshot, and those of them that the plan could not know of. */
  readonly sinceSnapshot: bigint;
  readonly sincePlan: bigint;
}

/** What answers from before the restore; undefined when nothing does. */
export function oldCluster({ foretold, highestRevisionSeen, members, raisedSince = '0', snapshot }: About, now: readonly MemberNow[]): OldCluster | undefined {
  const old = now.filter(({ clusterId }) => clusterId !== undefined && clusterId !== foretold.clusterId);
  const revision = highest(old);
  if (revision === undefined) return undefined;
  const since = (from: bigint): bigint => revision > from ? revision - from : 0n;
  // What a restore that was taken back had raised the revision to was seen, and is not where this cluster was.
  const planned = highest(members.flatMap(({ before }) => before === undefined ? [] : [before])) ?? BigInt(highestRevisionSeen);
  return {
    members: old.map(({ name }) => name), serves: old.some(({ serves }) => serves === true), revision,
    sinceSnapshot: since(BigInt(snapshot.revision) + BigInt(raisedSince)), sincePlan: since(planned),
  };
}

const highest = (members: readonly { readonly revision?: string }[]): bigint | undefined =>
  members.flatMap(({ revision }) => revision === undefined ? [] : [BigInt(revision)]).reduce<bigint | undefined>((most, each) => most === undefined || each > most ? each : most, undefined);
