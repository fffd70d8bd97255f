import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdir, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { etcdVersions } from '../../../scripts/etcdVersions.js';
import { standing } from '../../../src/core/journal.js';
import { oldDataGone } from '../../../src/node/restore/oldDataGone.js';
import { beginRestore, digestOf, resumeRun, takeRestoreBack, wayBack } from '../../../src/node/restore/restoreRun.js';
import { startCommandCluster, writeKeys, type CommandCluster } from './commandCluster.js';
import { contextOf, finished, journalOf, planFor } from './restoreKit.js';

const newest35 = etcdVersions().findLast(({ version }) => version.startsWith('3.5'));
const run = '20261122t030000z-aaaa';
const sh = promisify(execFile);

/** The clean-up that README tells, as it stands there, in every data directory. */
async function readmesCleanUp(cluster: CommandCluster): Promise<void> {
  const line = /^cd \/var\/lib\/etcd\/m1 && (rm .*)$/m.exec(await readFile(join(import.meta.dirname, '../../../README.md'), 'utf8'))?.[1] ?? assert.fail('README has no clean-up');
  for (const { dataDir } of cluster.definition.members) await sh('/bin/sh', ['-c', line.replaceAll('RUN', run)], { cwd: dataDir });
}

if (newest35 !== undefined) describe('taking back after a clean-up, on real etcd', function () {
  this.timeout(120_000);
  const names = ['m1', 'm2', 'm3'];

  async function restored(): Promise<CommandCluster & { readonly back: () => Promise<void>; readonly journals: string }> {
    const cluster = await startCommandCluster(newest35 ?? assert.fail(), 3);
    const journals = join(cluster.dir, 'journals');
    const snapshot = join(cluster.dir, 'snapshots/demo.db');
    await writeKeys(cluster, newest35 ?? assert.fail(), 10, 'v');
    await cluster.etcdctl(['snapshot', 'save', snapshot], ['m1']);
    await cluster.etcdctl(['put', '/only', 'before the restore'], ['m1']);
    const planned = await planFor(cluster.definition, snapshot, run, [dirname(newest35?.etcdctl ?? '')]);
    assert('plan' in planned, JSON.stringify(planned));
    await finished(context => beginRestore(context, planned.plan, digestOf(planned.plan)), journals);
    const back = async () => {
      const record = await journalOf(journals, run);
      await finished(async context => takeRestoreBack(context, record, (await wayBack(context, record)).digest), journals);
    };
    return { ...cluster, back, journals };
  }
  const rest = async (cluster: CommandCluster, name: string) => (await readdir(join(cluster.dir, name))).filter(each => !each.startsWith('.recovery') && !each.endsWith('.journal')).sort();
  const pids = (cluster: CommandCluster) => Promise.all(names.map(name => readFile(join(cluster.dir, `${name}.pid`), 'utf8')));

  it('leaves every member running after README\'s own, names what is gone, and a new restore can be planned', async () => {
    await using cluster = await restored();
    const gone = async () => oldDataGone(contextOf(cluster.journals), await journalOf(cluster.journals, run), new AbortController().signal);
    assert.deepEqual(await gone(), []);
    await readmesCleanUp(cluster);
    assert.deepEqual(await gone(), names.map(name => join(cluster.dir, name, `rescue-${run}`)));
    for (const name of names) assert.deepEqual(await readdir(join(cluster.dir, name)), ['member']);
    const before = await pids(cluster);
    await assert.rejects(cluster.back(), { code: 'WAY_BACK_MISSING', args: { path: join(cluster.dir, 'm3', `rescue-${run}`), host: 'local' } });
    assert(await cluster.running());
    assert.deepEqual(await pids(cluster), before);
    await cluster.untilHealthy();
    for (const name of names) assert.deepEqual(await rest(cluster, name), ['member']);
    assert.equal(standing((await journalOf(cluster.journals, run)).entries), 'finished');
    assert('plan' in await planFor(cluster.definition, join(cluster.dir, 'snapshots/demo.db'), '20261122t040000z-bbbb', [dirname(newest35.etcdctl)]));
  });

  it('is refused while the old data of one member is elsewhere, and goes once that is put back, though the emptied folders are gone', async () => {
    await using cluster = await restored();
    for (const name of names) await sh('rm', ['-r', '--', join(cluster.dir, name, `.restore-${run}`)]);
    const [aside, elsewhere] = [join(cluster.dir, 'm2', `rescue-${run}`), join(cluster.dir, 'elsewhere')];
    await rename(aside, elsewhere);
    await assert.rejects(cluster.back(), { code: 'WAY_BACK_MISSING', args: { path: aside, host: 'local' } });
    assert(await cluster.running());
    await rename(elsewhere, aside);
    await cluster.back();
    assert.equal((await cluster.etcdctl(['get', '/only', '--print-value-only'], ['m1'])).trim(), 'before the restore');
    for (const name of names) assert.deepEqual(await rest(cluster, name), [`.restore-${run}`, 'member']);
  });

  it('that was interrupted is looked at anew: nothing more is stopped while old data is missing, and then it goes on', async () => {
    await using cluster = await restored();
    const record = await journalOf(cluster.journals, run);
    const cut = new AbortController();
    const { digest } = await wayBack(contextOf(cluster.journals), record);
    const end = await takeRestoreBack(contextOf(cluster.journals, { signal: cut.signal, onEntry: entry => { if (entry.event === 'takingBack') cut.abort(); } }), record, digest);
    assert.equal(end.end, 'cancelled');
    const [aside, elsewhere] = [join(cluster.dir, 'm1', `rescue-${run}`), join(cluster.dir, 'elsewhere')];
    await rename(aside, elsewhere);
    const resume = async () => resumeRun(contextOf(cluster.journals), await journalOf(cluster.journals, run), record.opening.digest);
    await assert.rejects(resume(), { code: 'WAY_BACK_MISSING', args: { path: aside, host: 'local' } });
    assert(await cluster.running());
    await rename(elsewhere, aside);
    assert.deepEqual(await resume(), { end: 'finished' });
    assert.equal((await cluster.etcdctl(['get', '/only', '--print-value-only'], ['m1'])).trim(), 'before the restore');
  });
});
