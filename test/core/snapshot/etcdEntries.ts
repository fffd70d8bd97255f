import type { BoltWriter, Entry } from './boltWriter.js';
import { ascii, concat } from './boltWriter.js';

/** A write as the `key` bucket keeps it; without a value it is a deletion. */
export interface Write {
  readonly main: bigint;
  readonly sub?: bigint;
  readonly key: string;
  readonly value?: Uint8Array | string;
  readonly lease?: bigint;
}

/** The key of an entry of the `key` bucket. */
export function revisionKey(main: bigint, sub = 0n, isTombstone = false): Uint8Array {
  const key = new Uint8Array(isTombstone ? 18 : 17);
  const view = new DataView(key.buffer);
  view.setBigUint64(0, main);
  key[8] = 0x5f;
  view.setBigUint64(9, sub);
  if (isTombstone) key[17] = 0x74;
  return key;
}

/** An entry of the `key` bucket. */
export function keyEntry({ main, sub, key, value, lease }: Write): Entry {
  if (value === undefined) return [revisionKey(main, sub, true), bytesField(1, ascii(key))];
  const bytes = typeof value === 'string' ? ascii(value) : value;
  return [revisionKey(main, sub), concat([
    bytesField(1, ascii(key)), varintField(2, main), varintField(3, main), varintField(4, 1n),
    ...(bytes.length > 0 ? [bytesField(5, bytes)] : []), ...(lease === undefined ? [] : [varintField(6, lease)]),
  ])];
}

/** What a bumped restore adds. */
export const placeholder = (main: bigint): Entry => [revisionKey(main), new Uint8Array()];

/** Eight bytes, big-endian. */
export function be64(value: bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, value);
  return bytes;
}

/** A lease of the `lease` bucket. */
export const leaseEntry = (id: bigint): Entry => [be64(id), concat([varintField(1, id), varintField(2, 60n)])];

/** The buckets of a small cluster of etcd 3.5 around its keys. */
export interface Surroundings {
  readonly keys: Iterable<Entry>;
  readonly compactRevision?: bigint;
  readonly leases?: readonly Entry[];
  readonly members?: readonly Entry[];
  readonly meta?: readonly Entry[];
}

/** A member of the `members` bucket. */
export const memberEntry = (id: bigint, name: string, isLearner = false): Entry => [
  ascii(id.toString(16).padStart(16, '0')),
  ascii(`{"id":${id},"peerURLs":["https://${name}:2380"],${isLearner ? '"isLearner":true,' : ''}"name":"${name}","clientURLs":["https://${name}:2379"]}`),
];

/** Writes all buckets in their order, the small ones inside their entries. */
export function writeEtcd(writer: BoltWriter, { keys, compactRevision, leases = [], members, meta }: Surroundings): void {
  writer.inlineBucket('alarm', []);
  writer.inlineBucket('auth', [[ascii('authRevision'), be64(1n)]]);
  writer.inlineBucket('authRoles', []);
  writer.inlineBucket('authUsers', []);
  writer.inlineBucket('cluster', [[ascii('clusterVersion'), ascii('3.5.0')]]);
  writer.bucket('key', keys);
  writer.inlineBucket('lease', leases);
  writer.inlineBucket('members', members ?? [memberEntry(0xeeeb9a5c561ca91n, 'cp-1'), memberEntry(0xfeeeb9a5c561ca91n, 'cp-2', true)]);
  writer.inlineBucket('members_removed', []);
  writer.inlineBucket('meta', meta ?? [
    [ascii('consistent_index'), be64(42n)],
    ...(compactRevision === undefined ? [] : [[ascii('finishedCompactRev'), revisionKey(compactRevision)] as const]),
    [ascii('term'), be64(3n)],
  ]);
}

/** A field of a protobuf message that holds bytes. */
export const bytesField = (number: number, bytes: Uint8Array): Uint8Array => concat([varint(BigInt(number << 3 | 2)), varint(BigInt(bytes.length)), bytes]);
/** A field of a protobuf message that holds a number. */
export const varintField = (number: number, value: bigint): Uint8Array => concat([varint(BigInt(number << 3)), varint(BigInt.asUintN(64, value))]);

function varint(value: bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return Uint8Array.from([...bytes, Number(rest)]);
}
