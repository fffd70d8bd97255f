import assert from 'node:assert/strict';
import { wasmMemory } from '../../../src/core/snapshot/crc32c/pageMemory.js';
import { crc32cOf } from '../../../src/core/snapshot/crc32c/script.js';
import { foretellHashKv } from '../../../src/core/snapshot/foretell.js';
import { hashesCompactedTombstone, hashKvOf } from '../../../src/core/snapshot/hashKv.js';
import { readLastRevision } from '../../../src/core/snapshot/lastRevision.js';
import { readSnapshot } from '../../../src/core/snapshot/readSnapshot.js';
import { generator } from '../../node/snapshot/largeSnapshot.js';
import type { Entry } from './boltWriter.js';
import { ascii, boltBytes, concat } from './boltWriter.js';
import type { Write } from './etcdEntries.js';
import { keyEntry, placeholder, revisionKey as revisionKeyOf, writeEtcd } from './etcdEntries.js';
import { openBytes, refusal, seed } from './memoryFile.js';

const memory = wasmMemory();

function history(count: number, keys: number, seedOf: number): Write[] {
  const random = generator(seedOf);
  return Array.from({ length: count }, (_, i) => ({
    main: BigInt(2 + (i >> 1)), sub: BigInt(i & 1), key: `/registry/pods/${(Math.floor(random() * keys / 2) * 2 + (i & 1))}`,
    ...(random() < 0.8 && { value: `value ${i}` }),
  }));
}

/** HashKV by its definition, entry by entry. */
function naiveHashKv(writes: readonly Write[], revision: bigint, compactRevision: bigint, hashCompactedTombstone = false): number {
  const upTo = writes.filter(({ main }) => main <= revision);
  const newest = new Map(upTo.map(write => [write.key, write]));
  const keep = new Set([...newest.values()].filter(({ value }) => value !== undefined));
  const hashed = upTo.filter(write => {
    if (write.main <= compactRevision && keep.size > 0 && !keep.has(write)) return false;
    return !(write.main === compactRevision && write.value === undefined && !hashCompactedTombstone);
  });
  return crc32cOf(concat([ascii('key'), ...hashed.flatMap(keyEntry)]));
}

const file = (keys: readonly Entry[], compactRevision?: bigint): Uint8Array =>
  boltBytes({}, writer => { writeEtcd(writer, { keys, ...(compactRevision !== undefined && { compactRevision }) }); });

describe('HashKV of a file', () => {
  it('is the one of its definition at every revision and compaction, with any size of the table', () => {
    for (let run = 0; run < 8; run++) {
      const writes = history(400, 20 + run * 40, run);
      for (const compactRevision of [0n, 2n, 77n, 201n]) {
        const database = openBytes(file(writes.map(keyEntry), compactRevision), memory);
        for (const revision of [compactRevision, 90n, 150n, 201n].filter(r => r >= compactRevision)) {
          for (const limit of [16, 64, 1 << 14]) {
            const result = hashKvOf(database, { revision }, seed, limit);
            assert.equal(result.hash, naiveHashKv(writes, revision, compactRevision), `run ${run}, revision ${revision}, compacted at ${compactRevision}, ${limit} slots`);
          }
        }
      }
    }
  });

  it('hashes a tombstone at the compaction only for older servers, and only when nothing lives', () => {
    const writes: Write[] = [{ main: 2n, key: 'a', value: 'x' }, { main: 3n, key: 'a' }];
    const database = openBytes(file(writes.map(keyEntry), 3n), memory);
    for (const hashCompactedTombstone of [true, false]) {
      assert.equal(hashKvOf(database, { hashCompactedTombstone }, seed).hash, naiveHashKv(writes, 3n, 3n, hashCompactedTombstone));
    }
    const report = readSnapshot(openBytes(file(writes.map(keyEntry), 3n), memory), seed);
    assert.equal(report.olderHash, naiveHashKv(writes, 3n, 3n, true));
    assert.deepEqual(['3.4.23', '3.5.30', undefined].map(server => foretellHashKv(report, 0n, server).hash), [report.olderHash, report.hashKv.hash, report.hashKv.hash]);
    assert.deepEqual(foretellHashKv(report, 1000n, '3.4.23'), foretellHashKv(report, 1000n));
    const living = readSnapshot(openBytes(file([...writes, { main: 4n, key: 'b', value: 'y' }].map(keyEntry), 3n), memory), seed);
    assert.deepEqual([living.olderHash, foretellHashKv(living, 0n, '3.4.23')], [undefined, living.hashKv]);
    assert.deepEqual(['3.3.27', '3.4.23', '3.4.34', '3.5.15', '3.5.16', '3.5.0-rc.1', '3.6.0'].map(hashesCompactedTombstone),
      [true, true, false, true, false, true, false]);
  });

  it('refuses revisions that are compacted or not there yet', () => {
    const database = openBytes(file(history(20, 5, 1).map(keyEntry), 5n), memory);
    assert.equal(refusal(() => hashKvOf(database, { revision: 4n }, seed)), 'SNAPSHOT_REVISION_COMPACTED');
    assert.equal(refusal(() => hashKvOf(database, { revision: 12n }, seed)), 'SNAPSHOT_REVISION_FUTURE');
    assert.equal(refusal(() => hashKvOf(database, { revision: 11n }, seed)), undefined);
  });

  it('is foretold for a bumped restore, and once more for one of its snapshots', () => {
    const entries = history(300, 30, 7).map(keyEntry);
    const report = readSnapshot(openBytes(file(entries, 40n), memory), seed);
    assert.deepEqual(foretellHashKv(report, 0n), report.hashKv);
    const foretold = foretellHashKv(report, 1000n);
    const bumped = [...entries, placeholder(1151n)];
    const restored = readSnapshot(openBytes(file(bumped, 1151n), memory), seed);
    assert.deepEqual(restored.hashKv, foretold);
    assert.equal(restored.status.totalKeys.since36, report.status.keys.live + 1);
    assert.deepEqual([restored.status.keys.live, restored.status.keys.placeholders], [report.status.keys.live, 1]);
    const again = [...bumped, keyEntry({ main: 1152n, key: 'new', value: 'x' }), placeholder(2152n)];
    assert.deepEqual(readSnapshot(openBytes(file(again, 2152n), memory), seed).hashKv,
      foretellHashKv(readSnapshot(openBytes(file(again.slice(0, -1), 1151n), memory), seed), 1000n));
  });
});

describe('the keys of a file', () => {
  it('are counted exactly when they do not fit into the table', () => {
    const writes = history(6000, 3000, 3);
    const live = new Map(writes.map(({ key, value }) => [key, value]));
    const expected = [...live.values()].filter(value => value !== undefined).length;
    const database = openBytes(file([...writes.map(keyEntry), placeholder(90_000n)], 1000n), memory);
    const unlimited = readSnapshot(database, seed);
    assert.equal(unlimited.hashKv.hash, crc32cOf(revisionKeyOf(90_000n), naiveHashKv(writes, 90_000n, 1000n)));
    for (const limit of [64, 256, 1 << 22]) {
      const content = readSnapshot(database, seed, limit);
      const { status } = content;
      assert.deepEqual(content, unlimited);
      assert.equal(status.keys.live, expected);
      assert.equal(status.keys.tombstones, writes.filter(({ value }) => value === undefined).length);
    }
  });

  it('tell how their values are stored, and by which keys they are encrypted', () => {
    const values = ['k8s:enc:aescbc:v1:key1:\u0001\u0002', 'k8s:enc:kms:v2:vault:x', 'k8s:enc:', 'k8s\0pod', '{"kind":"Lease"}', ''];
    const keys = values.map((value, i) => keyEntry({ main: BigInt(i + 2), key: `/registry/${i}`, value }));
    const { status } = readSnapshot(openBytes(file([...keys, placeholder(99n)]), memory), seed);
    assert.deepEqual(status.values, { encrypted: 3, protobuf: 1, plain: 2, encryptionKeys: ['aescbc:v1:key1', 'kms:v2:vault'] });
  });

  it('end in the last revision, found by the rightmost path', () => {
    const keys = history(5000, 100, 5).map(keyEntry);
    const bytes = boltBytes({ fanOut: 8 }, writer => { writeEtcd(writer, { keys, compactRevision: 9000n }); });
    const last = readLastRevision(openBytes(bytes, memory));
    assert.deepEqual([last.revision, last.currentRevision, last.consistentIndex, last.term, last.clusterVersion], [2501n, 9000n, 42n, 3n, '3.5.0']);
    assert.deepEqual(last.members.map(({ id, name, isLearner }) => [id, name, isLearner]),
      [[0xeeeb9a5c561ca91n, 'cp-1', false], [0xfeeeb9a5c561ca91n, 'cp-2', true]]);
  });
});
