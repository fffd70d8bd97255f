import assert from 'node:assert/strict';
import fc from 'fast-check';
import { KnownError } from '../../src/core/errors.js';
import { lanesOf, stepsOf, type Plan } from '../../src/core/plan.js';
import { run } from '../../src/core/runner.js';
import { HandmadeWorld, planOf } from './handmade.js';

const ticks = async (count: number): Promise<void> => { for (let n = 0; n < count; n++) await Promise.resolve(); };
const turn = (): Promise<void> => new Promise(resolve => { setImmediate(resolve); });

describe('the runner', () => {
  it('writes ahead, acts, probes, writes', async () => {
    const plan = planOf([['a', 'b']]);
    const world = new HandmadeWorld(plan);
    assert.deepEqual(await world.run(plan), { end: 'finished' });
    assert.deepEqual(world.told, ['started a', 'done a', 'started b', 'done b', 'finished']);
    assert.deepEqual(world.log, ['act a', 'acted a', 'probe a', 'act b', 'acted b', 'probe b']);
  });

  it('refuses a plan of another digest before it touches or journals anything', async () => {
    const plan = planOf([['a']]);
    const world = new HandmadeWorld(plan);
    await assert.rejects(run(world.job(plan, undefined, 'another')), { code: 'PLAN_NOT_APPROVED', args: { run: 'handmade' } });
    assert.deepEqual([world.log, world.entries], [[], []]);
  });

  it('stops the other lanes at their next step when one fails, and never begins the next stage', async () => {
    const plan = planOf([['a1', 'a2'], ['b1', 'b2', 'b3']], [['c']]);
    const world = new HandmadeWorld(plan, { acting: async id => {
      if (id === 'a1') throw new KnownError('TOOL_FAILED', { reason: 'no' });
      if (id === 'b1') await turn();
    } });
    assert.deepEqual(await world.run(plan), { end: 'failed', steps: ['a1'] });
    assert.deepEqual(world.told, ['started a1', 'started b1', 'failed a1', 'done b1']);
  });

  it('names every step that failed, and says why each did', async () => {
    const plan = planOf([['a'], ['b'], ['c']]);
    const world = new HandmadeWorld(plan, { acting: id => { if (id !== 'b') throw new KnownError('TOOL_FAILED', { reason: id }); } });
    assert.deepEqual(await world.run(plan), { end: 'failed', steps: ['a', 'c'] });
    assert.deepEqual(world.entries.flatMap(entry => entry.event === 'failed' ? [[entry.code, entry.args]] : []), [['TOOL_FAILED', { reason: 'a' }], ['TOOL_FAILED', { reason: 'c' }]]);
  });

  it('counts a step without effect as failed', async () => {
    const plan = planOf([['a', 'b']]);
    const world = new HandmadeWorld(plan, { without: ['a'] });
    assert.deepEqual(await world.run(plan), { end: 'failed', steps: ['a'] });
    assert.deepEqual(world.entries.at(-1), { event: 'failed', at: 'now', step: 'a', code: 'STEP_NO_EFFECT', args: { step: 'a', why: 'PATH_MISSING', path: '/after/a' } });
  });

  it('is cancelled between steps: the one under way is ended and journaled, the next not begun', async () => {
    const plan = planOf([['a', 'b'], ['c', 'd']]);
    const cancel = new AbortController();
    const world = new HandmadeWorld(plan, { acting: id => { if (id === 'a') cancel.abort(); } });
    assert.deepEqual(await world.run(plan, cancel.signal), { end: 'cancelled', steps: [] });
    assert.deepEqual(world.told.toSorted(), ['done a', 'done c', 'started a', 'started c']);
    assert.deepEqual(await world.run(plan), { end: 'finished' });
    assert.deepEqual(world.log.filter(each => each.startsWith('acted')).toSorted(), ['acted a', 'acted b', 'acted c', 'acted d']);
  });

  it('does nothing at all when it was cancelled before', async () => {
    const plan = planOf([['a']]);
    const world = new HandmadeWorld(plan);
    assert.deepEqual(await world.run(plan, AbortSignal.abort()), { end: 'cancelled', steps: [] });
    assert.deepEqual([world.log, world.told], [[], []]);
  });

  it('that is cancelled while another step fails still tells which failed', async () => {
    const plan = planOf([['a'], ['b1', 'b2']]);
    const cancel = new AbortController();
    const world = new HandmadeWorld(plan, { acting: async id => {
      if (id === 'a') throw new KnownError('TOOL_FAILED');
      await turn();
      cancel.abort();
    } });
    assert.deepEqual(await world.run(plan, cancel.signal), { end: 'cancelled', steps: ['a'] });
  });

  it('probes a step that was begun before repeating it, and skips what is done without a look', async () => {
    const plan = planOf([['a', 'b', 'c']]);
    const world = new HandmadeWorld(plan);
    world.entries.push({ event: 'started', at: '', step: 'a' }, { event: 'done', at: '', step: 'a' }, { event: 'started', at: '', step: 'b' });
    world.there.delete('/before/b');
    world.there.add('/after/b');
    assert.deepEqual(await world.run(plan), { end: 'finished' });
    assert.deepEqual(world.log, ['probe b', 'act c', 'acted c', 'probe c']);
    assert.deepEqual(world.entries.filter(entry => 'found' in entry), [{ event: 'done', at: 'now', step: 'b', found: true }]);
  });

  it('repeats a step that was begun and has no effect', async () => {
    const plan = planOf([['a']]);
    const world = new HandmadeWorld(plan);
    world.entries.push({ event: 'started', at: '', step: 'a' });
    assert.deepEqual(await world.run(plan), { end: 'finished' });
    assert.deepEqual(world.log, ['probe a', 'act a', 'acted a', 'probe a']);
  });

  it('counts a failed step whose probe holds as done when it resumes', async () => {
    const plan = planOf([['a']]);
    const world = new HandmadeWorld(plan, { acting: () => { throw new KnownError('STILL_RUNNING'); } });
    assert.deepEqual(await world.run(plan), { end: 'failed', steps: ['a'] });
    world.there.add('/after/a');
    assert.deepEqual(await world.run(plan), { end: 'finished' });
    assert.deepEqual(world.told, ['started a', 'failed a', 'done a', 'finished']);
  });

  it('does not repeat a step while nobody can tell whether it was done', async () => {
    const plan = planOf([['a']]);
    const world = new HandmadeWorld(plan, { probing: () => { throw new KnownError('STEP_BUSY', { dataDir: '/d' }); } });
    world.entries.push({ event: 'started', at: '', step: 'a' });
    assert.deepEqual(await world.run(plan), { end: 'failed', steps: ['a'] });
    assert.deepEqual(world.log, ['probe a']);
    assert.deepEqual(world.told, ['started a', 'failed a']);
  });

  it('that is cancelled during that look does not act', async () => {
    const plan = planOf([['a']]);
    const cancel = new AbortController();
    const world = new HandmadeWorld(plan, { probing: () => {
      cancel.abort();
      cancel.signal.throwIfAborted();
    } });
    world.entries.push({ event: 'started', at: '', step: 'a' });
    assert.equal((await world.run(plan, cancel.signal)).end, 'cancelled');
    assert.deepEqual(world.log, ['probe a']);
  });

  it('passes on what a step prints as it comes, under the step\'s name', async () => {
    const plan = planOf([['a'], ['b']]);
    const world = new HandmadeWorld(plan, { acting: async (id, _, onOutput) => {
      onOutput(`${id} one`);
      await turn();
      onOutput(`${id} two`);
    } });
    await world.run(plan);
    assert.deepEqual(world.output, ['a: a one', 'b: b one', 'a: a two', 'b: b two']);
  });

  it('lets a bug out, and journals nothing more of that lane or of any other', async () => {
    const plan = planOf([['a', 'a2'], ['b', 'b2']], [['c']]);
    const bug = new TypeError('a bug');
    const world = new HandmadeWorld(plan, { acting: async id => {
      if (id === 'a') throw bug;
      await turn();
    } });
    await assert.rejects(world.run(plan), bug);
    await turn();
    assert.deepEqual(world.told, ['started a', 'started b', 'done b']);
  });

  it('goes nowhere without its journal', async () => {
    const plan = planOf([['a', 'b'], ['c']]);
    const world = new HandmadeWorld(plan);
    let left = 3;
    const job = { ...world.job(plan), journal: { append: async () => {
      await Promise.resolve();
      if (left-- === 0) throw new KnownError('FILE_UNREADABLE', { path: '/j' });
    } } };
    await assert.rejects(run(job), { code: 'FILE_UNREADABLE' });
    const acted = world.log.filter(each => each.startsWith('act '));
    await turn();
    assert.deepEqual(world.log.filter(each => each.startsWith('act ')), acted);
    assert(!acted.includes('act b'));
  });

  it('has done with a finished run at once', async () => {
    const plan = planOf([['a']]);
    const world = new HandmadeWorld(plan);
    world.entries.push({ event: 'finished', at: '' });
    assert.deepEqual(await world.run(plan), { end: 'finished' });
    assert.deepEqual(world.log, []);
  });

  it('keeps every barrier, and the order within a lane, whatever takes long', async () => {
    const shape = fc.array(fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 4 });
    await fc.assert(fc.asyncProperty(shape, fc.array(fc.nat(7), { minLength: 40, maxLength: 40 }), async (stages, delays) => {
      const plan = planOf(...stages.map((lanes, s) => lanes.map((count, l) => Array.from({ length: count }, (_, n) => `s${s}-l${l}-${n}`))));
      let at = 0;
      const wait = () => ticks(delays[at++ % delays.length] ?? 0);
      const world = new HandmadeWorld(plan, { acting: wait, probing: wait });
      assert.deepEqual(await world.run(plan), { end: 'finished' });
      orderHolds(plan, world.told);
    }), { seed: 3, numRuns: 200 });
  });
});

/** Everything of an earlier stage is done, and so is the step before it in its lane, when a step is begun. */
function orderHolds(plan: Plan, told: readonly string[]): void {
  plan.stages.forEach((stage, n) => {
    const earlier = stepsOf({ ...plan, stages: plan.stages.slice(0, n) });
    for (const lane of lanesOf(stage)) lane.forEach(({ id }, place) => {
      const begun = told.indexOf(`started ${id}`);
      for (const before of [...earlier, ...lane.slice(0, place)]) assert(told.indexOf(`done ${before.id}`) < begun, `${id} began before ${before.id} was done`);
    });
  });
}
