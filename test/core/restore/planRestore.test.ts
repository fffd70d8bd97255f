import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lanesOf, stepsOf } from '../../../src/core/plan.js';
import type { RestoreChoice, RestoreFacts } from '../../../src/core/restore/facts.js';
import { planRestore, type RestorePlan } from '../../../src/core/restore/planRestore.js';
import { choice, etcdutl, factsOf } from './factsFixture.js';
import { onlyMember, withIpv6, withLeader, withReport } from './factsChanges.js';
import { podFactsOf } from './podFixture.js';
import { readableJson, withNamedProcesses } from './readableJson.js';

const folder = join(import.meta.dirname, 'golden');
const regenerate = process.env['GOLDEN'] === 'update';
const text = (value: unknown): string => JSON.stringify(value, (_, each: unknown) => typeof each === 'bigint' ? String(each) : each, 2);

function planned(facts: RestoreFacts, chosen: RestoreChoice = choice): RestorePlan {
  const result = planRestore(facts, chosen);
  assert('plan' in result, text(result));
  return result.plan;
}

const golden: Readonly<Record<string, RestoreFacts>> = {
  'one-member-serves': factsOf(1),
  'three-members-serve': factsOf(3),
  'five-members-serve': factsOf(5),
  'three-members-down-one-without-data': factsOf(3, { down: true, gone: [2] }),
  'leader-in-the-middle': withLeader(factsOf(3), 1),
  'tool-that-cannot-bump': { ...factsOf(3), tools: new Map([['local', [etcdutl('3.5.9', false)]]]) },
  'ipv6-peers': withIpv6(factsOf(3)),
  'one-of-three-answers-without-quorum': onlyMember(factsOf(3), 'm2'),
  'static-pods-one-host': podFactsOf(1),
  'static-pods-serve': podFactsOf(3),
  'static-pods-down-one-without-data': podFactsOf(3, { down: true, gone: [2] }),
  'static-pods-tool-in-the-image': { ...podFactsOf(1), tools: new Map([['cp-1', [{ ...etcdutl('3.5.30'), path: 'etcdutl', runIn: ['podman', 'run', '--rm', '--network', 'host', '-v', '/var/lib/etcd:/var/lib/etcd', 'registry.k8s.io/etcd:3.5.30-0'] }]]]) },
};

describe('a restore plan', () => {
  for (const [name, facts] of Object.entries(golden)) {
    it(`is the one on record: ${name}`, () => {
      const path = join(folder, `${name}.json`);
      const made = `${readableJson(withNamedProcesses(planned(facts)))}\n`;
      if (regenerate) writeFileSync(path, made);
      assert(existsSync(path), `${path} is missing: make it with GOLDEN=update and read it`);
      assert.equal(made, readFileSync(path, 'utf8'));
    });
  }

  it('has no record that nothing makes any more', () => {
    assert.deepEqual(readdirSync(folder).sort(), Object.keys(golden).map(name => `${name}.json`).sort());
  });

  it('is the same for the same facts, and plain JSON', () => {
    for (const facts of Object.values(golden)) {
      const before = text(facts);
      const plan = planned(facts);
      assert.deepEqual(planned(facts), plan);
      assert.deepEqual(JSON.parse(JSON.stringify(plan)), plan);
      assert.equal(text(facts), before, 'the facts were changed');
    }
  });

  it('stops followers before the leader, and starts nobody before everybody was swapped', () => {
    const plan = planned(withLeader(factsOf(5), 2));
    const stages = plan.stages.map(stage => [stage.id, stage.steps.map(step => step.id)] as const);
    assert.deepEqual(new Map(stages).get('stop'), ['stop@m1', 'stop@m2', 'stop@m4', 'stop@m5']);
    assert.deepEqual(new Map(stages).get('stop-leader'), ['stop@m3']);
    const order = stages.map(([id]) => id);
    assert(order.indexOf('stop-leader') < order.indexOf('swap') && order.indexOf('swap') < order.indexOf('start'));
  });

  it('starts etcd pods one after the other, since those that begin together wait for each other\'s hash', () => {
    const stages = new Map(planned(podFactsOf(3)).stages.map(stage => [stage.id, stage]));
    const lanes = (id: string): readonly number[] => lanesOf(stages.get(id) ?? assert.fail(id)).map(({ length }) => length);
    assert.deepEqual(lanes('start'), [3]);
    assert.deepEqual(lanes('start-api'), [1, 1, 1]);
  });

  it('has steps of unique ids, of which every one that changes something on a host can be taken back', () => {
    const steps = stepsOf(planned(factsOf(5)));
    assert.equal(new Set(steps.map(step => step.id)).size, steps.length);
    for (const step of steps) assert.equal(typeof step.undo === 'object', ['stop', 'start', 'move', 'park', 'putBack'].includes(step.act.do), step.id);
  });

  it('restarts the kubelets last, where that was chosen, and of static pods only', () => {
    const stagesOf = (facts: RestoreFacts, chosen: RestoreChoice) => planned(facts, chosen).stages;
    const plain = stagesOf(podFactsOf(3), choice), chosen = stagesOf(podFactsOf(3), { ...choice, kubelets: 'restart' });
    assert.deepEqual(chosen.slice(0, -1), plain);
    assert.deepEqual(chosen.at(-1)?.steps.map(({ id, act, undo }) => [id, act.do, undo]), ['cp-1', 'cp-2', 'cp-3'].map(name => [`restart-kubelet@${name}`, 'restartKubelet', 'nothing']));
    assert.deepEqual(stagesOf(factsOf(3), { ...choice, kubelets: 'restart' }), stagesOf(factsOf(3), choice));
  });

  it('restores every member from the same snapshot, token and revision, each under its own name and URLs', () => {
    const stagings = stepsOf(planned(factsOf(3))).flatMap(({ act }) => act.do === 'stage' ? [act.staging] : []);
    assert.deepEqual(stagings.map(({ name, peerUrls }) => `${name} ${peerUrls}`), ['m1 http://127.0.0.1:12380', 'm2 http://127.0.0.1:12480', 'm3 http://127.0.0.1:12580']);
    assert.equal(new Set(stagings.map(({ snapshot, token, bumpRevision, initialCluster }) => text([snapshot, token, bumpRevision, initialCluster]))).size, 1);
  });

  it('names the ids after the run, so that another run shuts out members of this one', () => {
    const first = planned(factsOf(3)), second = planned(factsOf(3), { ...choice, run: '20261122t030000z-ffff' });
    assert.notEqual(first.subject.foretold.clusterId, second.subject.foretold.clusterId);
    assert.notEqual(first.subject.token, second.subject.token);
  });

  it('foretells what the servers\' own version answers where versions hash differently', () => {
    const empty = (version: string) => {
      const facts = withReport(factsOf(3), { olderHash: 77 });
      const tools = new Map([['local', [etcdutl('3.5.9', false)]]]);
      return { ...facts, tools, members: facts.members.map(member => member.status === undefined ? member : { ...member, status: { ...member.status, version } }) };
    };
    assert.deepEqual(['3.5.15', '3.5.16'].map(version => planned(empty(version)).subject.foretold.hashKv), [77, 99]);
    const down = { ...withReport(factsOf(3, { down: true }), { olderHash: 77 }), tools: new Map([['local', [etcdutl('3.5.9', false)]]]) };
    assert.equal(planned(down).subject.foretold.hashKv, 77, 'of members that do not answer, the tool tells');
  });

  it('of a cluster without quorum still knows the cluster that members must be again when it is taken back', () => {
    const { subject } = planned(onlyMember(factsOf(3), 'm2'));
    assert.equal(subject.clusterIdBefore, planned(factsOf(3)).subject.clusterIdBefore);
    assert.equal(subject.serving, false);
  });

  it('is not made for a run whose name could not be part of a file name', () => {
    for (const run of ['', 'short', 'With Capitals', '../../../etc', 'x'.repeat(61)]) assert.throws(() => planRestore(factsOf(1), { ...choice, run }), /cannot be part of a name/);
  });
});
