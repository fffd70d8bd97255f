import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import type { EtcdEndpoint, SnapshotChunk } from '../../../src/core/cluster/status.js';
import { saveSnapshot } from '../../../src/node/snapshot/saveSnapshot.js';

const db = Buffer.from('the database '.repeat(200_000));
const trailer = createHash('sha256').update(db).digest();
const { signal } = new AbortController();
const workerDir = path.resolve('src/node/snapshot');

/** The messages of a server that sends these bytes and tells that many. */
function messages(bytes: Buffer, told = db.length, size = 32_768): SnapshotChunk[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) => {
    const blob = bytes.subarray(at * size, (at + 1) * size);
    return { blobs: [blob.subarray(0, 100), blob.subarray(100)], remainingBytes: Math.max(0, told - at * size - blob.length) };
  });
}

/** A server that misbehaves on purpose, which a real etcd cannot be made to do. */
function sending(chunks: readonly SnapshotChunk[]): EtcdEndpoint {
  const unused = (): never => assert.fail('only the snapshot is asked for');
  const batches = chunks.flatMap((_, at) => at % 3 === 0 ? [chunks.slice(at, at + 3)] : []);
  return {
    endpoint: 'http://fake:1', status: unused, members: unused, alarms: unused, health: unused, hashKv: unused, close: unused,
    snapshot: () => Readable.from(batches),
  };
}

describe('saving a snapshot', () => {
  let dir = '';
  beforeEach(async () => { dir = await mkdtemp(path.join(tmpdir(), 'save-')); });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  const refuses = async (chunks: readonly SnapshotChunk[], code: string): Promise<void> => {
    await assert.rejects(saveSnapshot(sending(chunks), path.join(dir, 'a.db'), { workerDir, signal }), { code });
    assert.deepEqual(await readdir(dir), [], code);
  };

  for (const size of [1 << 20, 32_768, 7777, 511]) {
    it(`keeps every byte, with messages of ${size} bytes that hold a part of the trailer or not`, async () => {
      const file = path.join(dir, 'a.db');
      const saved = await saveSnapshot(sending(messages(Buffer.concat([db, trailer]), db.length, size)), file, { workerDir, signal });
      assert.deepEqual(saved, { path: file, sizeBytes: db.length + 32, sha256: trailer.toString('hex'), endpoint: 'http://fake:1' });
      assert.ok((await readFile(file)).equals(Buffer.concat([db, trailer])));
      assert.deepEqual(await readdir(dir), ['a.db']);
    });
  }

  it('refuses a stream that ends early, at any place', async () => {
    await refuses([], 'SAVE_STREAM_CUT');
    await refuses(messages(db.subarray(0, 1)), 'SAVE_STREAM_CUT');
    await refuses(messages(db.subarray(0, -1)), 'SAVE_STREAM_CUT');
  });

  it('refuses a stream whose last message says that more remains', async () => {
    const chunks = messages(Buffer.concat([db, trailer]));
    await refuses([...chunks.slice(0, -1), ...chunks.slice(-1).map(({ blobs }) => ({ blobs, remainingBytes: 512 }))], 'SAVE_STREAM_CUT');
  });

  it('refuses a stream without its whole trailer', async () => {
    await refuses(messages(db), 'SAVE_TRAILER_MISSING');
    await refuses(messages(Buffer.concat([db, trailer.subarray(1)])), 'SAVE_TRAILER_MISSING');
  });

  it('refuses a stream with more than was announced', async () => {
    await refuses(messages(Buffer.concat([db, trailer, trailer])), 'SAVE_STREAM_TOO_LONG');
  });

  it('refuses a stream with one bit changed, in the database or in the trailer', async () => {
    const whole = Buffer.concat([db, trailer]);
    for (const at of [0, 1_000_000, db.length - 1, db.length, whole.length - 1]) {
      const changed = Buffer.from(whole);
      changed[at] = (changed[at] ?? 0) ^ 4;
      await refuses(messages(changed), 'SAVE_HASH_MISMATCH');
    }
  });

  it('refuses before the first byte is written what the disk cannot hold', async () => {
    await refuses([{ blobs: [db], remainingBytes: 2 ** 52 }], 'SAVE_NO_SPACE');
  });

  it('makes the folder for its owner only, and the file too', async () => {
    const file = path.join(dir, 'new', 'er', 'a.db');
    await saveSnapshot(sending(messages(Buffer.concat([db, trailer]))), file, { workerDir, signal });
    assert.equal((await stat(file)).mode & 0o777, 0o600);
    assert.equal((await stat(path.dirname(file))).mode & 0o777, 0o700);
  });

  it('replaces nothing: neither what was there before nor what came meanwhile', async () => {
    const file = path.join(dir, 'a.db');
    await writeFile(file, 'mine');
    await assert.rejects(saveSnapshot(sending(messages(Buffer.concat([db, trailer]))), file, { workerDir, signal }), { code: 'FILE_EXISTS', args: { path: file } });
    const other = path.join(dir, 'b.db');
    const onProgress = (): void => { void writeFile(other, 'mine'); };
    await assert.rejects(saveSnapshot(sending(messages(Buffer.concat([db, trailer]))), other, { workerDir, signal, onProgress }), { code: 'FILE_EXISTS' });
    assert.deepEqual([await readFile(file, 'utf8'), await readFile(other, 'utf8')], ['mine', 'mine']);
    assert.deepEqual(await readdir(dir), ['a.db', 'b.db']);
  });

  it('is not stopped by the part file of a killed attempt, and leaves it alone', async () => {
    const file = path.join(dir, 'a.db');
    await writeFile(`${file}.part`, 'half');
    await saveSnapshot(sending(messages(Buffer.concat([db, trailer]))), file, { workerDir, signal });
    assert.deepEqual(await readdir(dir), ['a.db', 'a.db.part']);
    assert.equal(await readFile(`${file}.part`, 'utf8'), 'half');
  });

  it('of several attempts at one name lets exactly one win', async () => {
    const file = path.join(dir, 'a.db');
    const results = await Promise.allSettled(Array.from({ length: 6 }, () => saveSnapshot(sending(messages(Buffer.concat([db, trailer]))), file, { workerDir, signal })));
    assert.equal(results.filter(r => r.status === 'fulfilled').length, 1);
    for (const r of results) if (r.status === 'rejected') assert.equal((r.reason as { code?: unknown }).code, 'FILE_EXISTS');
    assert.deepEqual(await readdir(dir), ['a.db']);
    assert.ok((await readFile(file)).equals(Buffer.concat([db, trailer])));
  });

  it('says which folder cannot be used', async () => {
    await writeFile(path.join(dir, 'file'), '');
    await assert.rejects(saveSnapshot(sending([]), path.join(dir, 'file', 'a.db'), { workerDir, signal }), { code: 'SAVE_WRITE_FAILED' });
  });
});
