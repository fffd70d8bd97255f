import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { etcdVersions } from '../../scripts/etcdVersions.js';
import type { TlsFiles } from '../../src/core/cluster/definition.js';
import { predictIds } from '../../src/core/cluster/ids.js';
import { hexId } from '../../src/core/cluster/status.js';
import type { EtcdEndpoint } from '../../src/core/cluster/status.js';
import { connectEtcd } from '../../src/node/etcd/connectEtcd.js';
import type { ConnectOptions } from '../../src/node/etcd/connectEtcd.js';
import { realClusters } from './realCluster.js';
import type { RealCluster } from './realCluster.js';
import type { RealMember } from './realMember.js';

const { signal } = new AbortController();

const tlsOf = (cluster: RealCluster): TlsFiles | undefined =>
  cluster.certificates && { caFile: cluster.certificates.caFile, ...cluster.certificates.client };

/** Connects, and closes when `use` has ended. */
async function asking<T>(endpoint: string, tls: TlsFiles | undefined, use: (etcd: EtcdEndpoint) => Promise<T>, options?: ConnectOptions): Promise<T> {
  const etcd = await connectEtcd(endpoint, tls, options);
  try {
    return await use(etcd);
  } finally {
    etcd.close();
  }
}

const first = (cluster: RealCluster): RealMember => {
  const [member] = cluster.members;
  assert.ok(member);
  return member;
};

async function readSnapshot(etcd: EtcdEndpoint): Promise<Buffer> {
  const blobs: Uint8Array[] = [];
  for await (const chunks of etcd.snapshot(signal)) for (const chunk of chunks) blobs.push(...chunk.blobs);
  return Buffer.concat(blobs);
}

const isWhole = (snapshot: Buffer): boolean =>
  createHash('sha256').update(snapshot.subarray(0, -32)).digest().equals(snapshot.subarray(-32));

for (const version of etcdVersions()) {
  describe(`the etcd adapter on ${version.version}`, function () {
    this.timeout(120_000);
    const start = realClusters();

    describe('three members with mutual TLS', () => {
      let cluster: RealCluster;
      before(async () => {
        cluster = await start({ version, size: 3, tls: true, noFsync: true });
        for (let i = 0; i < 20; i++) await cluster.etcdctlAt(first(cluster), 'put', `/registry/k${i}`, 'v'.repeat(i));
      });

      it('reads the member list as etcdctl prints it', async () => {
        const { members } = await asking(first(cluster).clientUrl, tlsOf(cluster), etcd => etcd.members(signal));
        const lines = members.map(m => [hexId(m.id), 'started', m.name, m.peerUrls.join(','), m.clientUrls.join(','), String(m.isLearner)].join(', '));
        assert.deepEqual(lines.sort(), (await cluster.etcdctl('member', 'list')).trim().split('\n').sort());
      });

      it('reads each member\'s own status, and all agree on the leader', async () => {
        const all = await Promise.all(cluster.members.map(m => asking(m.clientUrl, tlsOf(cluster), etcd => etcd.status(signal))));
        for (const status of all) {
          const printed = await cluster.etcdctl('endpoint', 'status');
          assert.match(printed, new RegExp(`${status.endpoint}, ${hexId(status.memberId)}, ${version.version.replaceAll('.', '\\.')}, .*, ${String(status.memberId === status.leaderId)}, false, ${status.raftTerm}, `));
          assert.equal(status.version, version.version);
          assert.equal(status.revision, 21n);
          assert.ok(status.dbSizeInUse > 0 && status.dbSizeInUse <= status.dbSize);
        }
        assert.equal(new Set(all.map(s => s.memberId)).size, 3);
        assert.equal(new Set(all.map(s => s.leaderId)).size, 1);
      });

      it('finds the very ids that were predicted', async () => {
        const predicted = predictIds(cluster.members.map(m => [m.peerUrl]), cluster.token);
        const all = await Promise.all(cluster.members.map(m => asking(m.clientUrl, tlsOf(cluster), etcd => etcd.status(signal))));
        assert.deepEqual(all.map(s => s.memberId), predicted.memberIds);
        assert.ok(all.every(s => s.clusterId === predicted.clusterId));
      });

      it('reads HashKV as etcdctl prints it, and says why a revision cannot be hashed', async () => {
        await asking(first(cluster).clientUrl, tlsOf(cluster), async etcd => {
          const printed = await cluster.etcdctlAt(first(cluster), 'endpoint', 'hashkv');
          const hash = await etcd.hashKv(0n, signal);
          assert.equal(hash.hash, Number(printed.split(', ')[1]));
          assert.equal(hash.revision, 21n);
          assert.equal((await etcd.hashKv(10n, signal)).revision, 10n);
          await assert.rejects(etcd.hashKv(99n, signal), { code: 'ETCD_FUTURE_REVISION' });
          await cluster.etcdctlAt(first(cluster), 'compact', '15');
          await assert.rejects(etcd.hashKv(10n, signal), { code: 'ETCD_COMPACTED' });
          assert.equal((await etcd.hashKv(0n, signal)).compactRevision, 15n);
        });
      });

      it('is healthy, without alarms, and streams a whole snapshot', async () => {
        await asking(first(cluster).clientUrl, tlsOf(cluster), async etcd => {
          assert.equal((await etcd.health(signal)).healthy, true);
          assert.deepEqual(await etcd.alarms(signal), []);
          assert.ok(isWhole(await readSnapshot(etcd)));
        });
      });

      it('finds a stopped member again with the same client', async () => {
        const [, , member] = cluster.members;
        assert.ok(member);
        await asking(member.clientUrl, tlsOf(cluster), async etcd => {
          await etcd.status(signal);
          await member.stop();
          await assert.rejects(etcd.status(signal), { code: 'ETCD_UNREACHABLE' });
          await assert.rejects(etcd.status(signal), { code: 'ETCD_UNREACHABLE' });
          await member.start();
          await cluster.untilHealthy();
          assert.equal((await etcd.status(signal)).version, version.version);
        });
      });

      it('without a quorum still answers what one member can: list, status, HashKV, snapshot', async () => {
        const [survivor, ...rest] = cluster.members;
        assert.ok(survivor);
        await Promise.all(rest.map(member => member.kill()));
        await asking(survivor.clientUrl, tlsOf(cluster), async etcd => {
          const health = await etcd.health(signal);
          assert.ok(!health.healthy);
          assert.match(health.reason.code, /^ETCD_(NO_LEADER|TIMEOUT)$/, JSON.stringify(health.reason));
          assert.equal((await etcd.members(signal)).members.length, 3);
          assert.equal((await etcd.status(signal)).leaderId, 0n);
          assert.equal((await etcd.hashKv(0n, signal)).revision, 21n);
          assert.ok(isWhole(await readSnapshot(etcd)));
          await assert.rejects(etcd.alarms(signal), { code: /^ETCD_(NO_LEADER|TIMEOUT)$/ });
        }, { timeoutMs: 3000 });
      });
    });

    it('with users: says that one is missing or wrong, and works with the right one across a restart', async () => {
      const cluster = await start({ version, tls: true, rootPassword: 'se:cret', noFsync: true });
      const member = first(cluster);
      const tls = { caFile: cluster.certificates?.caFile ?? '', ...cluster.certificates?.server, serverName: 'localhost' };
      await asking(member.clientUrl, tls, async etcd => {
        await assert.rejects(etcd.hashKv(0n, signal), { code: /^ETCD_(AUTH_REQUIRED|PERMISSION_DENIED)$/ });
        await assert.rejects(readSnapshot(etcd), { code: /^ETCD_(AUTH_REQUIRED|PERMISSION_DENIED)$/ });
      });
      await assert.rejects(asking(member.clientUrl, tls, etcd => etcd.hashKv(0n, signal), { user: { name: 'root', password: 'wrong' } }),
        { code: 'ETCD_AUTH_FAILED' });
      await asking(member.clientUrl, tls, async etcd => {
        assert.equal((await etcd.health(signal)).healthy, true);
        assert.ok(isWhole(await readSnapshot(etcd)));
        await member.stop();
        await member.start();
        await cluster.untilHealthy();
        assert.equal((await etcd.health(signal)).healthy, true);
        assert.ok((await etcd.hashKv(0n, signal)).hash > 0);
        assert.ok(isWhole(await readSnapshot(etcd)));
      }, { user: { name: 'root', password: 'se:cret' } });
    });

    it('with a user given to an etcd that has none: works', async () => {
      const cluster = await start({ version, noFsync: true });
      await asking(first(cluster).clientUrl, undefined, async etcd => {
        assert.equal((await etcd.health(signal)).healthy, true);
        assert.ok(isWhole(await readSnapshot(etcd)));
      }, { user: { name: 'root', password: 'x' } });
    });

    it('names the alarm and its member when the quota is used up', async () => {
      const cluster = await start({ version, noFsync: true, flags: ['--quota-backend-bytes=1048576'] });
      const value = 'x'.repeat(100_000);
      for (let i = 0; i < 30; i++) await cluster.etcdctl('put', `/${i}`, value).catch(() => undefined);
      await asking(first(cluster).clientUrl, undefined, async etcd => {
        const status = await etcd.status(signal);
        assert.deepEqual(await etcd.alarms(signal), [{ memberId: status.memberId, kind: 'NOSPACE' }]);
        assert.match(status.errors.join(), /NOSPACE/);
      });
    });

    it('stops waiting at once when cancelled, and gives a frozen etcd only its time', async () => {
      const cluster = await start({ version, noFsync: true });
      const { pid, clientUrl } = first(cluster);
      assert.ok(pid);
      await asking(clientUrl, undefined, async etcd => {
        await etcd.status(signal);
        process.kill(pid, 'SIGSTOP');
        // Every thread must have stopped, which takes a busy machine a moment.
        const running = async (): Promise<boolean> => (await Promise.all((await readdir(`/proc/${pid}/task`)).map(thread =>
          readFile(`/proc/${pid}/task/${thread}/stat`, 'utf8')))).some(line => !line.includes(') T '));
        while (await running()) await new Promise(resolve => { setTimeout(resolve, 10); });
        try {
          const cancel = new AbortController();
          const waiting = assert.rejects(etcd.status(cancel.signal), { name: 'AbortError' });
          cancel.abort();
          await waiting;
          await assert.rejects(etcd.status(cancel.signal), { name: 'AbortError' });
          await assert.rejects(etcd.status(signal), { code: 'ETCD_TIMEOUT' });
          const health = await etcd.health(signal);
          assert.ok(!health.healthy);
          assert.match(health.reason.code, /^ETCD_(TIMEOUT|NO_ANSWER)$/);
        } finally {
          process.kill(pid, 'SIGCONT');
        }
        assert.equal((await etcd.status(signal)).version, version.version);
      }, { timeoutMs: 500 });
    });
  });
}
