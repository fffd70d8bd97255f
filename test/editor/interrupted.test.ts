import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startDemo, type Demo, type DemoMember } from '../../demo/startDemo.js';
import { quietSettings, writeSettings } from '../../scripts/browserEdition.js';
import { etcdVersions } from '../../scripts/etcdVersions.js';
import { betweenRenames, slowStop, until, WatchedRun } from './instants.js';
import { approveRestore, approveTakeBack, checkRestored, confirm, look, type Seen } from './journey.js';
import { stepScripts } from './processes.js';
import { realEditors, type RealEditor } from './realEditor.js';

type Foretold = Awaited<ReturnType<typeof approveRestore>>;

describe('a restore whose editor is ended', function () {
  this.timeout(240_000);
  this.bail(true); // each goes on from where the one before has left the cluster
  const open = realEditors();
  let demo: Demo, editor: RealEditor, stops: Awaited<ReturnType<typeof slowStop>>, first: DemoMember;

  before(async () => {
    const etcd = etcdVersions().findLast(({ version }) => version.startsWith('3.5'));
    assert.ok(etcd);
    demo = await startDemo({ dir: await mkdtemp(path.join(tmpdir(), 'etcd-demo-')), etcd });
    stops = await slowStop(demo);
    const [member] = demo.members;
    assert.ok(member);
    first = member;
    editor = await open({ folder: demo.workspace, scale: 2 });
    // Of this profile alone: the second one is to know nothing.
    await writeSettings(editor.profile, { ...quietSettings, ...demo.settings, 'etcdRecovery.clusters': [demo.definition] });
    await editor.window.openView();
  });
  afterEach(() => stops.release());
  after(async () => {
    await demo.stop();
    await rm(demo.dir, { recursive: true, force: true });
  });

  /** Loses every key and approves the restore, up to the typed name. */
  const begin = async (): Promise<{ readonly run: WatchedRun; readonly foretold: Foretold; readonly old: readonly Seen[]; readonly revision: number }> => {
    await demo.etcdctl('put', '/later', 'written after the snapshot');
    await demo.etcdctl('del', '/registry/', '--prefix');
    const run = await WatchedRun.next(demo);
    let old: readonly Seen[] = [];
    await until('every member has applied it', async () => {
      old = await look(demo);
      return new Set(old.map(member => member.revision)).size === 1;
    });
    // Lines that come meanwhile would push another one under the pointer.
    await editor.window.row(/^demo.*healthy/).waitFor({ timeout: 60_000 });
    await editor.window.rowMenu('before-the-loss.db', 'Restore…');
    return { run, foretold: await approveRestore(editor.window, 'demo'), old, revision: old[0]?.revision ?? 0 };
  };

  /** What the panel shows of each step's mark, by the step's id without its member. */
  const marks = async (): Promise<ReadonlyMap<string, ReadonlySet<string>>> => {
    const all = await editor.window.panel().locator('.step').all();
    const steps = await Promise.all(all.map(async each => [(await each.getAttribute('data-step'))?.split('@')[0] ?? '', await each.getAttribute('data-state') ?? ''] as const));
    return new Map([...Map.groupBy(steps, ([id]) => id)].map(([id, each]) => [id, new Set(each.map(([, state]) => state))]));
  };

  const unfinished = async (picture: string): Promise<void> => {
    const { window } = editor;
    await window.panel().locator('.lead').filter({ hasText: /^The restore of demo, begun .* by .*, is not finished: \d+ of \d+ steps are done\.$/ }).waitFor();
    await window.screenshot(picture);
  };

  const openByLine = async (picture: string): Promise<void> => {
    await editor.reopen();
    await editor.window.openView();
    // A line that changes while it is pressed may be another one by then.
    await editor.window.row(/^demo/).filter({ hasNotText: 'asking' }).waitFor();
    await editor.window.row('Restore not finished').click();
    await unfinished(picture);
  };

  const resume = async (picture?: string, says?: RegExp): Promise<void> => {
    await editor.window.panel().locator('[data-action="resume"]').click();
    await confirm(editor.window, 'Resume demo', 'demo', picture, says);
  };

  const restored = async (foretold: Foretold, revision: number): Promise<void> => {
    await editor.window.panel().getByText('demo is restored').first().waitFor({ timeout: 120_000 });
    assert.equal(await editor.window.panel().locator('.step:not([data-state="done"])').count(), 0);
    await checkRestored(demo, foretold, revision);
    assert.deepEqual(await editor.errors(), []);
  };

  /** Ends the editor when all members but the first have their restored data in place. */
  const endBetween = async (run: WatchedRun): Promise<AsyncDisposable> => {
    const held = await betweenRenames(run, first);
    await run.until('done', /^move-in@/, 2);
    await editor.kill();
    return held;
  };

  /** Ends the scripts that outlived the editor as well, as the end of the whole machine would. */
  const killSteps = async (): Promise<void> => {
    const orphans = await stepScripts(first.dataDir);
    assert.equal(orphans.length, 1, 'one step was under way on the first member');
    for (const pid of orphans) process.kill(-pid, 'SIGKILL');
  };

  it('before the stop: the stop command outlives it, and the restore is resumed from the notification', async () => {
    await stops.hold();
    const { run, foretold, old, revision } = await begin();
    const stopping = async (): Promise<number> => (await Promise.all(demo.members.map(({ dataDir }) => stepScripts(dataDir)))).flat().length;
    await run.until('started', /^stop@/, 2);
    await until('both followers are about to stop', async () => await stopping() === 2);
    await editor.kill();
    assert.equal(await stopping(), 2, 'what was begun outlives the editor');
    assert.deepEqual(await look(demo), old, 'all members serve');

    await editor.reopen();
    const { window } = editor;
    await window.openView();
    await window.toast('A restore of demo was interrupted').waitFor();
    await window.row('Restore not finished').waitFor();
    await window.screenshot('interrupted-notification');
    await window.answerToast('A restore of demo was interrupted', 'Open');
    await unfinished('interrupted-before-the-stop');
    const steps = await marks();
    for (const id of ['verify', 'stage', 'verify-again']) assert.deepEqual(steps.get(id), new Set(['done']), id);
    assert.ok(steps.get('stop')?.has('begun'));
    for (const id of ['move-aside', 'move-in', 'start', 'healthy']) assert.deepEqual(steps.get(id), new Set(['waiting']), id);

    // The cluster has served all the while: what it would lose is said before it is lost.
    await demo.etcdctl('put', '/meanwhile', 'written since the plan');
    await resume('interrupted-resume', new RegExp(`demo has quorum and serves now, at revision ${revision + 1} .*, 1 of them since this restore was planned`, 's'));
    // It waits for what was begun before, and does not begin a second stop beside it.
    await window.panel().locator('.busy').waitFor();
    await window.screenshot('interrupted-waits');
    await stops.release();
    await restored(foretold, revision);
  });

  it('between the two renames, with the step: resumed from the line in the tree', async () => {
    const { run, foretold, revision } = await begin();
    await using held = await endBetween(run);
    await killSteps();
    assert.ok(!existsSync(path.join(first.dataDir, 'member')) && existsSync(await run.oldData(first)), 'the data is between the renames');
    await held[Symbol.asyncDispose]();

    await openByLine('interrupted-between-the-renames');
    const panel = editor.window.panel();
    await panel.getByText('Stopped for the restore and not started yet: cp-1, cp-2, cp-3.').waitFor();
    assert.match(await panel.locator('[data-step="move-in@cp-1"]').innerText(), /not finished/);
    const steps = await marks();
    assert.deepEqual(steps.get('move-aside'), new Set(['done']));
    assert.deepEqual(steps.get('move-in'), new Set(['begun', 'done']));
    assert.deepEqual(steps.get('start'), new Set(['waiting']));
    await resume();
    await restored(foretold, revision);
  });

  it('after the start, while a member hangs: resumed once it goes on', async () => {
    const { run, foretold, revision } = await begin();
    await run.until('done', /^start@cp-3$/);
    const hanging = Number(await readFile(path.join(demo.dir, 'cp-3.pid'), 'utf8'));
    process.kill(hanging, 'SIGSTOP');
    try {
      await run.until('done', /^identity@cp-[12]$/, 2);
      await editor.kill();
      await openByLine('interrupted-after-the-start');
      const steps = await marks();
      assert.deepEqual(steps.get('start'), new Set(['done']));
      assert.deepEqual(steps.get('identity'), new Set(['done', 'begun']));
      assert.deepEqual(steps.get('hashkv'), new Set(['waiting']));
    } finally {
      process.kill(hanging, 'SIGCONT');
    }
    await resume();
    await restored(foretold, revision);
  });

  it('between the two renames: taken back, with the old ids, revision and HashKV', async () => {
    await demo.etcdctl('put', '/only', 'in the old data');
    const { run, old } = await begin();
    await using held = await endBetween(run);
    await killSteps();
    assert.ok(!existsSync(path.join(first.dataDir, 'member')));
    await held[Symbol.asyncDispose]();

    await openByLine('interrupted-to-be-taken-back');
    await approveTakeBack(editor.window, 'demo', 'interrupted-take-back');
    await editor.window.panel().getByText('was taken back').first().waitFor({ timeout: 120_000 });
    await editor.window.row(/^demo.*healthy/).waitFor();
    await editor.window.screenshot('interrupted-taken-back');
    assert.deepEqual(await look(demo), old);
    assert.match(await demo.etcdctl('get', '/only'), /in the old data/);
    assert.deepEqual(await editor.errors(), []);
  });

  it('from another profile that has only the journal beside the data', async () => {
    const { run, foretold, revision } = await begin();
    const held = await endBetween(run);
    // What the editor had begun goes on without it, and nobody journals that.
    await held[Symbol.asyncDispose]();
    await until('the restored data is in place', () => Promise.resolve(existsSync(path.join(first.dataDir, 'member'))));
    await editor.reopen('new');
    const { window } = editor;
    await window.openView();
    await window.page.locator('.sidebar .welcome-view-content').waitFor();
    await window.run('etcd Recovery: Resume or Take Back a Restore…');
    await window.quickTitle(/^Resume or Take Back a Restore$/);
    assert.match((await window.quickEntries())[0] ?? '', /A Journal in a Data Directory…$/, 'no restore is known here');
    await window.screenshot('interrupted-pick');
    await window.pick('A Journal in a Data Directory…');
    await window.quickTitle(/Journal of a restore/);
    const journal = await run.journal();
    // The dialog first shows a folder of its own choice, then the one that is typed.
    await window.quickInput.getByText('..', { exact: true }).waitFor();
    await window.quickInput.locator('input').first().fill(journal);
    await window.quickInput.getByText(path.basename(journal)).waitFor();
    await window.page.keyboard.press('Enter');
    await unfinished('interrupted-other-profile');
    await resume();
    await restored(foretold, revision);
    assert.match(await window.panel().locator('[data-step="move-in@cp-1"]').innerText(), /was done already/);
    await window.screenshot('interrupted-restored');
  });
});
