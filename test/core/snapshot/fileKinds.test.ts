import assert from 'node:assert/strict';
import { wasmMemory } from '../../../src/core/snapshot/crc32c/pageMemory.js';
import { ascii, boltBytes, concat } from './boltWriter.js';
import { keyEntry, writeEtcd } from './etcdEntries.js';
import { refusal, verifyBytes, withTrailer } from './memoryFile.js';

const memory = wasmMemory();
const database = boltBytes({}, writer => { writeEtcd(writer, { keys: [keyEntry({ main: 2n, key: 'k', value: 'v' })] }); });
const snapshot = withTrailer(database);
const refused = (bytes: Uint8Array, path?: string): string | undefined => refusal(() => verifyBytes(bytes, memory, path));

describe('kinds of files', () => {
  it('are a snapshot with its trailer, or a database without one', () => {
    assert.equal(verifyBytes(snapshot, memory).trailer, 'matches');
    assert.equal(verifyBytes(database, memory).trailer, 'absent');
    assert.equal(verifyBytes(concat([database, new Uint8Array(64 * 4096)]), memory).trailer, 'absent', 'a database grows ahead of its use');
  });

  const magics: readonly (readonly [string, readonly number[]])[] = [
    ['gzip', [0x1f, 0x8b, 8]], ['zstd', [0x28, 0xb5, 0x2f, 0xfd]], ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]],
    ['bzip2', [0x42, 0x5a, 0x68, 0x39]], ['zip', [0x50, 0x4b, 3, 4]], ['lz4', [4, 0x22, 0x4d, 0x18]],
    ['tar', [...new Uint8Array(257), 0x75, 0x73, 0x74, 0x61, 0x72]],
  ];
  for (const [format, magic] of magics) {
    it(`are told from ${format}`, () => {
      assert.equal(refused(concat([Uint8Array.from(magic), new Uint8Array(5000)])), 'SNAPSHOT_PACKED');
    });
  }

  it('are told from what is none', () => {
    assert.equal(refused(new Uint8Array()), 'SNAPSHOT_EMPTY');
    assert.equal(refused(snapshot, '/backup/etcd.db.part'), 'SNAPSHOT_PARTIAL');
    assert.equal(refused(ascii('apiVersion: v1\nkind: Pod\n')), 'SNAPSHOT_NOT_ETCD');
    assert.equal(refused(new Uint8Array(100_000)), 'SNAPSHOT_NOT_ETCD');
    assert.equal(refused(boltBytes({}, writer => { writer.bucket('app', []); })), 'SNAPSHOT_NOT_ETCD_DATABASE');
  });

  it('are cut off, carry too much, or do not match their hash', () => {
    assert.equal(refused(snapshot.subarray(0, snapshot.length - 1)), 'SNAPSHOT_TRUNCATED');
    assert.equal(refused(snapshot.subarray(0, snapshot.length - 33)), 'SNAPSHOT_TRUNCATED');
    assert.equal(refused(snapshot.subarray(0, 4096)), 'SNAPSHOT_TRUNCATED');
    assert.equal(refused(concat([snapshot, ascii('\n')])), 'SNAPSHOT_TRAILING_BYTES');
    assert.equal(refused(concat([snapshot, new Uint8Array(4096 - 32)])), 'SNAPSHOT_TRAILING_BYTES');
    assert.equal(refused(concat([snapshot, new Uint8Array(512)])), 'SNAPSHOT_TRAILING_BYTES');
    assert.equal(refused(concat([database, ascii('\n'.repeat(33))])), 'SNAPSHOT_TRAILING_BYTES');
    const flipped = snapshot.slice();
    flipped[flipped.length - 1] = (flipped.at(-1) ?? 0) ^ 1;
    assert.equal(refused(flipped), 'SNAPSHOT_HASH_MISMATCH');
    flipped.fill(0, 32, 60).fill(0, 4096 + 32, 4096 + 60);
    assert.equal(refused(flipped), 'SNAPSHOT_HASH_MISMATCH', 'both headers lost: the hash still tells');
    assert.equal(refused(withTrailer(flipped.subarray(0, -32))), 'SNAPSHOT_DAMAGED META');
  });
});
