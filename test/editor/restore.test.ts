import assert from 'node:assert/strict';
import { mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startDemo, type Demo } from '../../demo/startDemo.js';
import { etcdVersions } from '../../scripts/etcdVersions.js';
import { approveRestore, approveTakeBack, checkRestored, look, stepIds, type Seen } from './journey.js';
import { realEditors, type RealEditor } from './realEditor.js';

describe('a cluster restored from the window', function () {
  this.timeout(240_000);
  const open = realEditors();
  let demo: Demo, editor: RealEditor, old: readonly Seen[], snapshotRevision = 0;

  before(async () => {
    const etcd = etcdVersions().findLast(({ version }) => version.startsWith('3.5'));
    assert.ok(etcd);
    demo = await startDemo({ dir: await mkdtemp(path.join(tmpdir(), 'etcd-demo-')), etcd });
    editor = await open({
      folder: demo.workspace, scale: 2,
      settings: { 'etcdRecovery.snapshotFolders': [demo.snapshotFolder], 'etcdRecovery.toolFolders': [path.dirname(etcd.etcdutl ?? etcd.etcdctl)] },
    });
    await editor.window.openView();
  });
  after(async () => { await demo.stop(); await rm(demo.dir, { recursive: true, force: true }); });

  const prompt = async (text: string, answer: string): Promise<void> => {
    const { window } = editor;
    await window.quickInput.locator('.quick-input-message').filter({ hasText: text }).waitFor();
    await window.quickInput.locator('input').fill(answer);
    await window.page.keyboard.press('Enter');
  };

  it('adds the cluster from one endpoint and shows its members', async () => {
    const { window } = editor;
    await window.run('etcd Recovery: Add Cluster…');
    await window.pick('Endpoints');
    await prompt('Client URLs of etcd', demo.endpoints[0] ?? '');
    await prompt('A name for the cluster', 'demo');
    await window.pick('Your Own Commands');
    await prompt('The data directory of each member', path.join(demo.dir, '{name}'));
    await prompt('The command that starts', `${path.join(demo.dir, 'member.sh')} start {name}`);
    await prompt('The command that stops', `${path.join(demo.dir, 'member.sh')} stop {name}`);
    await window.row(/^demo.*healthy/).waitFor();
    for (const { name } of demo.members) await window.row(name).waitFor();
  });

  it('shows the status panel and takes a snapshot', async () => {
    const { window } = editor;
    await window.rowMenu(/^demo.*healthy/, 'Show Member List and Endpoint Status');
    await window.panel().locator('table').first().waitFor();
    await window.screenshot('journey-status');
    await window.rowMenu(/^demo.*healthy/, 'Take Snapshot…');
    await window.quickEntries();
    await window.page.keyboard.press('Enter');
    await window.quickInput.locator('.quick-input-message').filter({ hasText: 'holds every Secret' }).waitFor();
    await window.page.keyboard.press('Enter');
    await window.row(/sha256 compared/).waitFor();
    snapshotRevision = (await look(demo))[0]?.revision ?? 0;
  });

  it('restores it after all keys were deleted: every key on every member, all as foretold', async () => {
    const { window } = editor;
    await demo.etcdctl('put', '/later', 'written after the snapshot');
    await demo.etcdctl('del', '/registry/', '--prefix');
    old = await look(demo);
    assert.equal(old[0]?.keys, 0);
    await window.rowMenu(/sha256 compared/, 'Restore…');
    const panel = window.panel();
    await panel.locator('[data-action="approve"]').waitFor({ timeout: 60_000 });
    await window.screenshot('journey-preview');
    // However often the button is pressed, one question is asked; and its refusal is one.
    await panel.locator('[data-action="approve"]').dblclick();
    await window.modal.waitFor();
    await window.answerModal('Cancel');
    await window.row(/ verified/).click({ trial: true });
    assert.equal(await window.modal.count(), 0);
    // Written while the plan is looked at: what is lost is counted when it is asked for, and said twice.
    await demo.etcdctl('put', '/meanwhile', 'written since the plan');
    const [lost = 0] = old.map(({ revision }) => revision + 1 - snapshotRevision);
    await panel.locator('[data-action="approve"]').click();
    await window.modal.filter({ hasText: new RegExp(`demo has quorum and serves now, at revision ${snapshotRevision + lost} \\(cp-1, cp-2, cp-3\\)\\..*${lost} revisions were written after the snapshot, 1 of them since this restore was planned`, 's') }).waitFor();
    await window.answerModal('Restore demo');
    await window.quickInput.getByText(new RegExp(`demo serves now, and loses all that was written since the snapshot \\(saved .*\\): ${lost} revisions\\. Type the name of the cluster, demo, to go on\\.`)).waitFor();
    await window.answer('dem');
    await window.quickInput.getByText('This is not the name of the cluster.').waitFor();
    await window.page.keyboard.press('Escape');
    await window.row(/ verified/).click({ trial: true });
    old = await look(demo);
    assert.deepEqual(old.map(({ revision, keys }) => ({ revision, keys })), demo.members.map(() => ({ revision: snapshotRevision + lost, keys: 0 })));
    for (const { dataDir } of demo.members) assert.deepEqual((await readdir(dataDir)).filter(name => /journal|restore/.test(name)), [], 'nothing was begun');
    await panel.getByRole('button', { name: 'Show All Commands' }).click();
    const foretold = await approveRestore(window, 'demo');
    await panel.getByText('demo is restored').first().waitFor({ timeout: 120_000 });
    await checkRestored(demo, foretold, snapshotRevision + lost);
    // Drawn anew after each step: what was open still is, and the button says what it does.
    assert.equal(await panel.locator('details:not([open])').count(), 0);
    await panel.getByRole('button', { name: 'Hide Commands' }).click();
    await panel.getByRole('button', { name: 'Show All Commands' }).waitFor();
    assert.equal(await panel.locator('details[open]').count(), 0);
    assert.deepEqual(await panel.locator('.step:not([data-state="done"])').count(), 0);
    await panel.getByText('etcd was down for').waitFor();
    await panel.getByRole('heading', { name: 'Now' }).waitFor();
    await window.screenshot('journey-report');
    assert.deepEqual(await editor.errors(), []);
  });

  it('takes it back, as was shown before: old ids, revision and HashKV', async () => {
    const { window } = editor;
    for (const value of ['1', '2']) await demo.etcdctl('put', '/restored/only', value);
    // Looking at the way back changes nothing, and leads back to the report.
    await window.panel().locator('[data-action="takeBack"]').click();
    await window.panel().getByText('2 revisions were written to the restored cluster since; its old data does not have them.').waitFor();
    await window.panel().locator('[data-action="leave"]').click();
    await window.panel().getByText('demo is restored').first().waitFor();
    const shown = await approveTakeBack(window, 'demo', 'journey-take-back');
    assert.deepEqual(shown.map(id => id.split('@')[0]), ['undo-start', 'undo-start', 'undo-start', ...Array.from({ length: 3 }, () => ['undo-move-in', 'undo-move-aside']).flat(),
      'undo-stop', 'undo-stop', 'undo-stop', 'identity-before', 'identity-before', 'identity-before', 'healthy', 'healthy', 'healthy']);
    await window.panel().getByText('was taken back').first().waitFor({ timeout: 120_000 });
    assert.deepEqual(await look(demo), old);
    assert.match(await demo.etcdctl('get', '/later'), /written after/);
    // What was run is what was shown, step by step.
    assert.deepEqual(await stepIds(window.panel().locator('.step[data-state="done"]')), shown);
    await window.screenshot('journey-taken-back');
  });

  it('does so with all three members down and one member directory gone, and takes that back', async () => {
    const { window } = editor;
    for (const { name } of demo.members) await demo.stopMember(name);
    await rename(path.join(demo.members[2]?.dataDir ?? '', 'member'), path.join(demo.dir, 'lost'));
    await window.row(/^demo/).waitFor();
    await window.rowMenu(/sha256 compared|verified/, 'Restore…');
    await window.panel().locator('.lead').filter({ hasText: 'etcd is down now' }).waitFor({ timeout: 60_000 });
    await window.screenshot('journey-all-down');
    const foretold = await approveRestore(window, 'demo');
    await window.panel().getByText('demo is restored').first().waitFor({ timeout: 120_000 });
    await checkRestored(demo, foretold, old[0]?.revision ?? 0);

    await approveTakeBack(window, 'demo');
    await window.panel().getByText('was taken back').first().waitFor({ timeout: 120_000 });
    // As it was before: nobody runs, and the third has no data. The two others are the cluster of old.
    const two = demo.members.slice(0, 2).map(({ name }) => name);
    await Promise.all(two.map(name => demo.startMember(name)));
    await assertEventually(async () => assert.deepEqual(await look(demo, two), old.slice(0, 2)));
    assert.deepEqual(await editor.errors(), []);
  });
});

async function assertEventually(check: () => Promise<void>): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      await check();
      return;
    } catch (error) {
      if (tries > 60) throw error;
      await new Promise(resolve => { setTimeout(resolve, 500); });
    }
  }
}
