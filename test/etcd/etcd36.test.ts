import assert from 'node:assert/strict';
import path from 'node:path';
import { compareVersions, etcdVersions } from '../../scripts/etcdVersions.js';
import type { EtcdEndpoint } from '../../src/core/cluster/status.js';
import { saveSnapshot } from '../../src/node/snapshot/saveSnapshot.js';
import { bundledEndpoint } from '../node/etcd/bundledEndpoint.js';
import { realClusters } from './realCluster.js';

const { signal } = new AbortController();

for (const version of etcdVersions()) {
  const isNew = compareVersions(version.version, '3.6.0') >= 0;
  describe(`the bundled client on etcd ${version.version}`, function () {
    this.timeout(60_000);
    const start = realClusters();
    let bundle: Awaited<ReturnType<typeof bundledEndpoint>>;
    let etcd: EtcdEndpoint;
    let dir = '';

    before(async () => {
      const cluster = await start({ version, noFsync: true, flags: ['--quota-backend-bytes=4294967296'] });
      const url = new URL(cluster.members[0]?.clientUrl ?? '');
      ({ dir } = cluster);
      bundle = await bundledEndpoint();
      etcd = bundle.open({ endpoint: url.href, address: url.host, timeoutMs: 5000 });
      await cluster.etcdctl('put', 'a', '1');
      await cluster.etcdctl('put', 'a', '2');
    });
    after(async () => {
      etcd.close();
      await bundle[Symbol.asyncDispose]();
    });

    it(isNew ? 'tells the storage version, the quota and whether a downgrade runs' : 'leaves out what came with 3.6', async () => {
      // The storage version is set a moment after the start.
      let status = await etcd.status(signal);
      for (let tries = 0; isNew && status.storageVersion === undefined && tries < 100; tries++) {
        await new Promise(resolve => { setTimeout(resolve, 100); });
        status = await etcd.status(signal);
      }
      assert.equal(status.storageVersion, isNew ? version.version.replace(/\.\d+$/, '.0') : undefined);
      assert.equal(status.dbSizeQuota, isNew ? 4_294_967_296 : undefined);
      assert.deepEqual(status.downgrade, isNew ? { enabled: false, targetVersion: '' } : undefined);
      assert.equal(status.version, version.version);
    });

    it('tells the revision that HashKV hashed', async () => {
      assert.equal((await etcd.hashKv(2n, signal)).revision, 2n);
      assert.equal((await etcd.hashKv(0n, signal)).revision, 3n);
    });

    it('tells the storage version of a snapshot that is saved', async () => {
      const saved = await saveSnapshot(etcd, path.join(dir, 'a.db'), { workerDir: path.resolve('src/node/snapshot'), signal });
      assert.equal(saved.storageVersion, isNew ? version.version.replace(/\.\d+$/, '.0') : undefined);
    });
  });
}
