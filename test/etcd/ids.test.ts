import assert from 'node:assert/strict';
import path from 'node:path';
import { etcdVersions } from '../../scripts/etcdVersions.js';
import { freePorts } from '../../scripts/freePorts.js';
import { predictIds } from '../../src/core/cluster/ids.js';
import type { EndpointStatus } from '../../src/core/cluster/status.js';
import { connectEtcd } from '../../src/node/etcd/connectEtcd.js';
import { realClusters } from './realCluster.js';
import { RealMember } from './realMember.js';

async function statusOf(endpoint: string): Promise<EndpointStatus> {
  const etcd = await connectEtcd(endpoint);
  try {
    for (let tries = 0; ; tries++) {
      try {
        const status = await etcd.status(new AbortController().signal);
        if (status.leaderId !== 0n) return status;
      } catch (error) {
        if (tries > 100) throw error;
      }
      await new Promise(resolve => { setTimeout(resolve, 100); });
    }
  } finally {
    etcd.close();
  }
}

for (const version of etcdVersions()) {
  describe(`the ids etcd ${version.version} gives`, function () {
    this.timeout(60_000);
    const start = realClusters();

    /** One member on its own with these peer URLs, in this order. */
    const statusWith = async (peerUrls: readonly string[], clientHost: string, token: string): Promise<EndpointStatus> => {
      const { dir } = await start({ version, noFsync: true });
      const [port] = await freePorts(1);
      const clientUrl = `http://${clientHost}:${port ?? 0}`;
      const dataDir = path.join(dir, 'alone');
      const member = new RealMember({
        name: 'alone', clientUrl, peerUrl: peerUrls.join(), dataDir, logFile: `${dataDir}.log`, etcd: version.etcd,
        flags: ['--name=alone', `--data-dir=${dataDir}`, `--listen-client-urls=${clientUrl}`, `--advertise-client-urls=${clientUrl}`,
          `--listen-peer-urls=http://127.0.0.1:${(await freePorts(1))[0] ?? 0}`, `--initial-advertise-peer-urls=${peerUrls.join()}`,
          `--initial-cluster=${peerUrls.map(url => `alone=${url}`).join()}`, `--initial-cluster-token=${token}`],
      });
      await member.start();
      try {
        return await statusOf(clientUrl);
      } finally {
        await member.kill();
      }
    };

    for (const size of [1, 3, 5] as const) {
      it(`are those predicted, with ${size} ${size === 1 ? 'member' : 'members'}`, async () => {
        const cluster = await start({ version, size, noFsync: true });
        const all = await Promise.all(cluster.members.map(m => statusOf(m.clientUrl)));
        assert.deepEqual(
          { memberIds: all.map(s => s.memberId), clusterIds: [...new Set(all.map(s => s.clusterId))] },
          (({ memberIds, clusterId }) => ({ memberIds, clusterIds: [clusterId] }))(predictIds(cluster.members.map(m => [m.peerUrl]), cluster.token)));
      });
    }

    it('are those predicted, with several peer URLs in any order, IPv6 among them', async () => {
      const urls = ['http://[::1]:23801', 'http://127.0.0.1:23802', 'http://127.0.0.1:23801'];
      const status = await statusWith(urls, '[::1]', 'several');
      const predicted = predictIds([urls], 'several');
      assert.equal(status.memberId, predicted.memberIds[0]);
      assert.equal(status.clusterId, predicted.clusterId);
    });

    it('tell a member that was started with default flags', async () => {
      const status = await statusWith(['http://localhost:2380'], '127.0.0.1', 'etcd-cluster');
      assert.deepEqual({ clusterId: status.clusterId, memberId: status.memberId }, { clusterId: 0xcdf818194e3a8c32n, memberId: 0x8e9e05c52164694dn });
    });
  });
}
