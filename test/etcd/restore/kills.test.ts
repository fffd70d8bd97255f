import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { etcdVersions, type EtcdVersion } from '../../../scripts/etcdVersions.js';
import { restoreArgv } from '../../../src/core/host/restoreArgv.js';
import { stepsOf } from '../../../src/core/plan.js';
import { Editor, killAll, untilQuiet } from './editor.js';
import { treeHash } from './editorProcess.js';
import { KillScene, type Verdict } from './killScene.js';

const versions = etcdVersions();
/** The same instants each time, so that a change is judged by the same kills as the one before; a long run sets KILL_SEED=random. */
const chosen = process.env['KILL_SEED'] ?? '20261122';
const seed = chosen === 'random' ? Date.now() % 1_000_000 : Number(chosen);
/** A selection for every run; KILL_COUNT=204 is the whole. */
const COUNT = Number(process.env['KILL_COUNT'] ?? 72);

/** Numbers from 0 to 1 that a seed repeats (mulberry32). */
function dice(from: number): () => number {
  let state = from >>> 0;
  return () => {
    state = state + 0x6d2b79f5 >>> 0;
    let mixed = Math.imul(state ^ state >>> 15, state | 1);
    mixed ^= mixed + Math.imul(mixed ^ mixed >>> 7, mixed | 61);
    return ((mixed ^ mixed >>> 14) >>> 0) / 2 ** 32;
  };
}

type Kind = 'the editor' | 'all but etcd' | 'everything';
type Afterwards = 'started as it is' | 'resumed' | 'taken back';

interface Outcome {
  readonly label: string;
  readonly kind: Kind;
  readonly next: Afterwards;
  /** The last entry that was told. */
  readonly at: string;
  readonly wrong?: string;
}

/** Half the kills end the editor alone, the others what it started too, half of those with every etcd. */
const kindOf = (roll: number): Kind => roll < 0.5 ? 'the editor' : roll < 0.75 ? 'all but etcd' : 'everything';
const nextOf = (roll: number): Afterwards => roll < 0.4 ? 'started as it is' : roll < 0.75 ? 'resumed' : 'taken back';

/** Milliseconds of a restore that nobody disturbs: the shorter of two. */
async function wholeRun(scene: KillScene): Promise<number> {
  const took: number[] = [];
  for (let n = 0; n < 2; n++) {
    await scene.reset();
    const editor = new Editor(scene.task('begin'));
    await editor.told('ready');
    const from = performance.now();
    await editor.finished();
    took.push(performance.now() - from);
  }
  return Math.min(...took);
}

/** What is wrong after a restore was killed at `at` milliseconds, if anything. */
async function killOnce(scene: KillScene, at: number, kind: Kind, next: Afterwards): Promise<Omit<Outcome, 'label'>> {
  const editor = new Editor(scene.task('begin'));
  await editor.told('ready');
  await sleep(at);
  if (kind === 'the editor') await editor.kill();
  else await killAll(editor, scene.cluster.dir, scene.etcd, kind === 'everything');
  const told = editor.lines.findLast(line => line.startsWith('entry ')) ?? 'nothing';
  const outcome = { kind, next, at: told };
  const lost = await lostData(scene, editor, next);
  if (lost !== undefined) return { ...outcome, wrong: lost };
  try {
    const { expected, done } = await goOn(scene, editor, next);
    const verdict = await scene.judge();
    return { ...outcome, next: done, ...expected.includes(verdict) ? {} : { wrong: verdict } };
  } catch (error) {
    return { ...outcome, wrong: String(error) };
  }
}

/** Old data of a member that was stopped is to the byte what it was; a start may write to what is still in place. */
async function lostData(scene: KillScene, editor: Editor, next: Afterwards): Promise<string | undefined> {
  if (next === 'started as it is') await untilQuiet(editor, scene.cluster.dir, scene.etcd);
  for (const [name, hash] of editor.trees) if (treeHash(scene.oldData(name)) !== hash) return `old data of ${name} is not what it was`;
  return undefined;
}

/** Does what comes after a kill; when a member has no data, or some have the old and some the restored, the run is resumed. */
async function goOn(scene: KillScene, killed: Editor, next: Afterwards): Promise<{ readonly expected: readonly Verdict[]; readonly done: Afterwards }> {
  const swapped = scene.names.filter(name => scene.swapped(name)).length;
  const whole = scene.names.every(name => scene.hasData(name)) && (swapped === 0 || swapped === scene.names.length);
  if (next === 'started as it is' && whole) return { expected: [swapped === 0 ? 'old' : 'restored'], done: next };
  const journal = scene.journalBeside();
  if (journal === undefined) return { expected: ['old'], done: 'started as it is' };
  const verb = next === 'taken back' ? 'takeBack' : 'resume';
  const task = existsSync(join(scene.task(verb).journals, `restore-${scene.plan.run}.journal`)) ? scene.task(verb) : scene.task(verb, { journal });
  const editor = new Editor(task);
  await editor.finished();
  const trees = verb === 'resume' ? new Map([...killed.trees, ...editor.trees]) : new Map<string, string>();
  for (const [name, hash] of trees) assert.equal(treeHash(scene.oldData(name)), hash, `old data of ${name}`);
  return { expected: [verb === 'resume' ? 'restored' : 'old'], done: verb === 'resume' ? 'resumed' : 'taken back' };
}

interface Lane {
  readonly version: EtcdVersion;
  readonly size: number;
  readonly megabytes: number;
  readonly kills: number;
}

async function kill(lane: Lane, random: () => number): Promise<readonly Outcome[]> {
  await using scene = await KillScene.make(lane.version, lane.size, lane.megabytes);
  const length = await wholeRun(scene);
  const outcomes: Outcome[] = [];
  for (let n = 0; n < lane.kills; n++) {
    await scene.reset();
    const at = random() * length;
    const outcome = await killOnce(scene, at, kindOf(random()), nextOf(random()));
    outcomes.push({ label: `etcd ${lane.version.version}, ${lane.size} members, kill ${n} at ${Math.round(at)} ms`, ...outcome });
  }
  return outcomes;
}

/** Kills the official tool while it restores into the data directory itself, then starts etcd on what is there. */
async function killInPlace(scene: KillScene, at: number): Promise<{ readonly ms: number; readonly verdict: Verdict | 'no data' }> {
  const staging = stepsOf(scene.plan).flatMap(({ act }) => act.do === 'stage' ? [act.staging] : [])[0];
  assert(staging !== undefined);
  await scene.emptied();
  const [tool = '', ...args] = restoreArgv({ ...staging, part: staging.dataDir });
  const from = performance.now();
  const child = spawn(tool, args, { stdio: 'ignore', env: { ...process.env, ETCDCTL_API: '3' } });
  const ended = once(child, 'exit');
  await Promise.race([sleep(at), ended]);
  child.kill('SIGKILL');
  await ended;
  const ms = performance.now() - from;
  return { ms, verdict: scene.hasData('m1') ? await scene.judge(4) : 'no data' };
}

const tally = (values: readonly string[]): string =>
  [...Map.groupBy(values, value => value)].map(([value, all]) => `${value} ${all.length}`).sort().join(', ');

const newest35 = versions.findLast(({ version }) => version.startsWith('3.5'));

describe('a restore that is killed at random', function () {
  this.timeout(Math.max(20, COUNT / 4) * 60_000);
  if (newest35 === undefined) return;
  const others = versions.filter(({ version }) => version !== newest35.version);
  const share = (part: number): number => Math.round(COUNT * part);

  it(`leaves nothing on which etcd starts and is not wholly the old or wholly the restored (seed ${seed})`, async () => {
    const from = performance.now();
    const lanes: readonly (readonly Lane[])[] = [
      [{ version: newest35, size: 1, megabytes: 30, kills: share(0.5) }],
      [...others.map(version => ({ version, size: 1, megabytes: 30, kills: share(0.4 / others.length) })), { version: newest35, size: 3, megabytes: 10, kills: share(0.12) }],
    ];
    const outcomes = (await Promise.all(lanes.map(async (lane, n) => {
      const random = dice(seed + n);
      const all: (readonly Outcome[])[] = [];
      for (const one of lane) all.push(await kill(one, random));
      return all.flat();
    }))).flat();
    console.log(`      ${outcomes.length} kills in ${Math.round((performance.now() - from) / 1000)} s: ${tally(outcomes.map(({ kind }) => kind))}`);
    console.log(`      then ${tally(outcomes.map(({ next }) => next))}; last entry ${tally(outcomes.map(({ at }) => at.replace(/^entry |@.*/g, '')))}`);
    assert.deepEqual(outcomes.filter(({ wrong }) => wrong !== undefined), [], `seed ${seed}`);
  });

  it('is better off than the official tool killed while it restores in place, which this check finds out', async () => {
    await using scene = await KillScene.make(newest35, 1, 30);
    await scene.emptied();
    const random = dice(seed);
    const { ms: whole } = await killInPlace(scene, 60_000);
    const found: string[] = [];
    for (let n = 0; n < 20; n++) found.push((await killInPlace(scene, random() * whole)).verdict);
    console.log(`      20 kills of the tool in place: ${tally(found)}`);
    assert(found.some(verdict => verdict === 'loses writes' || verdict === 'runs and does not serve' || verdict === 'neither old nor restored'), tally(found));
  });
});
