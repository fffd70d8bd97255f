import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { etcdVersions } from '../../../scripts/etcdVersions.js';
import { readJournal, standing } from '../../../src/core/journal.js';
import { digestOf, resumeRun, takeRestoreBack, wayBack } from '../../../src/node/restore/restoreRun.js';
import { startCommandCluster, writeKeys, type CommandCluster } from '../restore/commandCluster.js';
import { contextOf, finished, planFor } from '../restore/restoreKit.js';
import { checkRestored, holders, KEYS, seen } from './scene.js';
import { onHosts, planOn, Scripts } from './scriptRun.js';

const newest35 = etcdVersions().findLast(({ version }) => version.startsWith('3.5'));
const names = ['m1', 'm2', 'm3'];

if (newest35 !== undefined) describe('generated scripts that are killed', function () {
  this.timeout(240_000);
  let cluster: CommandCluster;
  let runs = 0;
  before(async () => {
    cluster = await startCommandCluster(newest35, 3);
    await writeKeys(cluster, newest35, KEYS, 'before');
    await cluster.etcdctl(['snapshot', 'save', join(cluster.dir, 'snapshots/demo.db')], ['m1']);
    await cluster.etcdctl(['put', '/later', 'written after the snapshot'], ['m1']);
  });
  after(async () => { await cluster[Symbol.asyncDispose](); });

  const nextRun = (): string => `20261122t0${String(runs++).padStart(2, '0')}000z-aaaa`;
  const scriptsOn = async () => {
    const plan = await planOn(cluster, onHosts(cluster), newest35, nextRun());
    return { plan, scripts: await Scripts.of(join(cluster.dir, plan.run), plan) };
  };
  const takenBack = async (scripts: Scripts, before: Awaited<ReturnType<typeof seen>>) => {
    const { code, text } = await scripts.run('take-back.sh');
    assert.equal(code, 0, text);
    assert.deepEqual(await seen(cluster, names), before);
    assert.deepEqual(await holders(cluster), []);
  };

  for (const [mark, steps] of [['(stage@m1)', 'too'], ['(stop@m3)', 'go on'], ['(move-aside@m2)', 'too'], ['(start@m3)', 'go on']] as const) {
    it(`at ${mark}, while what it began ${steps === 'too' ? 'is killed as well' : 'goes on'}, go on and end as foretold`, async () => {
      const before = await seen(cluster, names);
      const { plan, scripts } = await scriptsOn();
      await scripts.killAt('restore.sh', mark, steps, cluster.dir);
      const { code, text } = await scripts.run('restore.sh');
      assert.equal(code, 0, text);
      await checkRestored(cluster, plan, names);
      await takenBack(scripts, before);
    });
  }

  for (const [mark, steps] of [['(stage@m2)', 'go on'], ['(stop@m1)', 'too'], ['(move-in@m2)', 'too'], ['(identity@m1)', 'go on']] as const) {
    it(`at ${mark}, while what it began ${steps === 'too' ? 'is killed as well' : 'goes on'}, take everything back`, async () => {
      const before = await seen(cluster, names);
      const { scripts } = await scriptsOn();
      await scripts.killAt('restore.sh', mark, steps, cluster.dir);
      await takenBack(scripts, before);
    });
  }

  it('on the way back, go on with it', async () => {
    const before = await seen(cluster, names);
    const { scripts } = await scriptsOn();
    assert.equal((await scripts.run('restore.sh')).code, 0);
    await scripts.killAt('take-back.sh', '(undo-move-in@m2)', 'too', cluster.dir);
    await takenBack(scripts, before);
  });

  it('leave a journal from which the scripts of another folder go on', async () => {
    const before = await seen(cluster, names);
    const { plan, scripts } = await scriptsOn();
    await scripts.killAt('restore.sh', '(move-in@m1)', 'go on', cluster.dir);
    const elsewhere = await Scripts.of(join(cluster.dir, 'elsewhere'), plan);
    const { code, text } = await elsewhere.run('restore.sh');
    assert.equal(code, 0, text);
    assert.match(text, /Restore beside the running data: done already/);
    await checkRestored(cluster, plan, names);
    await takenBack(elsewhere, before);
  });

  for (const way of ['goes on', 'takes it back'] as const) {
    it(`leave a journal from which the editor ${way}`, async () => {
      const before = await seen(cluster, names);
      const planned = await planFor(cluster.definition, join(cluster.dir, 'snapshots/demo.db'), nextRun(), [dirname(newest35.etcdctl)]);
      assert('plan' in planned, JSON.stringify(planned));
      const { plan } = planned;
      const scripts = await Scripts.of(join(cluster.dir, plan.run), plan);
      await scripts.killAt('restore.sh', '(move-aside@m2)', 'too', cluster.dir);
      const record = readJournal(await readFile(join(cluster.dir, 'm3', `restore-${plan.run}.journal`), 'utf8'))?.record ?? assert.fail('no journal');
      assert.equal(standing(record.entries), 'open');
      const journals = join(cluster.dir, 'journals');
      if (way === 'goes on') {
        await finished(context => resumeRun(context, record, digestOf(plan)), journals);
        await checkRestored(cluster, plan, names);
        assert.match((await scripts.run('restore.sh')).text, /finished already/, 'and the scripts read the editor\'s');
        await takenBack(scripts, before);
      } else {
        const { digest } = await wayBack(contextOf(journals), record);
        await finished(context => takeRestoreBack(context, record, digest), journals);
        assert.deepEqual(await seen(cluster, names), before);
        assert.match((await scripts.run('take-back.sh')).text, /taken back already/);
      }
    });
  }
});
