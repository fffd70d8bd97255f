import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, readdir, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { journalLine, type Entry, type RunRecord } from '../../../src/core/journal.js';
import type { Plan } from '../../../src/core/plan.js';
import type { RestorePlan } from '../../../src/core/restore/planRestore.js';
import { planRestore } from '../../../src/core/restore/planRestore.js';
import { systemClock } from '../../../src/node/clock.js';
import { localHost } from '../../../src/node/host/localHost.js';
import { journalName, LARGEST_JOURNAL } from '../../../src/node/restore/journalFiles.js';
import { journalsBeside } from '../../../src/node/restore/journalsBeside.js';
import { beginRestore, digestOf, resumeRun, takeRestoreBack, wayBack, type RunContext } from '../../../src/node/restore/restoreRun.js';
import { refuseOtherRuns } from '../../../src/node/restore/otherRuns.js';
import { choice, factsOf } from '../../core/restore/factsFixture.js';
import { withDefinition } from '../../core/restore/factsChanges.js';
import { Scratch } from './scratch.js';

const host = localHost();
const RUN = { a: '20261122t030000z-aaaa', b: '20261122t040000z-bbbb' };
const over: readonly Entry[] = [{ event: 'finished', at: '' }];

const contextOf = (scratch: Scratch): RunContext => ({
  hosts: new Map([['local', host]]), connect: () => Promise.reject(new Error('nobody is asked')), clock: systemClock, journals: join(scratch.dir, 'journals'),
  signal: new AbortController().signal, onEntry: () => undefined, onOutput: () => undefined,
});

/** A plan for one member in a data directory of the scratch. */
async function planned(scratch: Scratch, run: string): Promise<RestorePlan> {
  const dataDir = join(scratch.dir, 'm1');
  await mkdir(dataDir, { recursive: true });
  const result = planRestore(withDefinition(factsOf(1), 0, { dataDir }), { ...choice, run });
  assert('plan' in result);
  return result.plan;
}

/** The data of finished restores, and what each of them put aside. */
async function restored(scratch: Scratch, ...runs: readonly string[]): Promise<void> {
  for (const name of ['member', ...runs.map(run => `rescue-${run}`)]) await mkdir(join(scratch.dir, 'm1', name), { recursive: true });
}

async function left(scratch: Scratch, run: string, at: string, entries: readonly Entry[]): Promise<RunRecord> {
  const plan = await planned(scratch, run);
  const record: RunRecord = { opening: { event: 'opened', at, by: 'me@here', digest: digestOf(plan), plan }, entries };
  await writeFile(join(scratch.dir, 'm1', journalName(run)), [record.opening, ...entries].map((line, n) => journalLine(n, line)).join(''));
  return record;
}

const back = (plan: Plan): Entry => ({ event: 'takingBack', at: '', by: '', digest: '', plan });

describe('a restore beside another run', () => {
  it('does not begin while that one is neither finished nor taken back, and touches nothing', async () => {
    await using scratch = await Scratch.make();
    const plan = await planned(scratch, RUN.b);
    for (const entries of [[], [back(plan)]] as const) {
      const other = await left(scratch, RUN.a, '1', entries);
      await assert.rejects(beginRestore(contextOf(scratch), plan, digestOf(plan)), { code: 'OTHER_RUN_OPEN', args: { run: other.opening.plan.run, dataDir: join(scratch.dir, 'm1') } });
    }
    assert.deepEqual((await readdir(join(scratch.dir, 'm1'))).sort(), ['.recovery.lock', journalName(RUN.a)]);
  });

  it('is not gone on with either, when it was refused before its journal was written', async () => {
    await using scratch = await Scratch.make();
    const plan = await planned(scratch, RUN.b), digest = digestOf(plan);
    await left(scratch, RUN.a, '1', []);
    const known: RunRecord = { opening: { event: 'opened', at: '2', by: 'me@here', digest, plan }, entries: [] };
    await assert.rejects(resumeRun(contextOf(scratch), known, digest), { code: 'OTHER_RUN_OPEN', args: { run: RUN.a, dataDir: join(scratch.dir, 'm1') } });
    await assert.rejects(takeRestoreBack(contextOf(scratch), known, digest), { code: 'OTHER_RUN_OPEN' });
    assert.deepEqual((await readdir(join(scratch.dir, 'm1'))).sort(), ['.recovery.lock', journalName(RUN.a)]);
  });

  it('begins beside one that is over, though a host that was lost at its last line has it as open', async () => {
    await using scratch = await Scratch.make();
    const dirs = ['m1', 'm2'].map(name => join(scratch.dir, name));
    const result = (run: string) => planRestore(dirs.reduce((facts, dataDir, at) => withDefinition(facts, at, { dataDir }), factsOf(2)), { ...choice, run });
    const [first, later] = [result(RUN.a), result(RUN.b)];
    assert('plan' in first && 'plan' in later);
    const opening = { event: 'opened', at: '1', by: 'me@here', digest: digestOf(first.plan), plan: first.plan } as const;
    for (const [at, dir] of dirs.entries()) {
      await mkdir(dir);
      await writeFile(join(dir, journalName(RUN.a)), [opening, ...at === 0 ? [] : over].map((line, n) => journalLine(n, line)).join(''));
    }
    await refuseOtherRuns(contextOf(scratch), later.plan);
    // Taking it back was begun since: then the copy that says so counts.
    await writeFile(join(dirs[0] ?? '', journalName(RUN.a)), [opening, ...over, back(first.plan)].map((line, n) => journalLine(n, line)).join(''));
    await assert.rejects(refuseOtherRuns(contextOf(scratch), later.plan), { code: 'OTHER_RUN_OPEN', args: { run: RUN.a, dataDir: dirs[0] } });
  });

  it('does not begin twice: its own journal is not written over', async () => {
    await using scratch = await Scratch.make();
    const { opening: { plan } } = await left(scratch, RUN.a, '1', over);
    await assert.rejects(beginRestore(contextOf(scratch), plan as RestorePlan, digestOf(plan)), { code: 'PATH_EXISTS', args: { path: join(scratch.dir, 'm1', journalName(RUN.a)) } });
    assert.equal((await journalsBeside(host, join(scratch.dir, 'm1')))[0]?.entries.length, 1);
  });

  it('is not taken back while a later one stands, neither in earnest nor in the preview', async () => {
    await using scratch = await Scratch.make();
    await restored(scratch, RUN.a, RUN.b);
    const first = await left(scratch, RUN.a, '2026-11-22T03:00:00.000Z', over);
    const later = await left(scratch, RUN.b, '2026-11-22T04:00:00.000Z', over);
    const refusal = { code: 'NEWER_RUN', args: { run: RUN.b, dataDir: join(scratch.dir, 'm1') } };
    await assert.rejects(takeRestoreBack(contextOf(scratch), first, first.opening.digest), refusal);
    await assert.rejects(wayBack(contextOf(scratch), first), refusal);
    assert.equal((await wayBack(contextOf(scratch), later)).plan.kind, 'takeBack');
  });

  it('is taken back once the later one was', async () => {
    await using scratch = await Scratch.make();
    await restored(scratch, RUN.a);
    const first = await left(scratch, RUN.a, '2026-11-22T03:00:00.000Z', over);
    const { opening: { plan } } = await left(scratch, RUN.b, '2026-11-22T04:00:00.000Z', [...over, back(first.opening.plan), ...over]);
    assert.equal(plan.run, RUN.b);
    assert.equal((await wayBack(contextOf(scratch), first)).plan.kind, 'takeBack');
  });
});

describe('the journals beside the data', () => {
  it('are regular files of a sensible size, and no more than one can read', async () => {
    await using scratch = await Scratch.make();
    const dataDir = join(scratch.dir, 'm1');
    const real = await left(scratch, '20260101t000000z-0000', '1', over);
    const name = (n: number) => journalName(`20270101t0000${String(n).padStart(2, '0')}z-0000`);
    await symlink(join(dataDir, journalName(real.opening.plan.run)), join(dataDir, name(1)));
    execFileSync('mkfifo', [join(dataDir, name(2))]);
    await mkdir(join(dataDir, name(3)));
    await writeFile(join(dataDir, name(4)), '');
    await truncate(join(dataDir, name(4)), LARGEST_JOURNAL + 1);
    await writeFile(join(dataDir, name(5)), 'no journal\n');
    assert.deepEqual(await journalsBeside(host, dataDir), [real]);
    for (let n = 10; n < 90; n++) await left(scratch, `20280101t0000${n}z-0000`, String(n), over);
    assert.deepEqual((await journalsBeside(host, dataDir)).map(({ opening }) => opening.at), Array.from({ length: 64 }, (_, n) => String(n + 26)));
  });

  it('are none where there is no data directory', async () => {
    await using scratch = await Scratch.make();
    assert.deepEqual(await journalsBeside(host, join(scratch.dir, 'gone')), []);
  });
});
