import assert from 'node:assert/strict';
import type { RunRecord } from '../../src/core/journal.js';
import { standing } from '../../src/core/journal.js';
import type { RunEnd } from '../../src/core/runner.js';
import { KnownError } from '../../src/core/errors.js';
import { stepsOf, type Plan } from '../../src/core/plan.js';
import { carryOn, goBack, inPlace, isWayBackOf, planBack, takeBack } from '../../src/core/takeBack.js';
import { digestOf, HandmadeWorld, planOf, step } from './handmade.js';

const idsOf = (plan: Plan): readonly (readonly string[])[] => plan.stages.map(stage => stage.steps.map(each => each.id));
const record = (plan: Plan, world: HandmadeWorld): RunRecord => ({ opening: { event: 'opened', at: '', by: 'me', digest: digestOf(plan), plan }, entries: [...world.entries] });
const plan = planOf([['a1', 'a2'], ['b1']], [['c1']]);
/** Looks at the way back, approves it and goes it. */
const approveAndGo = async (world: HandmadeWorld): Promise<RunEnd> => {
  const shown = await planBack(record(plan, world), [], probe => world.holds(probe));
  return goBack(record(plan, world), 'me', digestOf(shown), [], world.job(plan));
};

describe('the way back', () => {
  it('is the steps in place, reversed, stage by stage and lane by lane', () => {
    const back = takeBack(plan, new Set(['a1', 'a2', 'b1', 'c1']), []);
    assert.equal(back.kind, 'takeBack');
    assert.deepEqual(idsOf(back), [['undo-c1'], ['undo-b1', 'undo-a2', 'undo-a1']]);
    assert.deepEqual(stepsOf(back).map(({ act }) => act.do === 'move' ? `${act.from} ${act.to}` : ''), ['/after/c1 /before/c1', '/after/b1 /before/b1', '/after/a2 /before/a2', '/after/a1 /before/a1']);
    assert.deepEqual(back.stages.map(stage => stage.id), ['undo-s1', 'undo-s0']);
  });

  it('leaves out what was not done and what needs no way back, and ends in the checks', () => {
    const waits = { ...plan, stages: [...plan.stages, { id: 'w', title: { code: 'X', args: {} }, undoTitle: { code: 'X', args: {} }, steps: [step('wait', 'lane0', 'nothing')] }] };
    const checks = planOf([['check']]).stages;
    assert.deepEqual(idsOf(takeBack(waits, new Set(['a1', 'wait']), checks)), [['undo-a1'], ['check']]);
  });

  it('refuses to cross a step that cannot be undone, but only once that is in place', () => {
    const last = { ...plan, stages: [...plan.stages, { id: 'p', title: { code: 'X', args: {} }, undoTitle: { code: 'X', args: {} }, steps: [step('point', 'lane0', 'impossible')] }] };
    assert.throws(() => takeBack(last, new Set(['a1', 'point']), []), { code: 'POINT_OF_NO_RETURN', args: { step: 'point' } });
    assert.deepEqual(idsOf(takeBack(last, new Set(['a1']), [])), [['undo-a1']]);
  });

  it('can itself be undone, back to the same plan\'s steps', () => {
    const effective = new Set(['a1', 'a2', 'b1', 'c1']);
    const back = takeBack(plan, effective, []);
    const forth = takeBack(back, new Set(stepsOf(back).map(({ id }) => id)), []);
    assert.deepEqual(stepsOf(forth).map(({ act }) => act).toSorted(byJson), stepsOf(plan).map(({ act }) => act).toSorted(byJson));
  });

  it('counts a step begun or failed as in place when its probe holds, one never begun not at all', async () => {
    const world = new HandmadeWorld(plan);
    for (const id of ['a2', 'b1', 'c1']) world.there.add(`/after/${id}`);
    const entries = [{ event: 'done', at: '', step: 'a1' }, { event: 'started', at: '', step: 'a2' }, { event: 'failed', at: '', step: 'b1', code: 'X', args: {} }] as const;
    assert.deepEqual([...await inPlace(plan, entries, probe => world.holds(probe))], ['a1', 'a2', 'b1']);
    world.there.clear();
    assert.deepEqual([...await inPlace(plan, entries, probe => world.holds(probe))], ['a1']);
  });

  it('is journaled before it is begun, and resumed as it was planned', async () => {
    const world = new HandmadeWorld(plan);
    await world.run(plan);
    let tries = 0;
    const failing = new HandmadeWorld(plan, { acting: id => { if (id === 'a1' && tries++ === 0) throw new KnownError('STILL_RUNNING'); } });
    failing.entries.push(...world.entries);
    failing.there.clear();
    for (const path of world.there) failing.there.add(path);
    assert.deepEqual(await approveAndGo(failing), { end: 'failed', steps: ['undo-a1'] });
    assert.equal(standing(failing.entries), 'takingBack');
    assert.deepEqual(await approveAndGo(failing), { end: 'finished' });
    assert.equal(standing(failing.entries), 'takenBack');
    assert.equal(failing.entries.filter(entry => entry.event === 'takingBack').length, 1);
    assert.deepEqual([...failing.there].sort(), stepsOf(plan).map(({ id }) => `/before/${id}`).sort());
    assert.deepEqual(await approveAndGo(failing), { end: 'finished' });
  });

  it('is refused before anything is done when what it moves is gone or its place is taken, and goes once that is mended', async () => {
    const world = new HandmadeWorld(plan);
    await world.run(plan);
    const done = [...world.there].sort(), told = [...world.told], acts = world.log.filter(line => line.startsWith('act'));
    const go = () => approveAndGo(world);
    world.there.delete('/after/a1');
    await assert.rejects(go(), { code: 'WAY_BACK_MISSING', args: { path: '/after/a1', host: 'h' } });
    world.there.add('/after/a1').add('/before/c1');
    await assert.rejects(go(), { code: 'WAY_BACK_TAKEN', args: { path: '/before/c1', host: 'h' } });
    world.there.delete('/before/c1');
    assert.deepEqual([[...world.there].sort(), world.told, world.log.filter(line => line.startsWith('act'))], [done, told, acts]);
    assert.equal(standing(world.entries), 'finished');
    assert.deepEqual(await go(), { end: 'finished' });
    assert.equal(standing(world.entries), 'takenBack');
  });

  it('is looked at anew when it is gone on with: what is done already needs nothing any more', async () => {
    let tries = 0;
    const world = new HandmadeWorld(plan, { acting: id => { if (id === 'a2' && standing(world.entries) === 'takingBack' && tries++ === 0) throw new KnownError('STILL_RUNNING'); } });
    await world.run(plan);
    const go = () => approveAndGo(world);
    assert.deepEqual(await go(), { end: 'failed', steps: ['undo-a2'] });
    world.there.delete('/after/a1');
    const { length } = world.entries;
    await assert.rejects(go(), { code: 'WAY_BACK_MISSING', args: { path: '/after/a1', host: 'h' } });
    await assert.rejects(carryOn(record(plan, world), world.job(plan)), { code: 'WAY_BACK_MISSING' });
    assert.equal(world.entries.length, length);
    world.there.add('/after/a1');
    assert.deepEqual(await carryOn(record(plan, world), world.job(plan)), { end: 'finished' });
    assert.deepEqual([...world.there].sort(), stepsOf(plan).map(({ id }) => `/before/${id}`).sort());
  });

  it('of a run that did nothing is empty, and is over at once', async () => {
    const world = new HandmadeWorld(plan);
    assert.deepEqual(await approveAndGo(world), { end: 'finished' });
    assert.deepEqual(world.told, ['takingBack', 'finished']);
    assert.deepEqual(world.log, []);
  });

  it('is run as it was approved, or not at all: when what is in place has changed since, nothing is done', async () => {
    let tries = 0;
    const world = new HandmadeWorld(plan, { acting: id => { if (id === 'b1' && tries++ === 0) throw new KnownError('STILL_RUNNING'); } });
    await world.run(plan);
    const shown = digestOf(await planBack(record(plan, world), [], probe => world.holds(probe)));
    // The step that had failed takes effect after all.
    world.there.add('/after/b1');
    world.there.delete('/before/b1');
    const [entries, log] = [world.entries.length, world.log.length];
    await assert.rejects(goBack(record(plan, world), 'me', shown, [], world.job(plan)), { code: 'WAY_BACK_CHANGED', args: { run: 'handmade' } });
    await assert.rejects(goBack(record(plan, world), 'me', digestOf(plan), [], world.job(plan)), { code: 'WAY_BACK_CHANGED' });
    assert.equal(world.entries.length, entries);
    assert.deepEqual(world.log.slice(log).filter(line => line.startsWith('act')), []);
    assert.deepEqual(await approveAndGo(world), { end: 'finished' });
    assert.equal(standing(world.entries), 'takenBack');
    assert.deepEqual([...world.there].filter(path => path.startsWith('/after/')), []);
  });

  it('is believed only when everything it would change undoes a step of the plan', () => {
    const back = takeBack(plan, new Set(['a1', 'c1']), []);
    assert(isWayBackOf(back, plan));
    assert(isWayBackOf(JSON.parse(JSON.stringify(back)) as Plan, plan));
    const expecting = { ...back, stages: [...back.stages, { ...planOf([[]]).stages[0] ?? assert.fail(), steps: [{ ...step('x', 'l'), act: { do: 'expect', probe: { is: 'exists', host: 'h', path: '/' }, withinMs: 0 } as const }] }] };
    assert(isWayBackOf(expecting, plan));
    assert(!isWayBackOf(planOf([['a1']]), plan), 'not a way back');
    assert(!isWayBackOf({ ...planOf([['x']]), kind: 'takeBack' }, plan), 'another step');
    assert(!isWayBackOf({ ...plan, kind: 'takeBack' }, plan), 'the way forward');
    assert(!isWayBackOf({ ...back, run: 'another' }, plan));
    assert(!isWayBackOf({ ...back, subject: { members: [] } }, plan));
  });
});

const byJson = (a: unknown, b: unknown): number => JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
