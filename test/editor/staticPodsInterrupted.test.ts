import assert from 'node:assert/strict';
import type { Lab } from '../../lab/lab.js';
import { startLab } from '../../lab/startLab.js';
import type { RunRecord } from '../../src/core/journal.js';
import { approveTakeBack, confirm } from './journey.js';
import { LATER, PodsRestore } from './podsRestore.js';
import { realEditors, type RealEditor } from './realEditor.js';

/** Every stage of the plan, in its order; a plan that has another one fails the test. */
const stages = ['verify', 'upload', 'stage', 'verify-again', 'stop-api', 'stop', 'stop-leader', 'swap', 'start', 'identity', 'hashkv', 'healthy', 'start-api', 'ready', 'start-controllers'];
/** Until then the old cluster serves. */
const whileServing = stages.slice(0, stages.indexOf('stop-api'));
const chosen = process.env['EDITOR_STAGES'] === 'all' ? stages : stages.filter(stage => process.env['EDITOR_STAGES']?.split(',').includes(stage) ?? stage === 'swap');

describe('a restore of static pods on three hosts whose editor is ended', function () {
  this.timeout(900_000);
  this.bail(true); // each goes on from where the one before has left the cluster
  const open = realEditors();
  let lab: Lab, pods: PodsRestore, editor: RealEditor;

  before(async () => {
    lab = await startLab({ hosts: 3, controllers: true });
    pods = await PodsRestore.of(lab);
    editor = await open({ scale: 2, settings: pods.settings });
    await editor.window.openView();
  });
  after(async () => {
    await pods[Symbol.asyncDispose]();
    await lab[Symbol.asyncDispose]();
  });

  const isUnfinished = async (picture: string): Promise<void> => {
    await editor.window.panel().locator('.lead').filter({ hasText: /^The restore of lab, begun .* by .*, is not finished: \d+ of \d+ steps are done\.$/ }).waitFor();
    await editor.window.panel().getByText(/^It stands at: ./).waitFor();
    await editor.window.screenshot(picture);
  };

  const resume = async (record: RunRecord, clusterId: string, picture: string): Promise<void> => {
    const { window } = editor;
    await window.panel().locator('[data-action="resume"]').click();
    await confirm(window, 'Resume lab', 'lab', picture, /Snapshot intact\.db, saved .* \(.*\)/);
    await window.panel().getByText('lab is restored').first().waitFor({ timeout: 300_000 });
    assert.equal(await window.panel().locator('.step:not([data-state="done"])').count(), 0);
    await window.panel().getByRole('heading', { name: 'Now' }).waitFor();
    await window.panel().getByText('The old data is kept where the table below says.').waitFor();
    await pods.isRestored(record, clusterId);
    assert.deepEqual(await editor.errors(), []);
  };

  const openLine = async (): Promise<void> => {
    await editor.reopen();
    await editor.window.openView();
    // A line that changes while it is pressed may be another one by then.
    await editor.window.row(/^lab/).filter({ hasNotText: 'asking' }).waitFor({ timeout: 60_000 });
    await editor.window.row('Restore not finished').click();
  };

  /** Restores until this stage has begun, and ends the editor there. Some take milliseconds: one that was over too soon is tried again. */
  const interrupt = async (stage: string, triesLeft = 3): Promise<{ readonly record: RunRecord; readonly clusterId: string }> => {
    await pods.lose(`later-${stage}`);
    const { run, clusterId } = await pods.begin(editor);
    const { record, inTime } = await pods.endIn(stage, editor, run);
    assert.deepEqual(record.opening.plan.stages.map(({ id }) => id), stages);
    if (!inTime) {
      assert.ok(triesLeft > 1, `the stage "${stage}" was over each time before the editor was ended`);
      await openLine();
      await resume(record, clusterId, `pods-too-late-${stage}`);
      return interrupt(stage, triesLeft - 1);
    }
    if (whileServing.includes(stage)) await pods.holds({ [`later-${stage}`]: LATER });
    return { record, clusterId };
  };

  it('is not begun by a modal that is cancelled, nor by another name', async () => {
    const { window } = editor;
    await pods.lose('later-asked');
    const untouched = await pods.untouched();
    await window.row(/^lab.*healthy/).waitFor({ timeout: 60_000 });
    await window.rowMenu('intact.db', 'Restore…');
    const approve = window.panel().locator('[data-action="approve"]');
    await approve.waitFor({ timeout: 120_000 });
    await approve.click();
    await window.modal.filter({ hasText: /intact\.db, saved .* \((\d+ minutes? ago|just now)\)/ }).waitFor();
    const [, revisions = ''] = /lab has quorum and serves now, at revision \d+ \(cp-1, cp-2, cp-3\)\..*?(\d+) revisions were written after the snapshot, \d+ of them since this restore was planned/s.exec(await window.modal.innerText()) ?? [];
    assert.ok(Number(revisions) > LATER && Number(revisions) < 100_000, revisions);
    await window.screenshot('pods-asked-first');
    await window.answerModal('Cancel');
    await approve.click();
    await window.answerModal('Restore lab');
    await window.quickInput.getByText(/lab serves now, and loses all that was written since the snapshot \(saved .*\): \d+ revisions\. Type the name of the cluster, lab, to go on\./).waitFor();
    await window.screenshot('pods-asked-twice');
    await window.answer('lob');
    await window.quickInput.getByText('This is not the name of the cluster.').waitFor();
    await window.screenshot('pods-asked-other-name');
    await window.page.keyboard.press('Escape');
    await approve.click({ trial: true });
    assert.deepEqual(await pods.untouched(), untouched);
    await pods.holds({ filled: 0, 'later-asked': LATER });
  });

  for (const [at, stage] of chosen.entries()) {
    const byLine = at % 2 === 0;
    it(`in the stage "${stage}": it is resumed from ${byLine ? 'the line in the tree' : 'the notification'}`, async () => {
      const { record, clusterId } = await interrupt(stage);
      if (byLine) await openLine();
      else {
        await editor.reopen();
        await editor.window.openView();
        await editor.window.answerToast('A restore of lab was interrupted', 'Open');
      }
      await isUnfinished(`pods-interrupted-${stage}`);
      await resume(record, clusterId, `pods-resume-${stage}`);
      await pods.tidy();
    });
  }

  /** Opens a profile that knows the cluster from its settings, and of the run nothing. */
  const openNewProfile = async (): Promise<void> => {
    await editor.reopen('new');
    const { window } = editor;
    await window.openView();
    await window.row(/^lab/).filter({ hasNotText: 'asking' }).waitFor({ timeout: 60_000 });
    assert.equal(await window.rows.filter({ hasText: 'Restore not finished' }).count(), 0);
  };

  it('and its profile is lost as well: before another restore is planned, the unfinished one is offered, and taken back from the hosts\' journals alone', async () => {
    const { record } = await interrupt('stop');
    await openNewProfile();
    const { window } = editor, panel = window.panel();
    await window.rowMenu('intact.db', 'Restore…');
    await panel.getByText('An earlier restore stands in the way: finish it or take it back first, then intact.db can be restored.').waitFor({ timeout: 60_000 });
    await panel.getByText('Kubernetes is stopped for the restore and not started yet: kube-controller-manager (cp-1, cp-2, cp-3), kube-scheduler (cp-1, cp-2, cp-3), kube-apiserver (cp-1, cp-2, cp-3).').waitFor();
    await isUnfinished('pods-leftovers-first');
    await panel.locator('[data-action="resume"]').waitFor();
    assert.equal(await panel.locator('[data-action="approve"], [data-action="planAgain"]').count(), 0);
    await approveTakeBack(window, 'lab', 'pods-leftovers-take-back');
    await panel.getByText(/was taken back/).first().waitFor({ timeout: 300_000 });
    await window.screenshot('pods-leftovers-taken-back');
    await pods.isTakenBack(record);
    // What was wanted is one button away now, and planned anew.
    await panel.getByRole('button', { name: 'Plan the Restore from intact.db' }).click();
    await panel.locator('[data-action="approve"]').waitFor({ timeout: 120_000 });
    assert.deepEqual(await editor.errors(), []);
  });

  it('and its profile is lost as well: it is resumed from the hosts\' journals alone', async () => {
    const { record, clusterId } = await interrupt('start-api');
    await openNewProfile();
    const { window } = editor;
    await window.run('etcd Recovery: Resume or Take Back a Restore…');
    await window.pick('Journals on the Hosts of lab…');
    // The newest comes first; those before it are over.
    await window.quickInput.getByText('not finished').waitFor();
    await window.page.keyboard.press('Enter');
    await isUnfinished('pods-other-profile');
    await resume(record, clusterId, 'pods-other-resume');
    await window.screenshot('pods-other-resumed');
  });
});
