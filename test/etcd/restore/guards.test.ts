import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { etcdVersions } from '../../../scripts/etcdVersions.js';
import { beginRestore, digestOf, takeRestoreBack, wayBack } from '../../../src/node/restore/restoreRun.js';
import { startCommandCluster, writeKeys } from './commandCluster.js';
import { finished, journalOf, planFor } from './restoreKit.js';

const versions = etcdVersions();
const newest35 = versions.findLast(({ version }) => version.startsWith('3.5'));
const oldest34 = versions.find(({ version }) => version === '3.4.23');

describe('on real etcd', function () {
  this.timeout(120_000);

  if (newest35 !== undefined) {
    it('refuses when the settings swap the data directories of two members', async () => {
      await using cluster = await startCommandCluster(newest35, 3);
      const snapshot = join(cluster.dir, 'snapshots/demo.db');
      await cluster.etcdctl(['put', '/a', '1'], ['m1']);
      await cluster.etcdctl(['snapshot', 'save', snapshot], ['m1']);
      const [first, second, ...rest] = cluster.definition.members;
      assert(first !== undefined && second !== undefined);
      const swapped = { ...cluster.definition, members: [{ ...first, dataDir: second.dataDir }, { ...second, dataDir: first.dataDir }, ...rest] };
      const tools = [dirname(newest35.etcdctl)];
      assert.deepEqual(await planFor(swapped, snapshot, '20261122t030000z-aaaa', tools),
        { refusals: [{ code: 'DATA_DIR_OF_ANOTHER', args: { member: 'm1' } }, { code: 'DATA_DIR_OF_ANOTHER', args: { member: 'm2' } }] });
      assert('plan' in await planFor(cluster.definition, snapshot, '20261122t030000z-aaaa', tools));
    });

    it('of two restores, takes the later back first, and then the earlier', async () => {
      await using cluster = await startCommandCluster(newest35, 1);
      const snapshot = join(cluster.dir, 'snapshots/demo.db');
      const journals = join(cluster.dir, 'journals');
      await writeKeys(cluster, newest35, 10, 'v');
      await cluster.etcdctl(['snapshot', 'save', snapshot]);
      await cluster.etcdctl(['put', '/only', 'before both']);
      const plans = [];
      for (const run of ['20261122t030000z-aaaa', '20261122t040000z-bbbb']) {
        const planned = await planFor(cluster.definition, snapshot, run, [dirname(newest35.etcdctl)]);
        assert('plan' in planned, JSON.stringify(planned));
        await finished(context => beginRestore(context, planned.plan, digestOf(planned.plan)), journals);
        await cluster.etcdctl(['put', '/only', `after ${run}`]);
        plans.push(planned.plan);
      }
      const back = async (run: string) => {
        const record = await journalOf(journals, run);
        await finished(async context => takeRestoreBack(context, record, (await wayBack(context, record)).digest), journals);
        return (await cluster.etcdctl(['get', '/only', '--print-value-only'])).trim();
      };
      const [first = '', second = ''] = plans.map(({ run }) => run);
      await assert.rejects(back(first), { code: 'NEWER_RUN', args: { run: second, dataDir: join(cluster.dir, 'm1') } });
      assert.equal(await back(second), `after ${first}`);
      assert.equal(await back(first), 'before both');
    });
  }

  if (oldest34 !== undefined) {
    it('restores with etcdctl 3.4.23 alone, and says that revisions go back', async () => {
      await using cluster = await startCommandCluster(oldest34, 3);
      const snapshot = join(cluster.dir, 'snapshots/demo.db');
      await cluster.etcdctl(['put', '/a', '1'], ['m1']);
      await cluster.etcdctl(['del', '/a'], ['m1']);
      await writeKeys(cluster, oldest34, 120, 'v');
      await cluster.etcdctl(['compact', '3'], ['m1']);
      await cluster.etcdctl(['snapshot', 'save', snapshot], ['m1']);
      await cluster.etcdctl(['put', '/later', 'x'], ['m1']);
      const planned = await planFor(cluster.definition, snapshot, '20261122t030000z-aaaa', []);
      assert('plan' in planned, JSON.stringify(planned));
      assert.deepEqual(planned.plan.subject.tools.map(({ version }) => version), ['3.4.23']);
      assert(planned.plan.subject.warnings.some(({ code }) => code === 'REVISIONS_GO_BACK'));
      await finished(context => beginRestore(context, planned.plan, digestOf(planned.plan)), join(cluster.dir, 'journals'));
      const keys = (await cluster.etcdctl(['get', '', '--prefix', '--keys-only'], ['m3'])).split('\n').filter(line => line !== '');
      assert.equal(keys.length, 120);
    });
  }
});
