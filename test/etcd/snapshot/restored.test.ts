import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { etcdVersions } from '../../../scripts/etcdVersions.js';
import type { EtcdVersion } from '../../../scripts/etcdVersions.js';
import { freePorts } from '../../../scripts/freePorts.js';
import { wasmMemory } from '../../../src/core/snapshot/crc32c/pageMemory.js';
import { foretellHashKv } from '../../../src/core/snapshot/foretell.js';
import { hashKvOf } from '../../../src/core/snapshot/hashKv.js';
import { openBytes, seed, verifyBytes } from '../../core/snapshot/memoryFile.js';
import { realClusters } from '../realCluster.js';
import type { RealCluster } from '../realCluster.js';
import { RealMember } from '../realMember.js';
import { Gateway } from './gateway.js';
import { liveHashKv, ourStatus, runTool, toolStatus } from './tools.js';

const memory = wasmMemory();
const versions = etcdVersions();
const oldest = versions[0];
const newest = versions.at(-1);

describe('a restored database', function () {
  this.timeout(60_000);
  const start = realClusters();

  /** Restores a snapshot with the tool of `version` and answers the new database file. */
  async function restore({ etcdctl, etcdutl }: EtcdVersion, snapshot: string, dataDir: string, ...flags: readonly string[]): Promise<string> {
    const peer = 'http://127.0.0.1:2';
    await runTool(etcdutl ?? etcdctl, 'snapshot', 'restore', snapshot, `--data-dir=${dataDir}`, '--name=new', '--initial-cluster-token=fresh',
      `--initial-cluster=new=${peer}`, `--initial-advertise-peer-urls=${peer}`, ...flags);
    return path.join(dataDir, 'member', 'snap', 'db');
  }

  /** Starts etcd on a restored data directory for as long as `use` takes. */
  async function serve(version: EtcdVersion, dataDir: string, use: (member: RealMember) => Promise<void>): Promise<void> {
    const [clientPort = 0, peerPort = 0] = await freePorts(2);
    const [clientUrl, peerUrl] = [`http://127.0.0.1:${clientPort}`, `http://127.0.0.1:${peerPort}`];
    const member = new RealMember({
      name: 'new', clientUrl, peerUrl, dataDir, logFile: `${dataDir}.log`, etcd: version.etcd,
      flags: ['--name=new', `--data-dir=${dataDir}`, `--listen-client-urls=${clientUrl}`, `--advertise-client-urls=${clientUrl}`, `--listen-peer-urls=${peerUrl}`],
    });
    await member.start();
    try {
      await runTool(version.etcdctl, `--endpoints=${clientUrl}`, 'get', 'x', '--dial-timeout=10s', '--command-timeout=20s');
      await use(member);
    } finally {
      await member.kill();
    }
  }

  const liveOf = async ({ etcdctl }: EtcdVersion, member: RealMember, revision: bigint): Promise<ReturnType<typeof liveHashKv>> =>
    liveHashKv(await runTool(etcdctl, `--endpoints=${member.clientUrl}`, 'endpoint', 'hashkv', '--write-out=json'), revision);

  async function busyCluster(version: EtcdVersion): Promise<{ readonly cluster: RealCluster; readonly file: string }> {
    const cluster = await start({ version, noFsync: true });
    const gateway = new Gateway(cluster.members[0]?.clientUrl ?? '');
    for (let i = 0; i < 60; i++) await gateway.put(`/registry/pods/${i % 17}`, `value ${i}`);
    await gateway.deleteAll('/registry/pods/3');
    await gateway.compact(40n);
    await gateway.putAll([['/registry/a', '1'], ['/registry/b', '2'], ['/registry/c', '3']]);
    const file = path.join(cluster.dir, 'before.db');
    await cluster.etcdctl('snapshot', 'save', file);
    return { cluster, file };
  }

  for (const version of versions) {
    it(`answers the foretold HashKV without a bump: etcd ${version.version}`, async () => {
      const { cluster, file } = await busyCluster(version);
      const report = verifyBytes(readFileSync(file), memory);
      const dataDir = path.join(cluster.dir, 'plain');
      const restored = await restore(version, file, dataDir);
      const bare = verifyBytes(readFileSync(restored), memory);
      assert.equal(bare.trailer, 'absent');
      assert.equal(ourStatus(bare.status, version), await toolStatus(version, restored));
      assert.deepEqual(bare.hashKv, report.hashKv);
      await serve(version, dataDir, async member => {
        assert.deepEqual(await liveOf(version, member, report.status.revision), foretellHashKv(report, 0n));
      });
    });

    if (version.etcdutl === undefined) continue;
    it(`answers the foretold HashKV after a bump, and again after a second one: etcd ${version.version}`, async () => {
      const { cluster, file } = await busyCluster(version);
      let snapshot = file;
      for (const bump of [1_000_000_000n, 5000n]) {
        const report = verifyBytes(readFileSync(snapshot), memory);
        const dataDir = path.join(cluster.dir, `bumped-${bump}`);
        const restored = await restore(version, snapshot, dataDir, `--bump-revision=${bump}`, '--mark-compacted');
        const bare = verifyBytes(readFileSync(restored), memory);
        assert.equal(ourStatus(bare.status, version), await toolStatus(version, restored));
        const foretold = foretellHashKv(report, bump);
        assert.deepEqual(bare.hashKv, foretold);
        assert.equal(bare.status.keys.live, report.status.keys.live);
        await serve(version, dataDir, async member => {
          assert.deepEqual(await liveOf(version, member, report.status.revision + bump), foretold);
          await new Gateway(member.clientUrl).put('/registry/pods/5', 'after the restore');
          snapshot = path.join(cluster.dir, `after-${bump}.db`);
          await runTool(version.etcdctl, `--endpoints=${member.clientUrl}`, 'snapshot', 'save', snapshot);
        });
        const after = verifyBytes(readFileSync(snapshot), memory);
        for (const other of versions) assert.equal(ourStatus(after.status, other), await toolStatus(other, snapshot));
      }
    });
  }

  it('keeps the members of the old cluster when etcd 3.4 restores it, and names the new one from 3.5 on', async () => {
    for (const version of versions) {
      const { cluster, file } = await busyCluster(version);
      const restored = await restore(version, file, path.join(cluster.dir, 'members'));
      const before = verifyBytes(readFileSync(file), memory).status.members;
      const { members } = verifyBytes(readFileSync(restored), memory).status;
      if (version.etcdutl === undefined) assert.deepEqual(members, before);
      else assert.deepEqual(members.map(({ name, peerUrls }) => [name, peerUrls]), [['new', ['http://127.0.0.1:2']]]);
    }
  });

  it('that ends in a compacted tombstone hashes differently on an old server, as asked for', async () => {
    assert.ok(oldest && newest && oldest !== newest);
    const cluster = await start({ version: newest, noFsync: true });
    const gateway = new Gateway(cluster.members[0]?.clientUrl ?? '');
    await gateway.put('/a', '1');
    await gateway.deleteAll('/a');
    await gateway.compact(3n);
    const file = path.join(cluster.dir, 'tombstone.db');
    await cluster.etcdctl('snapshot', 'save', file);
    const hashes: bigint[] = [];
    for (const version of [oldest, newest]) {
      const dataDir = path.join(cluster.dir, version.version);
      const restored = await restore(version, file, dataDir);
      const hashCompactedTombstone = version === oldest;
      const { hash } = hashKvOf(openBytes(readFileSync(restored), memory), { hashCompactedTombstone }, seed);
      await serve(version, dataDir, async member => { assert.equal((await liveOf(version, member, 3n)).hash, hash); });
      hashes.push(BigInt(hash));
    }
    assert.notEqual(hashes[0], hashes[1]);
  });
});
