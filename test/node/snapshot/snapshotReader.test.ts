import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { codeOf } from '../../../src/core/errors.js';
import { snapshotReader } from '../../../src/node/snapshot/snapshotReader.js';
import { boltBytes } from '../../core/snapshot/boltWriter.js';
import { keyEntry, writeEtcd } from '../../core/snapshot/etcdEntries.js';
import { withTrailer } from '../../core/snapshot/memoryFile.js';
import { writeLargeSnapshot } from './largeSnapshot.js';

const run = promisify(execFile);
const sources = path.join(import.meta.dirname, '../../../src/node/snapshot');
const never = new AbortController().signal;

describe('the snapshot reader', function () {
  this.timeout(120_000);
  let dir = '';
  let bundles = '';
  const inDir = (name: string): string => path.join(dir, name);
  const snapshot = withTrailer(boltBytes({}, writer => {
    writeEtcd(writer, { keys: Array.from({ length: 500 }, (_, i) => keyEntry({ main: BigInt(i + 2), key: `k${i % 100}`, value: `${i}` })) });
  }));

  before(async () => {
    dir = await mkdtemp(path.join(tmpdir(), 'snapshot-reader-'));
    bundles = inDir('bundles');
    await build({
      entryPoints: [path.join(sources, 'snapshotContentWorker.ts'), path.join(sources, 'snapshotHashWorker.ts'), path.join(import.meta.dirname, 'verifyOnce.ts')],
      outdir: bundles, entryNames: '[name]', bundle: true, platform: 'node', target: 'node22', format: 'cjs', minify: true, keepNames: true,
    });
    writeFileSync(inDir('etcd.db'), snapshot);
  });
  after(() => rm(dir, { recursive: true, force: true }));

  const codeFor = (promise: Promise<unknown>): Promise<string | undefined> => promise.then(() => 'nothing', (error: unknown) => codeOf(error) ?? String(error));

  it('says the same from its sources and from its bundles', async () => {
    const ours = await snapshotReader(sources).verify(inDir('etcd.db'), { signal: never });
    assert.deepEqual(await snapshotReader(bundles).verify(inDir('etcd.db'), { signal: never }), ours);
    assert.equal(ours.file.sha256, createHash('sha256').update(snapshot).digest('hex'));
    assert.deepEqual([ours.file.size, ours.kind, ours.trailer, ours.status.revision], [snapshot.length, 'snapshot', 'matches', 501n]);
    assert.deepEqual(await snapshotReader(bundles).hashKv(inDir('etcd.db'), {}, { signal: never }), ours.hashKv);
    const last = await snapshotReader(bundles).lastRevision(inDir('etcd.db'), { signal: never });
    assert.deepEqual([last.revision, last.members.length], [501n, 2]);
  });

  it('refuses what is wrong by its code', async () => {
    const reader = snapshotReader(bundles);
    const verify = (name: string): Promise<string | undefined> => codeFor(reader.verify(inDir(name), { signal: never }));
    writeFileSync(inDir('flipped.db'), snapshot.with(30_000, (snapshot[30_000] ?? 0) ^ 1));
    writeFileSync(inDir('text.db'), 'kind: Pod\n');
    writeFileSync(inDir('empty.db'), '');
    assert.equal(await verify('flipped.db'), 'SNAPSHOT_HASH_MISMATCH');
    assert.equal(await verify('text.db'), 'SNAPSHOT_NOT_ETCD');
    assert.equal(await verify('empty.db'), 'SNAPSHOT_EMPTY');
    assert.equal(await verify('missing.db'), 'FILE_UNREADABLE');
    assert.equal(await verify('.'), 'FILE_UNREADABLE');
    assert.equal(await codeFor(reader.hashKv(inDir('etcd.db'), { revision: 900n }, { signal: never })), 'SNAPSHOT_REVISION_FUTURE');
    assert.equal(await codeFor(reader.lastRevision(inDir('text.db'), { signal: never })), 'SNAPSHOT_NOT_ETCD');
  });

  describe('on 1 GB', () => {
    before(() => { writeLargeSnapshot(inDir('large.db'), { size: 1 << 30 }); });
    after(() => { rmSync(inDir('large.db')); });

    it('takes at most 256 MB for the whole process', async () => {
      const { stdout } = await run(process.execPath, [path.join(bundles, 'verifyOnce.js'), inDir('large.db')]);
      const { maxRss, size, trailer } = JSON.parse(stdout) as { maxRss: number; size: number; trailer: string };
      assert.ok(size > 1e9 && trailer === 'matches');
      assert.ok(maxRss <= 256 * 1024 * 1024, `${maxRss} bytes`);
    });

    it('tells how far it is, never backwards, and leaves the caller\'s thread free', async () => {
      const seen: number[] = [];
      await snapshotReader(bundles).verify(inDir('large.db'), { signal: never, onProgress: ({ done, total }) => seen.push(done / total) });
      assert.ok(seen.length > 1, `${seen.length} reports`);
      assert.deepEqual(seen, seen.toSorted((a, b) => a - b));
      assert.ok(seen.every(fraction => fraction >= 0 && fraction <= 1));
    });

    it('ends at once when it is cancelled', async () => {
      const cancel = new AbortController();
      const outcome = codeFor(snapshotReader(bundles).verify(inDir('large.db'), { signal: cancel.signal, onProgress: () => { cancel.abort(); } }));
      assert.equal(await outcome, 'CANCELLED');
      assert.equal(await codeFor(snapshotReader(bundles).verify(inDir('large.db'), { signal: cancel.signal })), 'CANCELLED');
    });

    it('notices that the file changes meanwhile', async () => {
      let once = false;
      const outcome = codeFor(snapshotReader(bundles).verify(inDir('large.db'), {
        signal: never,
        onProgress: () => {
          if (!once) utimesSync(inDir('large.db'), 1, 1);
          once = true;
        },
      }));
      assert.equal(await outcome, 'SNAPSHOT_CHANGED');
    });
  });

  it('never changes what it reads', async () => {
    await snapshotReader(bundles).verify(inDir('etcd.db'), { signal: never });
    assert.deepEqual(new Uint8Array(readFileSync(inDir('etcd.db'))), snapshot);
  });
});
