import assert from 'node:assert/strict';
import { readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { etcdVersions } from '../../../scripts/etcdVersions.js';
import { stepsOf } from '../../../src/core/plan.js';
import { beginRestore, digestOf, takeRestoreBack, wayBack } from '../../../src/node/restore/restoreRun.js';
import { startCommandCluster, writeKeys } from './commandCluster.js';
import { finished, journalOf, planFor } from './restoreKit.js';

/** A process that has ended and was not reaped yet has none any more. */
const commandOf = (pid: string): Promise<string> => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');

const run = '20261122t030000z-aaaa';

for (const { version, etcd, etcdctl } of [...new Set([etcdVersions().find(each => each.version.startsWith('3.4')), etcdVersions().findLast(each => each.version.startsWith('3.5'))])].filter(each => each !== undefined)) {
  describe(`members of etcd ${version} whose data was removed under them`, function () {
    this.timeout(120_000);

    for (const [size, lost] of [[1, ['m1']], [3, ['m2', 'm3']], [3, ['m1', 'm2', 'm3']]] as const) {
      it(`${lost.join(', ')} of ${size}: the restore is planned with a warning, stops their processes, and brings the keys back; taking back brings back what there is`, async () => {
        await using cluster = await startCommandCluster({ version, etcd, etcdctl }, size);
        const snapshot = join(cluster.dir, 'snapshots/demo.db');
        await writeKeys(cluster, { version, etcd, etcdctl }, 100, 'v');
        await cluster.etcdctl(['snapshot', 'save', snapshot], ['m1']);
        const pids = await Promise.all(lost.map(name => readFile(join(cluster.dir, `${name}.pid`), 'utf8')));
        for (const name of lost) await rm(join(cluster.dir, name, 'member'), { recursive: true });
        assert(await cluster.running());
        const planned = await planFor(cluster.definition, snapshot, run, [dirname(etcdctl)]);
        assert('plan' in planned, JSON.stringify(planned));
        const { plan } = planned;
        assert.deepEqual(plan.subject.warnings.filter(({ code }) => code === 'RUNS_ON_DELETED').map(({ args }) => args), lost.map((member, at) => ({ member, pids: pids[at]?.trim() })));
        // What has no data to come back to is stopped for good.
        for (const { id, undo } of stepsOf(plan).filter(({ act }) => act.do === 'stop')) assert.equal(undo === 'nothing', lost.some(name => id === `stop@${name}`), id);
        await finished(context => beginRestore(context, plan, digestOf(plan)), join(cluster.dir, 'journals'));
        for (const pid of pids) assert.equal(await commandOf(pid.trim()), '', `process ${pid}`);
        for (const { name } of cluster.definition.members) assert.match(await cluster.etcdctl(['get', '/registry/configmaps/default/c-99'], [name]), /v-99/);

        const record = await journalOf(join(cluster.dir, 'journals'), run);
        await finished(async context => takeRestoreBack(context, record, (await wayBack(context, record)).digest), join(cluster.dir, 'journals'));
        for (const { name } of cluster.definition.members) assert.equal((await readdir(join(cluster.dir, name))).includes('member'), !lost.some(each => each === name), name);
      });
    }
  });
}
