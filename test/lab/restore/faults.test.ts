import assert from 'node:assert/strict';
import type { ErrorCode } from '../../../src/core/errors.js';
import { standing } from '../../../src/core/journal.js';
import { resumeRun } from '../../../src/node/restore/restoreRun.js';
import type { Lab } from '../../../lab/lab.js';
import { hostAt, labs, patience, standInLog, untilStandIn } from '../labs.js';
import { assertAsBefore, assertAsForetold, assertSameJournals, stateOf } from './clusterState.js';
import { assertParkedIsDown, faults, power, restoreStruck } from './faults.js';
import { LabEditor } from './labRestore.js';
import { planStages } from './planStages.js';

const all = process.env['LAB_FAULTS'] === 'all';
/** What is run without. */
const usual = ['stage: the connection to a host is lost', 'stop-leader: a host loses power and boots', 'swap: a host loses power and boots', 'stop: a host is cut from the network for a while'];

/** What a run may stop with: each says which host, and what to do. */
const clear = new Set<string>([
  'HOST_LOST', 'HOST_REBOOTED', 'HOST_UNREACHABLE', 'HOST_TIMEOUT', 'ETCD_UNREACHABLE', 'ETCD_NO_ANSWER', 'ETCD_CONNECTION_LOST', 'ETCD_TIMEOUT', 'API_SERVER_NOT_READY',
] satisfies ErrorCode[]);

const OBJECTS = 40;

describe('a restore of static pods on three hosts, when in the middle of', function () {
  this.timeout(3 * patience);
  const start = labs();
  let lab: Lab;

  const fresh = async (): Promise<void> => {
    lab = await start({ hosts: 3, controllers: true });
    // An API server takes all the time it is given to end; half a minute, again and again, would be most of what this takes.
    const manifest = '/etc/kubernetes/manifests/kube-apiserver.yaml';
    await Promise.all(lab.hosts.map(host => lab.script(host, `sed 's/^  hostNetwork: true/&\\n  terminationGracePeriodSeconds: 3/' ${manifest} >/root/new && mv /root/new ${manifest}`)));
    for (const host of lab.hosts) await untilStandIn(lab, host, 'its API server is to be the new one', async () =>
      /kube-apiserver-\S+: started container kube-apiserver[\s\S]*kube-apiserver-\S+: started container kube-apiserver/.test(await standInLog(lab, host)));
    await lab.untilApiReady();
  };

  before(fresh);
  // What is left of a cell that failed is no beginning for the next.
  afterEach(async function () {
    if (this.currentTest?.state !== 'failed') return;
    console.log(this.currentTest.err?.stack);
    await lab[Symbol.asyncDispose]();
    await fresh();
  });

  for (const [n, stage] of planStages.entries()) for (const [m, fault] of faults.entries()) {
    const title = `${stage}: ${fault.name}`;
    if (!all && !usual.includes(title)) continue;
    const way = (n + m) % 2 === 0 ? 'goes on' : 'is taken back';
    it(`${title}, ${way} by another editor that has the hosts' journals alone`, async () => {
      const cell = `${stage}-${m}`, run = `lab-fault-${cell}`;
      await lab.untilEtcdHealthy();
      await using editor = await LabEditor.open(lab);
      await lab.objects().fill(OBJECTS, { prefix: `kept-${cell}` });
      const snapshot = await editor.snapshot('before');
      await lab.objects().fill(OBJECTS, { prefix: `later-${cell}` });
      const plan = await editor.plan(snapshot, run);
      assert.deepEqual(plan.stages.map(({ id }) => id), planStages);
      const before = await stateOf(lab, editor);
      const struck = await restoreStruck(lab, editor, plan, stage, fault);
      console.log(`      ${struck.step}: ${struck.end} ${struck.codes.join(' ')}`);

      await using other = await LabEditor.open(lab, [], { known: editor.cluster });
      const record = await other.onHosts(run);
      await assertParkedIsDown(lab, record, fault === power ? struck.victim : undefined);
      if (way === 'is taken back') await other.takeBack(run);
      else if (standing(record.entries) === 'open') await other.finish(context => resumeRun(context, record, record.opening.digest));
      await lab.untilApiReady();
      assert.equal(standing((await other.onHosts(run)).entries), way === 'goes on' ? 'finished' : 'takenBack');
      await assertSameJournals(lab, run);
      if (way === 'goes on') await assertAsForetold(other, plan, before);
      else await assertAsBefore(lab, other, before);
      for (const host of lab.hosts) {
        assert.equal(await lab.objects(host).count(`kept-${cell}`), OBJECTS, host.name);
        assert.equal(await lab.objects(host).count(`later-${cell}`), way === 'goes on' ? 0 : OBJECTS, host.name);
      }
      assert.deepEqual(struck.codes.filter(code => !clear.has(code)), []);
    });
  }

  it('a script that outlives its connection, its host is started anew: says so, and neither waits for it nor begins it again', async () => {
    await using editor = await LabEditor.open(lab);
    const host = hostAt(lab, 1);
    const heard: string[] = [];
    let struck: Promise<void> | undefined;
    const run = editor.context().hosts.get(host.name)?.run({ text: 'echo once >>/root/begun; echo begun; exec sleep 900', args: [] }, {
      signal: new AbortController().signal, outlives: true,
      onOutput: text => {
        heard.push(text);
        struck ??= power.strike(lab, host);
      },
    });
    await assert.rejects(run ?? Promise.resolve(), { code: 'HOST_REBOOTED', args: { host: host.name } });
    await struck;
    assert.equal(heard.join('').trim(), 'begun');
    assert.equal((await lab.script(host, 'cat /root/begun; pgrep -x sleep; ls -d /run/etcd-recovery-* 2>/dev/null; true')).stdout, 'once\n');
    await lab.untilApiReady();
  });
});
