import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { EtcdEndpoint, SnapshotChunk } from '../../src/core/cluster/status.js';
import { copyFromHost } from '../../src/node/snapshot/copyFromHost.js';
import { copyToHost } from '../../src/node/snapshot/copyToHost.js';
import { listOnHost } from '../../src/node/snapshot/receiveOnHost.js';
import { saveOnHost } from '../../src/node/snapshot/saveOnHost.js';
import type { SshHost, SshHosts } from '../../src/node/ssh/sshHosts.lazy.js';
import { addUser, hostEntry, hostsWith, never, openPlace, startSshd, type Place, type RealSshd, type TemporaryUser } from './realSshd.js';

const db = randomBytes(20_000_000);
const trailer = createHash('sha256').update(db).digest();
const whole = Buffer.concat([db, trailer]);

/** A member that sends its snapshot as etcd does, and on the way does what it is told. */
function member(meanwhile: (sent: number) => Promise<void> = () => Promise.resolve()): EtcdEndpoint {
  const unused = (): never => assert.fail('only the snapshot is asked for');
  return {
    endpoint: 'http://member:1', status: unused, members: unused, alarms: unused, health: unused, hashKv: unused, close: unused,
    async *snapshot() {
      for (let at = 0; at < whole.length; at += 32_768) {
        const chunk: SnapshotChunk = { blobs: [whole.subarray(at, at + 32_768)], remainingBytes: Math.max(0, db.length - at - 32_768) };
        yield [chunk];
        await meanwhile(at);
      }
    },
  };
}

describe('snapshots on a host behind SSH', function () {
  this.timeout(120_000);
  let place: Place, sshd: RealSshd, hosts: SshHosts, host: SshHost, user: TemporaryUser, folder: string;

  before(async () => {
    place = await openPlace();
    user = await addUser({ sudoers: 'USER ALL=(ALL) NOPASSWD: ALL\n' });
    await place.key('key');
    sshd = await startSshd(place, { authorized: await place.read('key.pub') });
    await place.write('known', sshd.known);
    const way = { IdentityFile: place.at('key'), UserKnownHostsFile: place.at('known') };
    hosts = await hostsWith(place, hostEntry('cp-1', sshd.port, way) + hostEntry('by-sudo', sshd.port, { ...way, User: user.name }));
    host = await hosts.host('cp-1', { sudo: 'auto' }, never);
    await writeFile(place.at('source.db'), whole);
  });

  let round = 0;
  beforeEach(() => { folder = place.at(`snapshots-${++round}`); });

  after(async () => {
    await hosts.close();
    await sshd[Symbol.asyncDispose]();
    await user[Symbol.asyncDispose]();
    await place[Symbol.asyncDispose]();
  });

  const onHost = (name: string): string => path.join(folder, name);

  it('are saved and listed as root, whoever logs in', async () => {
    for (const one of [host, await hosts.host('by-sudo', { sudo: 'auto' }, never)]) {
      folder = place.at(`saved-by-${one.name}`);
      await saveOnHost(member(), one, { folder, name: 'a.db' }, { signal: never });
      assert.ok(whole.equals(await readFile(onHost('a.db'))));
      const { uid, mode } = await stat(onHost('a.db'));
      assert.deepEqual([uid, mode & 0o777, (await stat(folder)).mode & 0o777], [0, 0o600, 0o700]);
      const { entries } = await listOnHost(one, folder, never);
      assert.deepEqual(entries.map(({ name, size, partial }) => ({ name, size, partial })), [{ name: 'a.db', size: whole.length, partial: false }]);
    }
  });

  it('are not said to be saved when the connection is cut, and nothing of them is left once it is back', async () => {
    let cuts = 0;
    const cutting = member(async sent => { if (sent > 5_000_000 && cuts++ === 0) await sshd.cut(); });
    await assert.rejects(saveOnHost(cutting, host, { folder, name: 'a.db' }, { signal: never }), { code: 'HOST_LOST' });
    assert.deepEqual(await readdir(folder), []);
  });

  it('are copied to the host, going on where a cut connection ended it', async () => {
    const to = { folder, name: 'b.db' };
    let cuts = 0;
    await assert.rejects(copyToHost(host, place.at('source.db'), to, { signal: never, onProgress: n => { if (n > 5_000_000 && cuts++ === 0) void sshd.cut(); } }), { code: 'HOST_LOST' });
    assert.deepEqual(await readdir(folder), ['b.db.incoming.part']);
    assert.deepEqual((await listOnHost(host, folder, never)).entries.map(({ name, partial }) => [name, partial]), [['b.db.incoming.part', true]]);
    const seen: number[] = [];
    await copyToHost(host, place.at('source.db'), to, { signal: never, onProgress: n => seen.push(n) });
    assert.ok((seen[0] ?? 0) > 1_000_000, String(seen[0]));
    assert.ok(whole.equals(await readFile(onHost('b.db'))));
    assert.deepEqual(await readdir(folder), ['b.db']);
  });

  it('are copied from the host, going on where a cut connection ended it', async () => {
    const to = onHost('c.db');
    let cuts = 0;
    await assert.rejects(copyFromHost(host, place.at('source.db'), to, { signal: never, onProgress: n => { if (n > 5_000_000 && cuts++ === 0) void sshd.cut(); } }), { code: 'HOST_LOST' });
    assert.deepEqual(await readdir(folder), ['c.db.part']);
    assert.equal((await stat(`${to}.part`)).mode & 0o777, 0o600);
    const seen: number[] = [];
    await copyFromHost(host, place.at('source.db'), to, { signal: never, onProgress: n => seen.push(n) });
    assert.ok((seen[0] ?? 0) > 5_000_000, String(seen[0]));
    assert.ok(whole.equals(await readFile(to)));
    assert.deepEqual(await readdir(folder), ['c.db']);
  });

  it('are not gone on with where the file on the host is another one now', async () => {
    await writeFile(place.at('changing.db'), whole);
    let cuts = 0;
    await assert.rejects(copyFromHost(host, place.at('changing.db'), onHost('d.db'), { signal: never, onProgress: n => { if (n > 5_000_000 && cuts++ === 0) void sshd.cut(); } }), { code: 'HOST_LOST' });
    const other = randomBytes(8_000_000);
    await writeFile(place.at('changing.db'), other);
    const seen: number[] = [];
    await copyFromHost(host, place.at('changing.db'), onHost('d.db'), { signal: never, onProgress: n => seen.push(n) });
    assert.equal(seen[0], 0);
    assert.ok(other.equals(await readFile(onHost('d.db'))));
  });

  it('are refused and removed when they arrive damaged, both ways', async () => {
    const damage = async (file: string): Promise<void> => {
      const bytes = await readFile(file);
      bytes[10_000_000] = (bytes[10_000_000] ?? 0) ^ 1;
      await writeFile(file, bytes);
    };
    const badDisk = { ...host, upload: async (...args: Parameters<SshHost['upload']>) => { await host.upload(...args); await damage(args[1]); } };
    await assert.rejects(copyToHost(badDisk, place.at('source.db'), { folder, name: 'e.db' }, { signal: never }), { code: 'SAVE_COPY_DIFFERS' });
    assert.deepEqual(await readdir(folder), []);
    await writeFile(place.at('short.db'), whole);
    let cuts = 0;
    // It grows shorter while it is read: what comes is the beginning only, and no error tells.
    await assert.rejects(copyFromHost(host, place.at('short.db'), onHost('f.db'), {
      signal: never, onProgress: n => { if (n > 2_000_000 && cuts++ === 0) void truncate(place.at('short.db'), 1_000_000); },
    }), { code: 'SAVE_COPY_DIFFERS' });
    assert.deepEqual(await readdir(folder), []);
  });
});
