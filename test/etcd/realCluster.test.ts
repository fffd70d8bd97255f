import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { etcdVersions } from '../../scripts/etcdVersions.js';
import { realClusters, startRealCluster } from './realCluster.js';

const versions = etcdVersions();

describe('a real cluster', function () {
  this.timeout(120_000);
  const start = realClusters();

  it('finds at least one version of etcd', () => {
    assert.ok(versions.length > 0);
  });

  for (const version of versions) {
    it(`${version.version}: three members serve, and a stopped one comes back`, async () => {
      const cluster = await start({ version, size: 3, noFsync: true });
      const [first, second] = cluster.members;
      assert.ok(first && second);
      await cluster.etcdctl('put', '/registry/a', '1');
      await first.stop();
      assert.equal(first.pid, undefined);
      await cluster.etcdctlAt(second, 'put', '/registry/a', '2');
      await first.start();
      await cluster.untilHealthy();
      assert.equal(await cluster.etcdctlAt(first, 'get', '/registry/a', '--print-value-only'), '2\n');
      await second.kill();
      assert.equal(second.pid, undefined);
      assert.ok((await stat(path.join(second.dataDir, 'member/snap/db'))).size > 0);
    });

    it(`${version.version}: mutual TLS and a password`, async () => {
      const cluster = await start({ version, tls: true, rootPassword: 'se:cret' });
      await cluster.etcdctl('put', 'k', 'v');
      assert.equal(await cluster.etcdctl('get', 'k', '--print-value-only'), 'v\n');
    });
  }

  it('leaves no process and no folder behind', async () => {
    const [version] = versions;
    assert.ok(version);
    const cluster = await startRealCluster({ version });
    const pid = cluster.members[0]?.pid;
    assert.ok(pid);
    await cluster[Symbol.asyncDispose]();
    assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
    assert.equal(existsSync(cluster.dir), false);
  });
});
