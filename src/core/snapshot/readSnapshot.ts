import type { Bucket } from './bolt/buckets.js';
import { readBuckets } from './bolt/buckets.js';
import type { Database } from './bolt/database.js';
import { forEachEntry, visitBucket } from './bolt/database.js';
import { checkFreelist } from './bolt/freelist.js';
import { Pages } from './bolt/pages.js';
import { SmallBuckets } from './content/smallBuckets.js';
import { crc32cOf } from './crc32c/script.js';
import { Powers, SuffixCrc } from './crc32c/suffixCrc.js';
import { hashKvOf } from './hashKv.js';
import { Fingerprint } from './keys/fingerprint.js';
import { nameState } from './keys/hashKvFold.js';
import { KeyCensus } from './keys/keyCensus.js';
import { SeenKeys } from './keys/seenKeys.js';
import type { SnapshotReport, SnapshotStatus } from './report.js';

/** The two pages of headers. */
const HEADERS = 2;

/** What the content of a database says; the file's own hashes are another reading. */
export type SnapshotContent = Pick<SnapshotReport, 'status' | 'hashKv' | 'olderHash' | 'liveHash'>;

/**
 * Checks the structure and every value, and computes all there is to say, in one pass. More are needed only when there are more keys
 * than the table of fingerprints holds (three quarters of `limit` slots), or none that lives. `seed`: four random words.
 */
export function readSnapshot(database: Database, seed: Uint32Array, limit?: number): SnapshotContent {
  const seen = new SeenKeys(limit);
  const pages = new Pages(database.file, database.meta, database.memory);
  const buckets = readBuckets(pages, database.meta.root);
  const reading = readSmall(pages, buckets);
  const census = new KeyCensus(pages, new Fingerprint(seed), seen, reading.small.compactRevision);
  for (const bucket of buckets) if (bucket.name === 'key') visitBucket(pages, bucket, leaf => { census.take(leaf); }, true);
  checkFreelist(pages, database.meta);
  const status = statusOf(pages, buckets, reading, census);
  const { currentRevision: revision, compactRevision } = status;
  if (seen.isFull || status.totalKeys.since36 === 0) return recount(database, status, seed, limit);
  return {
    status,
    hashKv: { hash: ~census.hashes.hashed.after(nameState()) >>> 0, revision, compactRevision },
    liveHash: ~census.hashes.alive.after(nameState()) >>> 0,
  };
}

/** For what one pass could not know: which entries are the newest. */
function recount(database: Database, status: SnapshotStatus, seed: Uint32Array, limit: number | undefined): SnapshotContent {
  const { liveHash, live, ...hashKv } = hashKvOf(database, {}, seed, limit);
  const { placeholders } = status.keys;
  const keys = { ...status.keys, live: live - (placeholders > 0 ? 1 : 0) };
  const older = live > 0 ? hashKv.hash : hashKvOf(database, { hashCompactedTombstone: true }, seed, limit).hash;
  return {
    status: { ...status, keys, totalKeys: { ...status.totalKeys, since36: live } }, hashKv, liveHash,
    ...(older !== hashKv.hash && { olderHash: older }),
  };
}

/** What a bucket adds to the hash of the whole, and how many entries it has. */
interface BucketState {
  count: number;
  readonly crc: SuffixCrc;
}

interface SmallReading {
  readonly small: SmallBuckets;
  readonly states: ReadonlyMap<string, BucketState>;
}

/** Reads every bucket but `key`: the compaction must be known before its entries are. */
function readSmall(pages: Pages, buckets: readonly Bucket[]): SmallReading {
  const small = new SmallBuckets();
  const states = new Map<string, BucketState>();
  const powers = new Powers();
  for (const bucket of buckets) {
    if (bucket.name === 'key') continue;
    const { name, nameBytes } = bucket;
    let [state, length, count] = [rawCrc(nameBytes), nameBytes.length, 0];
    visitBucket(pages, bucket, leaf => {
      state = leaf.crc(pages, state, 0, leaf.count);
      length += leaf.length();
      count += leaf.count;
      forEachEntry(pages, leaf, (key, value) => {
        const wrong = small.take(name, key, value);
        if (wrong) throw pages.damaged(wrong, leaf.page);
      });
    });
    const crc = new SuffixCrc();
    crc.prepend(state, powers.of(length));
    states.set(name, { count, crc });
  }
  return { small, states };
}

/** The state after some bytes when it was 0 before them. */
const rawCrc = (bytes: Uint8Array): number => ~crc32cOf(bytes, ~0);

/** etcd: `Status` in `etcdutl/snapshot/v3_snapshot.go`: the name of each bucket, then its keys and values. */
function hashOf(buckets: readonly Bucket[], states: SmallReading['states'], census: KeyCensus): number {
  let state = ~0;
  for (const { name, nameBytes } of buckets) {
    const crc = states.get(name)?.crc;
    state = crc ? crc.after(state) : census.hashes.all.after(~crc32cOf(nameBytes, ~state));
  }
  return ~state >>> 0;
}

function statusOf(pages: Pages, buckets: readonly Bucket[], { small, states }: SmallReading, census: KeyCensus): SnapshotStatus {
  const { compactRevision, clusterVersion, storageVersion, consistentIndex, term, confState } = small;
  const keys = census.counts();
  const counts = buckets.map(({ name }) => [name, states.get(name)?.count ?? census.entries] as const);
  return {
    hash: hashOf(buckets, states, census),
    revision: census.last,
    currentRevision: census.last > compactRevision ? census.last : compactRevision,
    firstRevision: census.first,
    compactRevision,
    keys,
    totalKeys: { upTo35: counts.reduce((sum, [, count]) => sum + count, 0), since36: keys.live + (census.hasPlaceholder ? 1 : 0) },
    totalSize: pages.highWater * pages.pageSize,
    sizeInUse: (pages.used + HEADERS) * pages.pageSize,
    pageSize: pages.pageSize,
    ...(storageVersion !== undefined && { storageVersion }),
    ...(clusterVersion !== undefined && { clusterVersion }),
    ...(consistentIndex !== undefined && { consistentIndex }),
    ...(term !== undefined && { term }),
    ...(confState && { confState }),
    members: small.members.toSorted((a, b) => a.id < b.id ? -1 : 1),
    removedMembers: small.removedMembers,
    alarms: small.alarms,
    auth: { enabled: small.authEnabled, revision: small.authRevision, users: small.users, roles: small.roles },
    leases: small.leases,
    values: census.values.counts(),
    buckets: Object.fromEntries(counts),
  };
}
