import assert from 'node:assert/strict';
import { etcdVersions } from '../../../scripts/etcdVersions.js';
import { standing } from '../../../src/core/journal.js';
import { Editor } from './editor.js';
import type { EditorTask } from './editorProcess.js';
import { treeHash } from './editorProcess.js';
import { KillScene } from './killScene.js';
import { journalOf } from './restoreKit.js';

const version = etcdVersions().findLast(({ version: text }) => text.startsWith('3.5')) ?? etcdVersions().at(-1);

/** Where the editor is ended, by the last entry of its journal. */
const instants = {
  'during staging': 'started stage@m2',
  'before the stop': 'done verify-again@local',
  'between the two renames': 'done move-aside@m2',
  'after the start': 'done start@m3',
};

describe('the editor is ended', function () {
  this.timeout(180_000);
  if (version === undefined) return;
  let scene: KillScene;
  before(async () => { scene = await KillScene.make(version, 3, 8); });
  beforeEach(() => scene.reset());
  after(() => scene[Symbol.asyncDispose]());

  const endedAt = async (task: EditorTask, entry: string): Promise<Editor> => {
    const editor = new Editor({ ...task, pauseAt: entry });
    await editor.told(`entry ${entry}`);
    await editor.kill();
    return editor;
  };

  /** From the journal beside the data of a machine on which this editor never was. */
  const fromBeside = (verb: EditorTask['verb']): EditorTask => {
    const journal = scene.journalBeside();
    assert(journal !== undefined);
    return scene.task(verb, { journals: `${scene.cluster.dir}/nothing-yet-${Date.now()}`, journal });
  };

  for (const [when, entry] of Object.entries(instants)) {
    for (const [from, taskOf] of [['its own journal', (): EditorTask => scene.task('resume')], ['the journal beside the data alone', (): EditorTask => fromBeside('resume')]] as const) {
      it(`${when}; a fresh one goes on from ${from}`, async () => {
        const first = await endedAt(scene.task('begin'), entry);
        const task = taskOf();
        const second = new Editor(task);
        await second.finished();
        for (const [name, hash] of new Map([...first.trees, ...second.trees])) assert.equal(treeHash(scene.oldData(name)), hash, `old data of ${name}`);
        assert.equal(await scene.judge(), 'restored');
        assert.equal(standing((await journalOf(task.journals, scene.plan.run)).entries), 'finished');
      });
    }
  }

  for (const [from, taskOf] of [['its own journal', (): EditorTask => scene.task('takeBack')], ['the journal beside the data alone', (): EditorTask => fromBeside('takeBack')]] as const) {
    it(`while it takes a restore back; a fresh one goes on from ${from}`, async () => {
      await new Editor(scene.task('begin')).finished();
      await endedAt(scene.task('takeBack'), 'done undo-move-in@m2');
      const task = taskOf();
      await new Editor(task).finished();
      assert.equal(await scene.judge(), 'old');
      assert.equal(standing((await journalOf(task.journals, scene.plan.run)).entries), 'takenBack');
    });

    it(`between the two renames; a fresh one takes it back from ${from}`, async () => {
      await endedAt(scene.task('begin'), 'done move-aside@m2');
      await new Editor(taskOf()).finished();
      assert.equal(await scene.judge(), 'old');
    });
  }
});
