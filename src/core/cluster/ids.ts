import { sha1 } from './sha1.js';

/** Ids that follow from how a cluster was started or restored, before it has ever run. */
export interface PredictedIds {
  readonly clusterId: bigint;
  /** In the order of the members given. */
  readonly memberIds: readonly bigint[];
}

const firstEight = (digest: Uint8Array): bigint => new DataView(digest.buffer, digest.byteOffset).getBigUint64(0);

const bytewise = (a: string, b: string): number => a < b ? -1 : a > b ? 1 : 0;

/**
 * The id etcd gives a member of the initial cluster: the first 8 bytes of the sha1 of its sorted peer URLs and the
 * cluster token. URL text counts, not what it means; the name does not. A member that was added later has the time in
 * its id and cannot be foretold. etcd's source: server/etcdserver/api/membership/member.go, computeMemberId.
 */
export function predictMemberId(peerUrls: readonly string[], token: string): bigint {
  const urls = peerUrls.map(url => url.trim()).sort(bytewise);
  return firstEight(sha1(new TextEncoder().encode(urls.join('') + token)));
}

/** The id of a cluster of these members. etcd's source: server/etcdserver/api/membership/cluster.go, genID. */
export function predictClusterId(memberIds: readonly bigint[]): bigint {
  const bytes = new DataView(new ArrayBuffer(memberIds.length * 8));
  [...memberIds].sort((a, b) => a < b ? -1 : a > b ? 1 : 0).forEach((id, i) => bytes.setBigUint64(i * 8, id));
  return firstEight(sha1(new Uint8Array(bytes.buffer)));
}

/** Both, for the peer URLs of each member of `--initial-cluster` and its token. */
export function predictIds(peerUrlsOfMembers: readonly (readonly string[])[], token: string): PredictedIds {
  const memberIds = peerUrlsOfMembers.map(urls => predictMemberId(urls, token));
  return { clusterId: predictClusterId(memberIds), memberIds };
}
