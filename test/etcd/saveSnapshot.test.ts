import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { Etcd3 } from 'etcd3';
import { etcdVersions } from '../../scripts/etcdVersions.js';
import type { EtcdEndpoint } from '../../src/core/cluster/status.js';
import { connectEtcd } from '../../src/node/etcd/connectEtcd.js';
import { saveSnapshot } from '../../src/node/snapshot/saveSnapshot.js';
import type { SaveOptions } from '../../src/node/snapshot/saveSnapshot.js';
import { skip } from '../skip.js';
import { faultyProxy } from './faultyProxy.js';
import type { Fault } from './faultyProxy.js';
import { realClusters } from './realCluster.js';
import type { RealCluster } from './realCluster.js';

const run = promisify(execFile);
const { signal } = new AbortController();
const workerDir = path.resolve('src/node/snapshot');
const MiB = 1 << 20;

const urlOf = (cluster: RealCluster): string => cluster.members[0]?.clientUrl ?? assert.fail();

/** About 30 MB, most of it one letter. */
async function fill(cluster: RealCluster): Promise<void> {
  const client = new Etcd3({ hosts: urlOf(cluster) });
  for (let i = 0; i < 60; i++) await client.put(`/registry/${i}`).value(Buffer.alloc(MiB / 2, 'x'));
  client.close();
}

const half = (change: (bytes: Buffer) => Buffer | undefined): Fault => (bytes, sent) => sent > 15 * MiB ? change(bytes) : bytes;

for (const version of etcdVersions()) {
  describe(`a snapshot of etcd ${version.version}`, function () {
    this.timeout(120_000);
    const start = realClusters();
    let cluster: RealCluster;
    let dir = '';
    let made = 0;
    const file = (): string => path.join(dir, `${made++}.db`);

    before(async () => {
      cluster = await start({ version, noFsync: true });
      dir = path.join(cluster.dir, 'snapshots');
      await fill(cluster);
    });

    const save = async (url: string, to: string, options: Partial<SaveOptions> = {}): Promise<Awaited<ReturnType<typeof saveSnapshot>>> => {
      const etcd: EtcdEndpoint = await connectEtcd(url);
      try {
        return await saveSnapshot(etcd, to, { workerDir, signal, ...options });
      } finally {
        etcd.close();
      }
    };
    const refuses = async (url: string, expected: RegExp, options?: Partial<SaveOptions>): Promise<void> => {
      const before = await readdir(dir);
      await assert.rejects(save(url, file(), options), (error: Error & { code?: unknown }) => expected.test(typeof error.code === 'string' ? error.code : error.name) || assert.fail(error));
      assert.deepEqual(await readdir(dir), before);
    };

    it('is whole, the owner\'s alone, and etcd\'s own tool restores it with its hash checked', async () => {
      const seen: number[] = [];
      const totals = new Set<number | undefined>();
      const saved = await save(urlOf(cluster), file(), { onProgress: p => { seen.push(p.receivedBytes); totals.add(p.totalBytes); } });
      const bytes = await readFile(saved.path);
      assert.equal(saved.sizeBytes, bytes.length);
      assert.equal(saved.sizeBytes % 512, 32);
      assert.equal(saved.sha256, createHash('sha256').update(bytes.subarray(0, -32)).digest('hex'));
      assert.equal((await stat(saved.path)).mode & 0o777, 0o600);
      assert.ok(seen.length > 20 && seen.every((n, i) => i === 0 || n > (seen[i - 1] ?? 0)));
      assert.deepEqual([...totals], [undefined, saved.sizeBytes]);
      const tool = version.etcdutl ?? version.etcdctl;
      await run(tool, ['snapshot', 'restore', saved.path, '--data-dir', path.join(cluster.dir, 'restored')], { env: { ETCDCTL_API: '3' } });
      assert.deepEqual((await readdir(dir)).filter(name => name.includes('.part')), []);
    });

    it('has the content that etcdctl saves', async () => {
      const [ours, theirs] = [file(), file()];
      await save(urlOf(cluster), ours);
      await cluster.etcdctl('snapshot', 'save', theirs);
      const tool = version.etcdutl ?? version.etcdctl;
      const [one, other] = await Promise.all([ours, theirs].map(async saved =>
        (await run(tool, ['snapshot', 'status', saved, '-w', 'json'], { env: { ETCDCTL_API: '3' } })).stdout));
      assert.equal(one, other);
    });

    it('is refused when the connection is cut half way', async () => {
      await using proxy = await faultyProxy(urlOf(cluster), half(() => undefined));
      await refuses(proxy.url, /^ETCD_CONNECTION_LOST$/);
    });

    it('is refused when one byte is changed half way', async () => {
      let changed = 0;
      await using proxy = await faultyProxy(urlOf(cluster), half(bytes => {
        const at = changed === 0 ? bytes.indexOf('xxxxxxxxxxxxxxxx') : -1;
        if (at < 0) return bytes;
        changed++;
        const other = Buffer.from(bytes);
        other[at + 8] = 0x79;
        return other;
      }));
      await refuses(proxy.url, /^SAVE_HASH_MISMATCH$/);
      assert.equal(changed, 1);
    });

    it('is refused, without hanging, when the bytes between are lost', async () => {
      await using proxy = await faultyProxy(urlOf(cluster), (bytes, sent) => sent > 15 * MiB && sent < 16 * MiB ? Buffer.alloc(0) : bytes);
      await refuses(proxy.url, /^(ETCD_CONNECTION_LOST|SAVE_HASH_MISMATCH|SAVE_STREAM_CUT)$/);
    });

    it('is given up at once when cancelled', async () => {
      const cancel = new AbortController();
      await refuses(urlOf(cluster), /^AbortError$/, {
        signal: cancel.signal,
        onProgress: ({ receivedBytes, totalBytes }) => { if (receivedBytes > (totalBytes ?? Infinity) / 2) cancel.abort(); },
      });
      await refuses(urlOf(cluster), /^AbortError$/, { signal: AbortSignal.abort() });
    });

    it('is refused on a disk that is too small or becomes full, in words about the disk', async function () {
      const disk = path.join(cluster.dir, 'disk');
      await mkdir(disk);
      if (await run('mount', ['-t', 'tmpfs', '-o', 'size=40m', 'tmpfs', disk]).then(() => false, () => true)) skip(this, 'a small file system can be mounted by root only');
      try {
        await assert.rejects(save(urlOf(cluster), path.join(disk, 'full.db'), {
          onProgress: ({ totalBytes }) => { if (totalBytes !== undefined) try { writeFileSync(path.join(disk, 'other'), Buffer.alloc(30 * MiB)); } catch { /* full by now */ } },
        }), { code: 'SAVE_DISK_FULL' });
        assert.deepEqual(await readdir(disk), ['other']);
        await assert.rejects(save(urlOf(cluster), path.join(disk, 'small.db')), { code: 'SAVE_NO_SPACE' });
        assert.deepEqual(await readdir(disk), ['other']);
        await rm(path.join(disk, 'other'));
        assert.ok((await save(urlOf(cluster), path.join(disk, 'fits.db'))).sizeBytes > 30 * MiB);
      } finally {
        await run('umount', [disk]);
      }
    });

    it('is refused when etcd is killed half way, and can be taken after its restart', async () => {
      const [member] = cluster.members;
      assert.ok(member);
      await using proxy = await faultyProxy(urlOf(cluster), bytes => bytes);
      let killed: Promise<void> | undefined;
      await refuses(proxy.url, /^ETCD_(CONNECTION_LOST|UNREACHABLE)$/, { onProgress: ({ receivedBytes }) => { if (receivedBytes > 10 * MiB) killed ??= member.kill(); } });
      await killed;
      await member.start();
      await cluster.untilHealthy();
      assert.ok((await save(urlOf(cluster), file())).sizeBytes > 30 * MiB);
    });

    it('comes over mutual TLS just the same', async () => {
      const secure = await start({ version, tls: true });
      const { caFile, client } = secure.certificates ?? assert.fail();
      const etcd = await connectEtcd(urlOf(secure), { caFile, ...client });
      const saved = await saveSnapshot(etcd, file(), { workerDir, signal });
      etcd.close();
      assert.equal((await stat(saved.path)).size, saved.sizeBytes);
    });
  });
}
