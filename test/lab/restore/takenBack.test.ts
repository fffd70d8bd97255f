import assert from 'node:assert/strict';
import { standing } from '../../../src/core/journal.js';
import { labs, patience } from '../labs.js';
import { assertAsForetold, assertSameJournals, stateOf } from './clusterState.js';
import { LabEditor } from './labRestore.js';

describe('a finished restore of etcd in static pods, without anybody who writes by himself', function () {
  this.timeout(3 * patience);
  const start = labs();

  it('is taken back by another editor from the hosts\' journals alone: every key, the revision and HashKV are those of before, whatever was written since', async () => {
    const lab = await start({ hosts: 3, withoutApiServer: true });
    const run = 'lab-finished-run';
    const put = async (prefix: string): Promise<void> => { for (let n = 0; n < 20; n++) await lab.etcdctl(['put', `${prefix}/${n}`, `value ${n} of ${prefix}`]); };
    await using editor = await LabEditor.open(lab);
    await put('kept');
    const snapshot = await editor.snapshot('before');
    await put('later');
    await lab.etcdctl(['del', 'kept/7']);
    const before = await stateOf(lab, editor);
    const plan = await editor.plan(snapshot, run);
    await editor.restore(plan);
    await assertAsForetold(editor, plan, before);
    for (const host of lab.hosts) assert.deepEqual(await counts(host), [20, 0]);
    await put('since');
    await using other = await LabEditor.open(lab, [], { known: editor.cluster });
    await other.takeBack(run);
    const after = await stateOf(lab, other);
    assert.deepEqual(after, before);
    for (const host of lab.hosts) assert.deepEqual(await counts(host), [19, 20]);
    assert.equal(standing((await other.onHosts(run)).entries), 'takenBack');
    await assertSameJournals(lab, run);

    async function counts(host: (typeof lab.hosts)[number]): Promise<readonly number[]> {
      return Promise.all(['kept/', 'later/'].map(async prefix => Number(/"Count" : (\d+)/.exec(await lab.etcdctl(['get', prefix, '--prefix', '--count-only', '-w', 'fields'], [host]))?.[1])));
    }
  });
});
