import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { chmod, link, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import type { EtcdEndpoint, SnapshotChunk } from '../../../src/core/cluster/status.js';
import { prepareScript, publishScript } from '../../../src/core/host/snapshotScripts.js';
import { localHost } from '../../../src/node/host/localHost.js';
import { copyFromHost } from '../../../src/node/snapshot/copyFromHost.js';
import { copyToHost } from '../../../src/node/snapshot/copyToHost.js';
import { listOnHost, prepareOnHost, publishOnHost } from '../../../src/node/snapshot/receiveOnHost.js';
import { saveOnHost } from '../../../src/node/snapshot/saveOnHost.js';

const { signal } = new AbortController();
const db = randomBytes(300_000);
const trailer = createHash('sha256').update(db).digest();
const whole = Buffer.concat([db, trailer]);

/** A member that sends these bytes. */
function sending(bytes: Buffer, size = 32_768): EtcdEndpoint {
  const unused = (): never => assert.fail('only the snapshot is asked for');
  const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at): SnapshotChunk =>
    ({ blobs: [bytes.subarray(at * size, (at + 1) * size)], remainingBytes: Math.max(0, db.length - (at + 1) * size) }));
  return {
    endpoint: 'http://fake:1', status: unused, members: unused, alarms: unused, health: unused, hashKv: unused, close: unused,
    snapshot: () => Readable.from(chunks.map(chunk => [chunk])),
  };
}

describe('snapshots on a host', () => {
  let dir = '', folder = '';
  const host = localHost('cp-1');
  const there = (name: string): string => path.join(folder, name);
  const here = (name: string): string => path.join(dir, name);
  const place = (name: string) => ({ folder, name });
  beforeEach(async () => {
    dir = await mkdtemp(path.join(tmpdir(), 'host-snapshots-'));
    folder = path.join(dir, 'deep', 'snapshots');
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  describe('are listed', () => {
    it('by size, time and name, and nothing else that lies there', async () => {
      assert.deepEqual(await listOnHost(host, folder, signal), { entries: [], more: 0 });
      await mkdir(folder, { recursive: true });
      for (const [name, seconds] of [['old.db', 1000], ['new.db', 3000], ['half.db.incoming.part', 2000]] as const) {
        await writeFile(there(name), name);
        await utimes(there(name), seconds, seconds);
      }
      for (const name of ['-rf.db', '.hidden.db', 'a b.db', 'two\nlines.db', 'ta\tb.db', 'notes.txt', '@LISTED.db', '$(id).db']) await writeFile(there(name), '');
      await mkdir(there('directory.db'));
      await symlink('/etc/passwd', there('link.db'));
      const { entries, more } = await listOnHost(host, folder, signal);
      assert.deepEqual(entries, [
        { path: there('new.db'), name: 'new.db', size: 6, mtimeMs: 3_000_000, partial: false },
        { path: there('half.db.incoming.part'), name: 'half.db.incoming.part', size: 21, mtimeMs: 2_000_000, partial: true },
        { path: there('old.db'), name: 'old.db', size: 6, mtimeMs: 1_000_000, partial: false },
      ]);
      assert.equal(more, 0);
    });

    it('200 at most, and the others counted', async () => {
      await mkdir(folder, { recursive: true });
      await Promise.all(Array.from({ length: 1205 }, async (_, n) => { await writeFile(there(`s${n}.db`), ''); await utimes(there(`s${n}.db`), n, n); }));
      const { entries, more } = await listOnHost(host, folder, signal);
      assert.deepEqual([entries.length, entries[0]?.name, more], [200, 's1204.db', 1005]);
    });
  });

  describe('are saved there', () => {
    for (const size of [32_768, 7777, 200_000]) {
      it(`byte for byte, readable by their owner only, from messages of ${size} bytes`, async () => {
        const saved = await saveOnHost(sending(whole, size), host, place('a.db'), { signal });
        assert.deepEqual(saved, { path: there('a.db'), sizeBytes: whole.length, sha256: trailer.toString('hex'), endpoint: 'http://fake:1' });
        assert.ok(whole.equals(await readFile(there('a.db'))));
        assert.deepEqual(await readdir(folder), ['a.db']);
        assert.deepEqual([(await stat(there('a.db'))).mode & 0o777, (await stat(folder)).mode & 0o777], [0o600, 0o700]);
      });
    }

    it('only whole: what the member cut off or damaged leaves nothing', async () => {
      const damaged = Buffer.from(whole);
      damaged[1000] = (damaged[1000] ?? 0) ^ 1;
      for (const [bytes, code] of [[whole.subarray(0, 1000), 'SAVE_STREAM_CUT'], [db, 'SAVE_TRAILER_MISSING'], [damaged, 'SAVE_HASH_MISMATCH'], [Buffer.concat([whole, trailer]), 'SAVE_STREAM_TOO_LONG']] as const) {
        await assert.rejects(saveOnHost(sending(bytes), host, place('a.db'), { signal }), { code });
        assert.deepEqual(await readdir(folder), [], code);
      }
    });

    it('under a free name only, and in a folder that nobody else can write to', async () => {
      await mkdir(folder, { recursive: true });
      await writeFile(there('a.db'), 'older');
      await symlink('/nowhere', there('b.db'));
      for (const name of ['a.db', 'b.db']) await assert.rejects(saveOnHost(sending(whole), host, place(name), { signal }), { code: 'FILE_EXISTS' });
      assert.equal(await readFile(there('a.db'), 'utf8'), 'older');
      for (const mode of [0o770, 0o707, 0o1777, 0o702]) {
        await chmod(folder, mode);
        await assert.rejects(saveOnHost(sending(whole), host, place('c.db'), { signal }), { code: 'FILE_UNWRITABLE' }, mode.toString(8));
      }
      await symlink(folder, here('link'));
      await assert.rejects(saveOnHost(sending(whole), host, { folder: here('link'), name: 'c.db' }, { signal }), { code: 'FILE_UNWRITABLE' });
    });

    it('not at all where they do not fit', async () => {
      await assert.rejects(prepareOnHost(host, place('a.db'), 2 ** 60, signal), { code: 'SAVE_NO_SPACE' });
    });

    it('under their name only once the sha256 of what lies on the disk is right; what differs is removed', async () => {
      await mkdir(folder, { recursive: true });
      await writeFile(there('a.db.incoming'), 'damaged');
      await assert.rejects(publishOnHost(host, place('a.db'), 'a'.repeat(64), signal), { code: 'SAVE_COPY_DIFFERS' });
      assert.deepEqual(await readdir(folder), []);
      await assert.rejects(publishOnHost(host, place('a.db'), 'a'.repeat(64), signal), { code: 'FILE_UNWRITABLE' });
      await writeFile(there('a.db.incoming'), 'right');
      await writeFile(there('a.db'), 'somebody was first');
      const right = createHash('sha256').update('right').digest('hex');
      await assert.rejects(publishOnHost(host, place('a.db'), right, signal), { code: 'FILE_EXISTS' });
      assert.equal(await readFile(there('a.db'), 'utf8'), 'somebody was first');
    });
  });

  describe('are copied', () => {
    beforeEach(() => writeFile(here('a.db'), whole));

    it('to a host with their time, when their sha256 was compared there', async () => {
      await utimes(here('a.db'), 5000, 1_700_000_000.25);
      const seen: number[] = [];
      await copyToHost(host, here('a.db'), place('b.db'), { signal, onProgress: n => seen.push(n) });
      assert.ok(whole.equals(await readFile(there('b.db'))));
      const { mode, mtimeMs } = await stat(there('b.db'));
      assert.deepEqual([mode & 0o777, mtimeMs], [0o600, 1_700_000_000_250]);
      assert.equal(seen.at(-1), whole.length);
      assert.deepEqual(await readdir(folder), ['b.db']);
      await assert.rejects(copyToHost(host, here('a.db'), place('b.db'), { signal }), { code: 'FILE_EXISTS' });
    });

    it('to a host not at all when the file changes meanwhile', async () => {
      const changing = { ...host, upload: async (...args: Parameters<typeof host.upload>) => { await host.upload(...args); await writeFile(here('a.db'), 'another'); } };
      await assert.rejects(copyToHost(changing, here('a.db'), place('b.db'), { signal }), { code: 'SAVE_COPY_DIFFERS' });
      assert.deepEqual(await readdir(folder), []);
    });

    it('leaving nothing there when they are cancelled', async () => {
      const stop = new AbortController();
      await assert.rejects(copyToHost(host, here('a.db'), place('b.db'), { signal: stop.signal, onProgress: () => { stop.abort(); } }), { name: 'AbortError' });
      assert.deepEqual(await readdir(folder), []);
    });

    it('to this machine with their time, readable by their owner only, and replace nothing', async () => {
      await utimes(here('a.db'), 5000, 1_700_000_000.25);
      await copyFromHost(host, here('a.db'), there('b.db'), { signal });
      assert.ok(whole.equals(await readFile(there('b.db'))));
      const { mode, mtimeMs } = await stat(there('b.db'));
      assert.deepEqual([mode & 0o777, mtimeMs], [0o600, 1_700_000_000_250]);
      assert.deepEqual(await readdir(folder), ['b.db']);
      await assert.rejects(copyFromHost(host, here('a.db'), there('b.db'), { signal }), { code: 'FILE_EXISTS' });
      await assert.rejects(copyFromHost(host, here('none.db'), there('c.db'), { signal }), { code: 'FILE_UNREADABLE' });
    });

    it('to this machine not at all when what comes is damaged', async () => {
      const damaging = { ...host, async *stream(...args: Parameters<typeof host.stream>) {
        for await (const piece of host.stream(...args)) yield Buffer.from(piece).fill(7, 100, 101);
      } };
      await assert.rejects(copyFromHost(damaging, here('a.db'), there('b.db'), { signal }), { code: 'SAVE_COPY_DIFFERS' });
      assert.deepEqual(await readdir(folder), []);
    });

    it('going on with what is the beginning of this very file, and with nothing else', async () => {
      await mkdir(folder, { recursive: true });
      const begunAt = async (): Promise<number | undefined> => {
        const seen: number[] = [];
        await copyFromHost(host, here('a.db'), there('b.db'), { signal, onProgress: n => seen.push(n) });
        assert.ok(whole.equals(await readFile(there('b.db'))));
        await rm(there('b.db'));
        return seen[0];
      };
      await writeFile(there('b.db.part'), whole.subarray(0, 100_000), { mode: 0o600 });
      assert.equal(await begunAt(), 100_000);
      assert.deepEqual(await readdir(folder), []);
      await writeFile(there('b.db.part'), randomBytes(100), { mode: 0o600 });
      assert.equal(await begunAt(), 0);
      await writeFile(there('b.db.2.part'), whole.subarray(0, 50_000), { mode: 0o600 });
      assert.equal(await begunAt(), 50_000);
      assert.deepEqual(await readdir(folder), ['b.db.part'], 'what is another file stays as it is');
      await rm(there('b.db.part'));
      await writeFile(here('aside'), whole.subarray(0, 100), { mode: 0o600 });
      await link(here('aside'), there('b.db.part'));
      assert.equal(await begunAt(), 0, 'a file with another name may be somebody else\'s');
      await rm(there('b.db.part'));
      await symlink(here('aside'), there('b.db.part'));
      assert.equal(await begunAt(), 0, 'a link is not followed');
      assert.equal((await stat(here('aside'))).size, 100);
    });
  });

  it('have places that are arguments of a script, never its text', () => {
    const hostile = { folder: '/srv/$(touch x)', name: 'a.db' };
    for (const { text } of [prepareScript(hostile), publishScript(hostile, 'a')]) assert.ok(!text.includes('touch x'));
  });
});
