import assert from 'node:assert/strict';
import { etcdVersions } from '../../../scripts/etcdVersions.js';
import { standing } from '../../../src/core/journal.js';
import type { ClusterDefinition } from '../../../src/core/cluster/definition.js';
import { beginRestore, digestOf, resumeRun } from '../../../src/node/restore/restoreRun.js';
import type { Lab } from '../../../lab/lab.js';
import { hostAt, labs, patience } from '../labs.js';
import { assertAsBefore, assertSameJournals, stateOf, type ClusterState } from './clusterState.js';
import { LabEditor, toolFolders } from './labRestore.js';
import { planStages } from './planStages.js';

const versions = etcdVersions();
const newestOf = (line: string): string | undefined => versions.findLast(({ version }) => version.startsWith(`${line}.`))?.version;
const OBJECTS = 2_000;

for (const version of ['3.4', '3.5', '3.6', '3.7'].flatMap(line => newestOf(line) ?? [])) {
  describe(`static pods of etcd ${version} on three hosts`, function () {
    this.timeout(2 * patience);
    const start = labs();
    let lab: Lab;

    before(async () => { lab = await start({ hosts: 3, etcd: version }); });

    it('come back with every object after all were deleted, all as foretold, the revision above the one before', async () => {
      await using editor = await LabEditor.open(lab, toolFolders);
      await lab.objects().fill(OBJECTS);
      const snapshot = await editor.snapshot('before');
      await lab.objects().clear();
      assert.equal(await lab.objects().count(), 0);
      const before = await editor.identities();
      const manifests = await editor.manifests();
      const plan = await editor.plan(snapshot, `lab-${version.replaceAll('.', '-')}-run`);
      await editor.restore(plan);
      for (const host of lab.hosts) assert.equal(await lab.objects(host).count(), OBJECTS, host.name);
      const after = await editor.identities();
      assert.deepEqual(after.map(({ name, memberId }) => [name, memberId.toString(16)]), after.map(({ name }) => [name, plan.subject.foretold.memberIds[name]]));
      assert.deepEqual(new Set(after.map(({ clusterId }) => clusterId.toString(16))), new Set([plan.subject.foretold.clusterId]));
      assert(after.every(({ revision }) => before.every(other => revision > other.revision)), 'a revision went back');
      assert.deepEqual(await editor.manifests(), manifests);
    });
  });
}

describe('a restore of static pods on three hosts', function () {
  this.timeout(3 * patience);
  const start = labs();
  let lab: Lab;

  before(async () => {
    lab = await start({ hosts: 3, controllers: true });
    await lab.objects().fill(50);
  });

  it('with every etcd broken, one host without data and no API server: all objects are back', async () => {
    await using editor = await LabEditor.open(lab, toolFolders);
    const snapshot = await editor.snapshot('intact');
    const before = await editor.identities();
    await lab.objects().clear();
    await lab.script(hostAt(lab, 0), 'rm -rf /var/lib/etcd/member; touch /var/lib/etcd/member; pkill -9 etcd');
    for (const at of [1, 2]) await lab.script(hostAt(lab, at), 'for wal in /var/lib/etcd/member/wal/*.wal; do : >"$wal"; done; pkill -9 etcd; pkill -9 kube-apiserver; true');
    await lab.script(hostAt(lab, 0), 'rm -f /var/lib/etcd/member; pkill -9 etcd; pkill -9 kube-apiserver; true');
    const plan = await editor.plan(snapshot, 'lab-all-broken-run');
    assert.equal(plan.subject.serving, false);
    await editor.restore(plan);
    for (const host of lab.hosts) assert.equal(await lab.objects(host).count(), 50, host.name);
    assert((await editor.identities()).every(({ revision }) => before.every(other => revision > other.revision)));
  });

  for (const stage of process.env['LAB_STAGES'] === 'all' ? [...planStages, 'the end'] : ['stage', 'stop', 'swap', 'the end']) {
    it(`is taken back after "${stage}", by another editor from the hosts' journals alone: manifests, ids, revisions and content as before`, async () => {
      const run = `lab-back-${stage.replace(' ', '-')}-run`, lost = `lost-${run}`;
      let before: ClusterState, known: ClusterDefinition;
      {
        await using editor = await LabEditor.open(lab, toolFolders);
        const snapshot = await editor.snapshot('now');
        await lab.objects().fill(3, { prefix: `back-${run}` });
        const plan = await editor.plan(snapshot, run);
        [before, known] = [await stateOf(lab, editor), editor.cluster];
        if (stage === 'the end') {
          await editor.restore(plan);
          await lab.objects().fill(3, { prefix: lost });
        } else assert.equal((await editor.restoreUntil(plan, stage)).end, 'cancelled');
      }
      await using other = await LabEditor.open(lab, toolFolders, { known });
      await other.takeBack(run);
      await lab.untilApiReady();
      await assertAsBefore(lab, other, before);
      await assertSameJournals(lab, run);
      assert.equal(standing((await other.onHosts(run)).entries), 'takenBack');
      for (const host of lab.hosts) assert.deepEqual([await lab.objects(host).count(`back-${run}`), await lab.objects(host).count(lost)], [3, 0], host.name);
    });
  }

  it('goes on after a host died in the middle, from the hosts\' journals alone', async () => {
    const run = 'lab-died-run', third = hostAt(lab, 2);
    let known: ClusterDefinition;
    {
      await using editor = await LabEditor.open(lab, toolFolders);
      known = editor.cluster;
      const plan = await editor.plan(await editor.snapshot('now'), run);
      await editor.restoreUntil(plan, 'swap');
    }
    await lab.kill(third);
    await lab.boot(third);
    await using other = await LabEditor.open(lab, toolFolders, { known });
    const record = await other.onHosts(run);
    await other.finish(context => resumeRun(context, record, record.opening.digest));
    await lab.untilApiReady();
    assert.equal((await other.identities()).length, 3);
  });

  it('stops when a host is cut off, and goes on once it is back', async () => {
    const run = 'lab-cut-run', second = hostAt(lab, 1);
    await using editor = await LabEditor.open(lab, toolFolders);
    const plan = await editor.plan(await editor.snapshot('now'), run);
    await editor.restoreUntil(plan, 'stop-api');
    await lab.cut(second);
    const record = await editor.onHosts(run);
    await assert.rejects(editor.finish(context => resumeRun(context, record, record.opening.digest)));
    await lab.heal(second);
    await using other = await LabEditor.open(lab, toolFolders, { user: 'ops', known: editor.cluster });
    const again = await other.onHosts(run);
    await other.finish(context => resumeRun(context, again, again.opening.digest));
    await lab.untilApiReady();
  });

  it('is refused while another operator works on the hosts, who is named', async () => {
    await using editor = await LabEditor.open(lab, toolFolders);
    const snapshot = await editor.snapshot('now');
    const plan = await editor.plan(snapshot, 'lab-first-run');
    await using second = await LabEditor.open(lab, toolFolders, { user: 'ops-nopass' });
    const other = await second.plan(snapshot, 'lab-second-run');
    const cancel = new AbortController();
    let refused: unknown;
    const end = await beginRestore(editor.context({
      signal: cancel.signal,
      onEntry: entry => {
        if (entry.event !== 'started' || refused !== undefined) return;
        refused = second.restore(other).then(() => undefined, (error: unknown) => error).finally(() => { cancel.abort(); });
      },
    }), plan, digestOf(plan));
    assert.equal(end.end, 'cancelled');
    const error = await refused as Error & { code?: string; args?: { owner: string } };
    assert.equal(error.code, 'LOCKED_BY_OTHER');
    assert.match(error.args?.owner ?? '', /process \d+/);
    await editor.takeBack('lab-first-run');
  });
});

for (const hosts of [1, 5] as const) {
  describe(`static pods on ${hosts === 1 ? 'one host' : 'five hosts'}`, function () {
    this.timeout(3 * patience);
    const start = labs();

    it('are restored like three, and their kubelets are restarted where that is chosen', async () => {
      const lab = await start({ hosts });
      await using editor = await LabEditor.open(lab, toolFolders, { user: 'ops-nopass' });
      await lab.objects().fill(20);
      const snapshot = await editor.snapshot('before');
      await lab.objects().clear();
      const kubelets = () => Promise.all(lab.hosts.map(async host => (await lab.exec(host, ['systemctl', 'show', '-p', 'InvocationID', '--value', 'kubelet.service'])).stdout.trim()));
      const before = await kubelets();
      await editor.restore(await editor.plan(snapshot, `lab-${hosts}-hosts-run`, hosts === 1 ? { kubelets: 'restart' } : {}));
      assert.equal((await kubelets()).some(invocation => before.includes(invocation)), hosts !== 1);
      for (const host of lab.hosts) assert.equal(await lab.objects(host).count(), 20, host.name);
    });
  });
}
