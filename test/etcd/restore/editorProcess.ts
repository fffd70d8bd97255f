import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { isKnown } from '../../../src/core/errors.js';
import type { Entry } from '../../../src/core/journal.js';
import { stepsOf } from '../../../src/core/plan.js';
import type { RestorePlan } from '../../../src/core/restore/planRestore.js';
import type { RunEnd } from '../../../src/core/runner.js';
import { beginRestore, digestOf, resumeRun, takeRestoreBack, wayBack, type RunContext } from '../../../src/node/restore/restoreRun.js';
import { trustedJournal } from '../../../src/node/restore/trustedJournal.js';
import { isMain } from '../../../scripts/isMain.js';
import { contextOf, journalOf } from './restoreKit.js';

/** What a process that stands in for the editor is told, as JSON. */
export interface EditorTask {
  readonly verb: 'begin' | 'resume' | 'takeBack';
  /** File with the plan that was approved. */
  readonly plan: string;
  /** The editor's own folder of journals. */
  readonly journals: string;
  /** A journal beside the data to go on from; without it, the editor's own. */
  readonly journal?: string;
  /** The entry after which it waits to be killed, as `done stop@m1`. */
  readonly pauseAt?: string;
}

/** One hash of all files below a folder, by name and content. */
export function treeHash(folder: string): string {
  const hash = createHash('sha256');
  for (const name of globSync('**', { cwd: folder }).sort()) {
    const path = join(folder, name);
    if (statSync(path).isFile()) hash.update(`${name}\0`).update(readFileSync(path));
  }
  return hash.digest('hex');
}

const tell = (line: string): void => { writeSync(1, `${line}\n`); };

/** Tells each entry, the hash of old data once its member was stopped, and stands still where it was told to. */
const watching = (task: EditorTask, plan: RestorePlan) => (entry: Entry): void => {
  const told = 'step' in entry ? `${entry.event} ${entry.step}` : entry.event;
  const step = 'step' in entry && entry.event === 'done' ? stepsOf(plan).find(({ id }) => id === entry.step) : undefined;
  if (step?.act.do === 'stop') {
    // A stop is repeated when a run is resumed: then the old data may have been put aside already, and lies there.
    const { dataDir } = step.act.etcd, aside = join(dataDir, `rescue-${plan.run}`);
    tell(`tree ${step.lane} ${treeHash(existsSync(aside) ? aside : join(dataDir, 'member'))}`);
  }
  tell(`entry ${told}${entry.event === 'failed' ? ` ${entry.code} ${JSON.stringify(entry.args)}` : ''}`);
  if (told === task.pauseAt) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60_000);
};

async function work(task: EditorTask, plan: RestorePlan, context: RunContext): Promise<RunEnd> {
  if (task.verb === 'begin') return beginRestore(context, plan, digestOf(plan));
  const record = task.journal === undefined ? await journalOf(task.journals, plan.run) : await trustedJournal(task.journal);
  return task.verb === 'resume' ? resumeRun(context, record, record.opening.digest) : takeRestoreBack(context, record, (await wayBack(context, record)).digest);
}

async function main(): Promise<void> {
  const task = JSON.parse(process.argv[2] ?? '') as EditorTask;
  const plan = JSON.parse(readFileSync(task.plan, 'utf8')) as RestorePlan;
  const context = contextOf(task.journals, { onEntry: watching(task, plan) });
  tell('ready');
  for (let tries = 0; ; tries++) {
    try {
      tell(`end ${JSON.stringify(await work(task, plan, context))}`);
      return;
    } catch (error) {
      // The lock of a killed editor is let go of by a process of its own, a moment later.
      if (!isKnown(error) || error.code !== 'LOCKED_BY_OTHER' || tries > 50) throw error;
      await context.clock.sleep(100, context.signal);
    }
  }
}

if (isMain(import.meta.url)) void main();
