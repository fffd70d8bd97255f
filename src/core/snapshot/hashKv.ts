import { KnownError } from '../errors.js';
import type { Database } from './bolt/database.js';
import { walkKeys } from './bolt/database.js';
import { Fingerprint } from './keys/fingerprint.js';
import type { HashKvScope } from './keys/hashKvFold.js';
import { HashKvFold } from './keys/hashKvFold.js';
import { NewestEntries } from './keys/newestEntries.js';
import { seeEntries } from './keys/newestOf.js';
import { readLastRevision } from './lastRevision.js';
import type { HashKvRequest } from './reader.js';
import type { SnapshotHashKv } from './report.js';

/** HashKV and, beside it, the hash of the live entries alone and how many they are (a placeholder counts as one). */
export interface HashKvResult extends SnapshotHashKv {
  readonly liveHash: number;
  readonly live: number;
}

/**
 * HashKV of a database as the server's RPC answers it. `seed`: four random words for the fingerprints; `limit` bounds
 * their table. Throws a KnownError for a revision that is compacted or in the future.
 */
export function hashKvOf(database: Database, request: HashKvRequest, seed: Uint32Array, limit?: number): HashKvResult {
  const last = readLastRevision(database);
  const compactRevision = request.compactRevision ?? last.compactRevision;
  const revision = request.revision ?? last.currentRevision;
  if (revision < compactRevision) {
    throw new KnownError('SNAPSHOT_REVISION_COMPACTED', { revision: `${revision}`, compactRevision: `${compactRevision}` });
  }
  if (revision > last.currentRevision) {
    throw new KnownError('SNAPSHOT_REVISION_FUTURE', { revision: `${revision}`, currentRevision: `${last.currentRevision}` });
  }
  const newest = new NewestEntries(limit);
  const fingerprint = new Fingerprint(seed);
  let entries = 0;
  do entries = seeEntries(database, revision, fingerprint, newest);
  while (newest.nextPass());
  const live = entries - newest.dropped.count;
  return { live, ...foldHashKv(database, {
    revision, compactRevision, dropped: newest.dropped, hasLive: live > 0,
    hashCompactedTombstone: request.hashCompactedTombstone ?? false,
  }) };
}

/** The pass that hashes, once it is known which entries are the newest. */
function foldHashKv(database: Database, scope: HashKvScope): Omit<HashKvResult, 'live'> {
  let fold: HashKvFold | undefined;
  walkKeys(database, (leaf, pages, first) => {
    fold ??= new HashKvFold(pages, scope);
    fold.take(leaf, first);
  });
  const { revision, compactRevision } = scope;
  return { revision, compactRevision, hash: fold?.hash ?? 0, liveHash: fold?.liveHash ?? 0 };
}

/**
 * Whether a server of this version also hashes a tombstone at the very revision of its compaction. etcd: the
 * comment in `WriteKeyValue` of `mvcc/hash.go`, 3.4.34 and 3.5.16.
 */
export function hashesCompactedTombstone(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split(/[.+-]/).map(Number);
  if (major !== 3) return major < 3;
  return minor < 4 || (minor === 4 && patch < 34) || (minor === 5 && patch < 16);
}
