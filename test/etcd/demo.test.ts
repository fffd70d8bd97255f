import assert from 'node:assert/strict';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startDemo } from '../../demo/startDemo.js';
import type { Demo } from '../../demo/startDemo.js';
import { etcdVersions } from '../../scripts/etcdVersions.js';

describe('the demo', function () {
  this.timeout(120_000);

  for (const etcd of etcdVersions()) {
    describe(`on etcd ${etcd.version}`, () => {
      let dir = '';
      let demo: Demo;

      before(async () => {
        dir = await mkdtemp(path.join(tmpdir(), 'etcd-demo-'));
        demo = await startDemo({ dir, etcd });
      });

      after(async () => {
        await demo.stop();
        await rm(dir, { recursive: true, force: true });
      });

      it('has more than 2,000 keys below /registry, and a snapshot of them', async () => {
        assert.ok(demo.keys >= 2000, `${demo.keys} keys`);
        const keys = (await demo.etcdctl('get', '/registry/', '--prefix', '--keys-only')).split('\n').filter(line => line !== '');
        assert.equal(keys.length, demo.keys);
        assert.ok((await stat(demo.snapshot)).size % 512 === 32);
      });

      it('stops a member and starts it again with the commands that the cluster definition names', async () => {
        await demo.stopMember('cp-2');
        await assert.rejects(demo.etcdctl('endpoint', 'health', '--command-timeout=2s'));
        await demo.stopMember('cp-2');
        await demo.startMember('cp-2');
        await demo.startMember('cp-2');
        await demo.untilHealthy();
      });

      it('names a member that it does not have', async () => {
        await assert.rejects(demo.startMember('cp-9'), /no member "cp-9"/);
      });
    });
  }
});
