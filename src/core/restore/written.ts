import type { RestoreSubject } from './subject.js';

/** What a member says of itself now; absent values: it does not answer. */
export interface MemberNow {
  readonly name: string;
  readonly clusterId?: string;
  readonly revision?: string;
}

type About = Pick<RestoreSubject, 'foretold'>;

/** Revisions that the restored cluster has gained; undefined when no member answers as one of it. */
export function writtenSinceRestore({ foretold }: About, now: readonly MemberNow[]): bigint | undefined {
  const restored = now.filter(({ clusterId }) => clusterId === foretold.clusterId);
  const revision = highest(restored);
  return revision === undefined ? undefined : revision - BigInt(foretold.revision);
}

const highest = (members: readonly MemberNow[]): bigint | undefined =>
  members.flatMap(({ revision }) => revision === undefined ? [] : [BigInt(revision)]).reduce<bigint | undefined>((most, each) => most === undefined || each > most ? each : most, undefined);
