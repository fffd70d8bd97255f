import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { chmod, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Demo, DemoMember } from '../../demo/startDemo.js';
import { readJournal, type Entry } from '../../src/core/journal.js';

/** How long a restore may take to come to the instant that is waited for, in milliseconds. */
const patience = 60_000;
/** Milliseconds between two looks: less than anything that is looked for takes. */
const glance = 2;

/** A restore that is about to begin, watched from outside by the journal beside the first member's data. */
export class WatchedRun {
  private readonly dataDir: string;
  private readonly before: ReadonlySet<string>;

  private constructor(dataDir: string, before: ReadonlySet<string>) {
    this.dataDir = dataDir;
    this.before = before;
  }

  /** From here on the next run that begins is the one that is meant. */
  static async next({ members: [first] }: Demo): Promise<WatchedRun> {
    const dataDir = first?.dataDir ?? '';
    return new WatchedRun(dataDir, new Set(await journals(dataDir)));
  }

  /** Path of its journal; empty before it has begun. */
  async journal(): Promise<string> {
    const name = (await journals(this.dataDir)).find(each => !this.before.has(each));
    return name === undefined ? '' : path.join(this.dataDir, name);
  }

  /** Where it puts this member's old data. */
  async oldData({ dataDir }: DemoMember): Promise<string> {
    return path.join(dataDir, path.basename(await this.journal(), '.journal').replace(/^restore-/, 'rescue-'));
  }

  async entries(): Promise<readonly Entry[]> {
    const file = await this.journal();
    return file === '' ? [] : readJournal(await readFile(file, 'utf8'))?.record.entries ?? [];
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

const journals = async (dataDir: string): Promise<readonly string[]> => (await readdir(dataDir)).filter(name => /^restore-.*\.journal$/.test(name));

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
