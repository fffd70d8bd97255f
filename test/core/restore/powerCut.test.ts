import assert from 'node:assert/strict';
import { planRestore, type RestorePlan } from '../../../src/core/restore/planRestore.js';
import type { RestoreChoice, RestoreFacts } from '../../../src/core/restore/facts.js';
import { choice, factsOf } from './factsFixture.js';
import { podFactsOf } from './podFixture.js';
import { SimulatedWorld } from './simulation.js';

function planned(facts: RestoreFacts, kubelets: Pick<RestoreChoice, 'kubelets'>): RestorePlan {
  const result = planRestore(facts, { ...choice, ...kubelets });
  assert('plan' in result, JSON.stringify(result, (_, value: unknown) => typeof value === 'bigint' ? String(value) : value));
  return result.plan;
}

interface Scene extends Pick<RestoreChoice, 'kubelets'> { readonly title: string; readonly facts: RestoreFacts }

const scenes = [1, 3, 5].flatMap((n): readonly Scene[] => [
  { title: `${n} members that serve`, facts: factsOf(n) },
  { title: `${n} members, all down, one without data`, facts: factsOf(n, { down: true, gone: [n - 1] }) },
  // Five have four times the points of three, and none that three have not.
  ...n === 5 ? [] : [
    { title: `${n} static pods that serve${n === 1 ? ', with a restart of the kubelet' : ''}`, facts: podFactsOf(n), ...n === 1 ? { kubelets: 'restart' as const } : {} },
    { title: `${n} static pods, all down, one without data`, facts: podFactsOf(n, { down: true, gone: [n - 1] }) },
  ],
]);

for (const { title, facts, ...kubelets } of scenes) {
  describe(`a power cut during the restore of ${title}`, function () {
    this.timeout(60_000);
    const plan = planned(facts, kubelets);
    const fresh = () => new SimulatedWorld(facts, plan);

    it('at every journal write, effect and probe: resuming ends in the same world, each effect done once', async () => {
      const whole = fresh();
      assert.deepEqual(await whole.forward(), { end: 'finished' });
      assert.equal([...whole.data].filter(([path, what]) => path.endsWith('/member') && !path.includes('/.restore-') && what === 'new').length, facts.members.length);
      for (let k = 0; k < whole.touches; k++) {
        const world = fresh();
        assert(await world.cutAt(k, world.forward), `k=${k}`);
        assert.deepEqual(await world.forward(), { end: 'finished' }, `k=${k}`);
        assert.deepEqual(world.picture(), whole.picture(), `k=${k}`);
        assert.deepEqual(world.effects.toSorted(), whole.effects.toSorted(), `k=${k}`);
      }
    });

    it('twice in a row at different points: the same', async () => {
      const whole = fresh();
      await whole.forward();
      for (let k = 0; k < whole.touches; k += facts.members.length) {
        for (let j = 0; j < 12; j++) {
          const world = fresh();
          await world.cutAt(k, world.forward);
          await world.cutAt(j, world.forward);
          assert.deepEqual(await world.forward(), { end: 'finished' }, `k=${k} j=${j}`);
          assert.deepEqual(world.effects.toSorted(), whole.effects.toSorted(), `k=${k} j=${j}`);
        }
      }
    });

    it('taken back from every point: everything is where it was, and runs as it did', async () => {
      const before = fresh();
      const whole = fresh();
      await whole.forward();
      for (let k = 0; k <= whole.touches; k++) {
        const world = fresh();
        await world.cutAt(k, world.forward);
        assert.deepEqual(await world.back(), { end: 'finished' }, `k=${k}`);
        assert.deepEqual(restoredAside(world), restoredAside(before), `k=${k}`);
      }
    });

    // Members that were down are left to the person when something else starts them.
    // A kubelet starts whatever lies in its directory.
    for (const etcd of facts.live === undefined ? ['stays down'] as const : facts.cluster.run === 'staticPod' ? ['starts'] as const : ['stays down', 'starts'] as const) {
      it(`that ends every etcd as well, which then ${etcd}: resuming ends in the same world, taking back where everything was`, async () => {
        const before = fresh(), whole = fresh();
        await whole.forward();
        for (let k = 0; k < whole.touches; k++) {
          const [onwards, backwards] = [fresh(), fresh()];
          for (const world of [onwards, backwards]) {
            await world.cutAt(k, world.forward);
            world.reboot(world.without.length > 0 ? 'stays down' : etcd);
          }
          // What becomes of etcd after the end is not the run's business any more.
          const over = onwards.isOver;
          assert.deepEqual(await onwards.forward(), { end: 'finished' }, `k=${k}`);
          if (!over) assert.deepEqual(onwards.picture(), whole.picture(), `k=${k}`);
          assert.deepEqual(await backwards.back(), { end: 'finished' }, `k=${k} back`);
          assert.deepEqual(restoredAside(backwards), restoredAside(before), `k=${k} back`);
        }
      });
    }

    it('and old data that was removed since: taking back stops and moves nothing, and goes once it is put back', async () => {
      const before = fresh(), whole = fresh();
      await whole.forward();
      for (let k = 0; k <= whole.touches; k++) {
        const world = fresh();
        await world.cutAt(k, world.forward);
        const aside = [...world.data.keys()].findLast(path => path.includes('/rescue-'));
        // What nobody knows to be moved, and nobody wants to start on, is not missed.
        if (aside === undefined || (facts.live === undefined && !world.isDone(`move-aside@${memberAt(aside)}`))) continue;
        world.data.delete(aside);
        const picture = world.picture(), done = [...world.effects];
        await assert.rejects(world.back(), { code: 'WAY_BACK_MISSING' }, `k=${k}`);
        assert.deepEqual([world.picture(), world.effects], [picture, done], `k=${k}`);
        world.data.set(aside, 'old');
        assert.deepEqual(await world.back(), { end: 'finished' }, `k=${k}`);
        assert.deepEqual(restoredAside(world), restoredAside(before), `k=${k}`);
      }
    });

    it('while it is taken back, after which old data is removed: going on does nothing, until it is put back', async () => {
      const whole = fresh();
      await whole.forward();
      const forwardTouches = whole.touches;
      await whole.back();
      for (let k = 0; k < whole.touches - forwardTouches; k++) {
        const world = fresh();
        await world.forward();
        await world.cutAt(k, world.back);
        const aside = [...world.data.keys()].findLast(path => path.includes('/rescue-'));
        if (aside === undefined) continue;
        world.data.delete(aside);
        const picture = world.picture();
        await assert.rejects(world.back(), { code: 'WAY_BACK_MISSING', args: placeOf(aside) }, `k=${k}`);
        assert.deepEqual(world.picture(), picture, `k=${k}`);
        world.data.set(aside, 'old');
        assert.deepEqual(await world.back(), { end: 'finished' }, `k=${k}`);
        assert.deepEqual(world.picture(), whole.picture(), `k=${k}`);
        assert.deepEqual(world.effects.toSorted(), whole.effects.toSorted(), `k=${k}`);
      }
    });

    it('while it is taken back: resuming the way back ends in the same world, each effect done once', async () => {
      const whole = fresh();
      await whole.forward();
      const forwardTouches = whole.touches;
      assert.deepEqual(await whole.back(), { end: 'finished' });
      for (let k = 0; k < whole.touches - forwardTouches; k++) {
        const world = fresh();
        await world.forward();
        assert(await world.cutAt(k, world.back), `k=${k}`);
        assert.deepEqual(await world.back(), { end: 'finished' }, `k=${k}`);
        assert.deepEqual(world.picture(), whole.picture(), `k=${k}`);
        assert.deepEqual(world.effects.toSorted(), whole.effects.toSorted(), `k=${k}`);
      }
    });
  });
}

/** The member whose data a place holds: in the fixtures the data directory has its name, or the host. */
const memberAt = (place: string): string => place.startsWith('local:') ? place.split('/').at(-2) ?? '' : placeOf(place).host;

/** The host and the path of a place in the world. */
const placeOf = (place: string): { readonly host: string; readonly path: string } => ({ host: place.slice(0, place.indexOf(':')), path: place.slice(place.indexOf(':') + 1) });

/** The world but for the restored data and the copied snapshots, which a take-back keeps beside. */
const restoredAside = (world: SimulatedWorld): unknown =>
  ({ data: [...world.data].filter(([, what]) => what === 'old').sort(), running: [...world.running].sort(), pods: [...world.pods].sort() });
