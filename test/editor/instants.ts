import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { chmod, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Demo, DemoMember } from '../../demo/startDemo.js';
import { readJournal, type Entry, type RunRecord } from '../../src/core/journal.js';

/** How long a restore may take to come to the instant that is waited for, in milliseconds. */
const patience = 240_000;
/** Milliseconds between two looks: less than anything that is looked for takes. */
const glance = 2;

/** A restore that is about to begin, watched from outside by its journal: that beside the first member's data, or the editor's own. */
export class WatchedRun {
  private readonly folder: string;
  private readonly before: ReadonlySet<string>;

  private constructor(folder: string, before: ReadonlySet<string>) {
    this.folder = folder;
    this.before = before;
  }

  /** From here on the next run that begins is the one that is meant. */
  static next({ members: [first] }: Demo): Promise<WatchedRun> {
    return WatchedRun.nextIn(first?.dataDir ?? '');
  }

  /** The same by the journals in a folder, which need not be there yet. */
  static async nextIn(folder: string): Promise<WatchedRun> {
    return new WatchedRun(folder, new Set(await journals(folder)));
  }

  /** Path of its journal; empty before it has begun. */
  async journal(): Promise<string> {
    const name = (await journals(this.folder)).find(each => !this.before.has(each));
    return name === undefined ? '' : path.join(this.folder, name);
  }

  /** Where it puts this member's old data. */
  async oldData({ dataDir }: DemoMember): Promise<string> {
    return path.join(dataDir, path.basename(await this.journal(), '.journal').replace(/^restore-/, 'rescue-'));
  }

  /** What its journal holds; undefined before it has begun. */
  async record(): Promise<RunRecord | undefined> {
    const file = await this.journal();
    return file === '' ? undefined : readJournal(await readFile(file, 'utf8'))?.record;
  }

  async entries(): Promise<readonly Entry[]> {
    return (await this.record())?.entries ?? [];
  }

  /** Returns as soon as the first step of this stage has begun. */
  untilIn(stage: string): Promise<void> {
    return until(`in the stage ${stage}`, async () => {
      const record = await this.record();
      const steps = record?.opening.plan.stages.find(({ id }) => id === stage)?.steps.map(({ id }) => id);
      return record?.entries.some(entry => entry.event === 'started' && steps?.includes(entry.step)) === true;
    });
  }

  /** Whether the journal says this of so many steps whose ids match. */
  async says(event: 'started' | 'done', step: RegExp, times = 1): Promise<boolean> {
    return (await this.entries()).filter(entry => entry.event === event && step.test(entry.step)).length >= times;
  }

  /** Returns as soon as the journal says so. */
  until(event: 'started' | 'done', step: RegExp, times = 1): Promise<void> {
    return until(`${event} ${step.source}`, () => this.says(event, step, times));
  }
}

const journals = async (folder: string): Promise<readonly string[]> => (await readdir(folder).catch(() => [])).filter(name => /^restore-.*\.journal$/.test(name));

/** Looks every few milliseconds until it holds. */
export async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + patience; !await holds();) {
    if (Date.now() > end) throw new Error(`it did not come to this: ${what}`);
    await sleep(glance);
  }
}

/** Lets the demo's stop command wait, as a unit that stops slowly does, while `held` is there. */
export async function slowStop(demo: Demo): Promise<{ hold(): Promise<void>; release(): Promise<void> }> {
  const command = path.join(demo.dir, 'member.sh'), itself = path.join(demo.dir, 'member-itself.sh'), held = path.join(demo.dir, 'held');
  await rename(command, itself);
  await writeFile(command, `#!/bin/sh\nwhile [ "$1" = stop ] && [ -e '${held}' ]; do sleep 0.05; done\nexec '${itself}' "$@"\n`);
  await chmod(command, 0o755);
  return { hold: () => writeFile(held, ''), release: () => rm(held, { force: true }) };
}

/**
 * Holds a member's restore between its two renames. Each script that works on a data directory takes a lock there: they
 * are let through one by one until the next is the one that moves the restored data in.
 */
export async function betweenRenames(run: WatchedRun, { name, dataDir }: DemoMember): Promise<AsyncDisposable> {
  const lock = path.join(dataDir, '.recovery-step.lock');
  const [aside, moveIn] = [new RegExp(`^move-aside@${name}$`), new RegExp(`^move-in@${name}$`)];
  await run.until('started', aside);
  let turn = await Turn.take(lock);
  try {
    await until('the second rename has begun', async () => {
      // Whoever waited before the first rename was journaled as done belongs to the first.
      if (await waiting(lock) === 0) return false;
      if (await run.says('done', aside)) return run.says('started', moveIn);
      turn = await turn.next();
      return false;
    });
    return turn;
  } catch (error) {
    await turn[Symbol.asyncDispose]();
    throw error;
  }
}

/** Our turn with a lock, until it is disposed of. */
class Turn implements AsyncDisposable {
  private readonly lock: string;
  private readonly holder: ChildProcessByStdio<Writable, Readable, null>;

  private constructor(lock: string) {
    this.lock = lock;
    this.holder = spawn('flock', [lock, 'sh', '-c', 'echo held; exec cat'], { stdio: ['pipe', 'pipe', 'inherit'] });
  }

  static async take(lock: string): Promise<Turn> {
    const turn = new Turn(lock);
    await once(turn.holder.stdout, 'data');
    return turn;
  }

  /** Gives way to those that wait, and queues again. */
  async next(): Promise<Turn> {
    const before = await waiting(this.lock);
    const turn = new Turn(this.lock), held = once(turn.holder.stdout, 'data');
    await until('two wait for the lock', async () => await waiting(this.lock) > before);
    await this[Symbol.asyncDispose]();
    await held;
    return turn;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.holder.exitCode !== null) return;
    const gone = once(this.holder, 'exit');
    this.holder.stdin.end();
    await gone;
  }
}

/** How many wait for a lock, as the kernel shows it. */
async function waiting(lock: string): Promise<number> {
  const { ino } = await stat(lock);
  return (await readFile('/proc/locks', 'utf8')).split('\n').filter(line => line.includes('-> FLOCK') && line.includes(`:${ino} `)).length;
}
