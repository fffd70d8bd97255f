import assert from 'node:assert/strict';
import { wasmMemory } from '../../../src/core/snapshot/crc32c/pageMemory.js';
import { crc32cOf } from '../../../src/core/snapshot/crc32c/script.js';
import { readSnapshot } from '../../../src/core/snapshot/readSnapshot.js';
import type { BoltOptions, BoltWriter, Entry } from './boltWriter.js';
import { ascii, boltBytes, concat, sealMeta } from './boltWriter.js';
import { keyEntry, leaseEntry, revisionKey, writeEtcd } from './etcdEntries.js';
import { openBytes, refusal, seed } from './memoryFile.js';

const memory = wasmMemory();
const value = (length: number, i: number): Uint8Array => new Uint8Array(length).fill(i);
const writes = (count: number, length: number): Entry[] =>
  Array.from({ length: count }, (_, i) => keyEntry({ main: BigInt(i + 2), key: `/registry/${i % 50}`, value: value(length, i) }));

/** The hash of `snapshot status`, by its definition. */
const hashOf = (buckets: readonly (readonly [string, readonly Entry[]])[]): number =>
  crc32cOf(concat(buckets.flatMap(([name, entries]) => [ascii(name), ...entries.flat()])));

const small = (options: BoltOptions, keys: readonly Entry[]): Uint8Array => boltBytes(options, writer => {
  writer.bucket('key', keys);
  writer.inlineBucket('lease', [leaseEntry(5n), leaseEntry(-6n)].reverse().sort((a, b) => a[0] < b[0] ? -1 : 1));
});

const read = (bytes: Uint8Array): ReturnType<typeof readSnapshot> => readSnapshot(openBytes(bytes, memory), seed);
/** Changes a copy of a file: `page` gives a view over one page. */
function changed(bytes: Uint8Array, change: (page: (id: number) => DataView) => void, pageSize = 4096): Uint8Array {
  const copy = bytes.slice();
  change(id => new DataView(copy.buffer, id * pageSize, pageSize));
  return copy;
}

describe('the structure of a database', () => {
  for (const pageSize of [1024, 2048, 4096, 8192, 16384, 32768, 65536]) {
    it(`is read with pages of ${pageSize} bytes, at any depth, with overflow`, () => {
      const keys = [...writes(300, 100), ...Array.from({ length: 5 }, (_, i) => keyEntry({ main: BigInt(500 + i), key: 'big', value: value(200_000, i) }))];
      for (const fanOut of [3, 1000]) {
        const { status } = read(small({ pageSize, fanOut }, keys));
        assert.equal(status.hash, hashOf([['key', keys], ['lease', [leaseEntry(5n), leaseEntry(-6n)]]]));
        assert.equal(status.totalKeys.upTo35, 307);
        assert.equal(status.totalKeys.since36, 51);
        assert.equal(status.revision, 504n);
        assert.equal(status.leases, 2);
        assert.equal(status.pageSize, pageSize);
      }
    });
  }

  it('is read when pages lie in any order', () => {
    const keys = writes(2000, 300);
    let next = 4000;
    const { status } = read(small({ allocate: count => (next -= count) }, keys));
    assert.equal(status.hash, hashOf([['key', keys], ['lease', [leaseEntry(5n), leaseEntry(-6n)]]]));
  });

  it('may be empty', () => {
    const { status, hashKv } = read(boltBytes({}, writer => { writer.bucket('key', []); }));
    assert.deepEqual([status.totalKeys.upTo35, status.revision, hashKv.hash], [0, 0n, crc32cOf(ascii('key'))]);
  });

  it('counts a list of free pages, and refuses one that is wrong', () => {
    const free = (list: readonly number[]): string | undefined => refusal(() => read(small({ freelist: list }, writes(3, 10))));
    assert.equal(free([]), undefined);
    assert.equal(free([2]), 'SNAPSHOT_DAMAGED PAGE_TWICE');
    assert.equal(free([1]), 'SNAPSHOT_DAMAGED FREELIST');
    assert.equal(free([99]), 'SNAPSHOT_DAMAGED FREELIST');
    let next = 70_000;
    const many = boltBytes({ freelist: Array.from({ length: 66_000 }, (_, i) => i + 2), pageSize: 1024, allocate: count => (next += count) - count }, writer => {
      writer.bucket('key', writes(3, 10));
    });
    assert.equal(read(many).status.keys.revisions, 3);
  });

  it('survives the loss of either header', () => {
    const whole = small({}, writes(20, 10));
    for (const lost of [0, 1]) {
      assert.equal(read(changed(whole, page => { page(lost).setUint8(40, page(lost).getUint8(40) ^ 1); })).status.hash, read(whole).status.hash);
    }
    assert.equal(refusal(() => read(changed(whole, page => [0, 1].forEach(id => { page(id).setUint8(40, 77); })))), 'SNAPSHOT_DAMAGED META');
  });
});

describe('a damaged structure', () => {
  // Page 2 … are the leaves of `key` in order, then its branch, then the root.
  const whole = small({ fanOut: 10 }, writes(100, 50));
  const branch = 12;
  const cases: readonly (readonly [string, string, (page: (id: number) => DataView) => void])[] = [
    ['a page number that is another\'s', 'PAGE_ID', page => { page(3).setUint32(0, 4, true); }],
    ['a page of no kind', 'PAGE_FLAGS', page => { page(3).setUint16(8, 3, true); }],
    ['a child outside the file', 'PAGE_BOUNDS', page => { page(branch).setUint32(16 + 8, 5000, true); }],
    ['a child with a number beyond 2^53', 'PAGE_BOUNDS', page => { page(branch).setUint32(16 + 12, 0xffffffff, true); }],
    ['overflow beyond the file', 'PAGE_BOUNDS', page => { page(3).setUint32(12, 0xffffffff, true); }],
    ['overflow into the next page', 'PAGE_TWICE', page => { page(3).setUint32(12, 1, true); }],
    ['the child of another place', 'KEY_PARENT', page => { page(branch).setUint32(16 + 16 + 8, 2, true); }],
    ['a loop', 'PAGE_TWICE', page => { page(branch).setUint32(16 + 8, branch, true); }],
    ['more entries than fit', 'PAGE_COUNT', page => { page(3).setUint16(10, 0xffff, true); }],
    ['more children than fit', 'PAGE_COUNT', page => { page(branch).setUint16(10, 0xffff, true); }],
    ['a branch without children', 'EMPTY_BRANCH', page => { page(branch).setUint16(10, 0, true); }],
    ['a key inside the list of entries', 'ELEMENT_BOUNDS', page => { page(3).setUint32(16 + 4, 0, true); }],
    ['a key far outside', 'ELEMENT_BOUNDS', page => { page(3).setUint32(16 + 4, 0xfffffff0, true); }],
    ['a key of 4 GB', 'ELEMENT_BOUNDS', page => { page(3).setUint32(16 + 8, 0xffffffff, true); }],
    ['a value of 4 GB', 'ELEMENT_BOUNDS', page => { page(3).setUint32(16 + 12, 0xffffffff, true); }],
    ['a branch key of 4 GB', 'ELEMENT_BOUNDS', page => { page(branch).setUint32(16 + 4, 0xffffffff, true); }],
    ['unknown flags', 'ELEMENT_FLAGS', page => { page(3).setUint32(16, 8, true); }],
    ['a bucket among the keys', 'NESTED_BUCKET', page => { page(3).setUint32(16, 1, true); }],
    ['entries out of order', 'KEY_ORDER', page => { swap(page(3), 16 + 4, 32 + 4, -16); }],
    ['children out of order', 'KEY_ORDER', page => { swap(page(branch), 16, 32, -16); }],
    ['leaves under the wrong branch', 'KEY_PARENT', page => { swap(page(branch), 16 + 8, 32 + 8, 0); }],
  ];
  for (const [what, reason, change] of cases) {
    it(`with ${what} is refused as ${reason}`, () => {
      assert.equal(refusal(() => read(changed(whole, change))), `SNAPSHOT_DAMAGED ${reason}`);
    });
  }

  it('deeper than any tree is refused', () => {
    const deep = (levels: number): string | undefined => {
      const file = new Uint8Array(whole.length + 64 * 4096);
      file.set(whole);
      for (const header of [0, 1]) {
        const page = file.subarray(header * 4096, (header + 1) * 4096);
        new DataView(page.buffer, page.byteOffset).setUint32(16 + 40, file.length / 4096, true);
        sealMeta(page);
      }
      const spare = (level: number): number => whole.length / 4096 + level;
      for (let level = 0; level < levels; level++) {
        const page = new DataView(file.buffer, spare(level) * 4096);
        [spare(level), 0, 1 | 1 << 16, 0, 16, 17, level === levels - 1 ? 2 : spare(level + 1)].forEach((word, i) => { page.setUint32(i * 4, word, true); });
        file.copyWithin(spare(level) * 4096 + 32, 2 * 4096 + 16 + 16 * 10, 2 * 4096 + 16 + 16 * 10 + 17);
      }
      new DataView(file.buffer, branch * 4096).setUint32(16 + 8, spare(0), true);
      return refusal(() => read(file));
    };
    assert.equal(deep(20), undefined);
    assert.equal(deep(40), 'SNAPSHOT_DAMAGED DEPTH');
  });

  const stray = (fill: (writer: BoltWriter) => void): string | undefined => refusal(() => read(boltBytes({}, fill)));
  it('among the buckets is refused', () => {
    assert.equal(stray(writer => { writer.bucket('key', []); writer.stray('lost', ascii('x')); }), 'SNAPSHOT_DAMAGED NOT_A_BUCKET');
    assert.equal(stray(writer => { writer.bucket('pods', []); }), 'SNAPSHOT_NOT_ETCD_DATABASE');
  });

  it('in an entry of any bucket is refused', () => {
    const bad = (bucket: string, key: Uint8Array | string, data: Uint8Array | string): string | undefined => stray(writer => {
      const entry: Entry = [typeof key === 'string' ? ascii(key) : key, typeof data === 'string' ? ascii(data) : data];
      if (bucket < 'key') writer.inlineBucket(bucket, [entry]);
      writer.bucket('key', bucket === 'key' ? [entry] : []);
      if (bucket > 'key') writer.inlineBucket(bucket, [entry]);
    })?.replace('SNAPSHOT_DAMAGED ', '');
    assert.equal(bad('key', 'x', ''), 'REVISION_KEY');
    assert.equal(bad('key', revisionKey(-1n), ''), 'REVISION_KEY');
    assert.equal(bad('key', revisionKey(5n), 'x'), 'KEY_VALUE');
    assert.equal(bad('key', revisionKey(5n), keyEntry({ main: 6n, key: 'k', value: 'v' })[1]), 'KEY_VALUE');
    assert.equal(bad('members', 'zz', '{}'), 'MEMBER');
    assert.equal(bad('members', '5', '{"id":6}'), 'MEMBER');
    assert.equal(bad('members', '5', '{"id":5'), 'MEMBER');
    assert.equal(bad('members_removed', 'zz', 'removed'), 'MEMBER');
    assert.equal(bad('lease', 'short', ''), 'LEASE');
    assert.equal(bad('alarm', 'alarm', ''), 'ALARM');
    assert.equal(bad('auth', 'authEnabled', ''), 'AUTH');
    assert.equal(bad('auth', 'authRevision', 'x'), 'AUTH');
    assert.equal(bad('authUsers', 'root', 'root'), 'AUTH');
    assert.equal(bad('cluster', 'clusterVersion', 'new'), 'CLUSTER_VALUE');
    assert.equal(bad('cluster', 'downgrade', '{'), 'CLUSTER_VALUE');
    assert.equal(bad('meta', 'consistent_index', 'x'), 'META_VALUE');
    assert.equal(bad('meta', 'confState', '[]'), 'META_VALUE');
    assert.equal(bad('meta', 'finishedCompactRev', 'x'), 'META_VALUE');
    assert.equal(bad('meta', 'storageVersion', 'new'), 'META_VALUE');
    assert.equal(bad('something', 'new', 'passes'), undefined);
  });

  it('is read to the last byte of a page that fills the window', () => {
    const keys = [keyEntry({ main: 2n, key: 'huge', value: value(40 * 1024 * 1024, 1) })];
    assert.equal(read(boltBytes({}, writer => { writeEtcd(writer, { keys }); })).status.keys.live, 1);
    const tooLarge = [keyEntry({ main: 2n, key: 'huge', value: value(65 * 1024 * 1024, 1) })];
    assert.equal(refusal(() => read(boltBytes({}, writer => { writeEtcd(writer, { keys: tooLarge }); }))), 'SNAPSHOT_PAGE_TOO_LARGE');
  });
});

/** Exchanges two words that are places relative to themselves, `shift` bytes apart. */
function swap(view: DataView, a: number, b: number, shift: number): void {
  const [first, second] = [view.getUint32(a, true), view.getUint32(b, true)];
  view.setUint32(a, second - shift, true);
  view.setUint32(b, first + shift, true);
}
