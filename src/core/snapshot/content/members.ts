import type { RecordedMember } from '../report.js';
import { objectOf, parseExact, stringsOf, textOfBytes } from './json.js';

/** A member id as the buckets spell it, or `undefined`. */
export function readMemberId(key: Uint8Array): bigint | undefined {
  const text = textOfBytes(key);
  return text !== undefined && /^[0-9a-f]{1,16}$/.test(text) ? BigInt(`0x${text}`) : undefined;
}

/** An entry of the `members` bucket, or `undefined` where it is none. etcd: `server/etcdserver/api/membership/member.go`. */
export function readMember(key: Uint8Array, value: Uint8Array): RecordedMember | undefined {
  const id = readMemberId(key);
  const json = objectOf(parseExact(textOfBytes(value) ?? ''));
  if (id === undefined || json?.['id'] !== id) return undefined;
  const name = json['name'] ?? '';
  const isLearner = json['isLearner'] ?? false;
  const peerUrls = stringsOf(json['peerURLs']);
  const clientUrls = stringsOf(json['clientURLs']);
  if (typeof name !== 'string' || typeof isLearner !== 'boolean' || !peerUrls || !clientUrls) return undefined;
  return { id, name, peerUrls, clientUrls, isLearner };
}
