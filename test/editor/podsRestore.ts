import assert from 'node:assert/strict';
import path from 'node:path';
import type { Lab, LabHost } from '../../lab/lab.js';
import { etcdVersions } from '../../scripts/etcdVersions.js';
import { lastEvents, standing, type RunRecord } from '../../src/core/journal.js';
import { hostAt } from '../lab/labs.js';
import { LabEditor } from '../lab/restore/labRestore.js';
import { WatchedRun } from './instants.js';
import { approveRestore } from './journey.js';
import type { RealEditor } from './realEditor.js';

/** Objects that the snapshot holds, and those that are written after it. */
export const OBJECTS = 200, LATER = 30;

/** A cluster of static pods in a lab, with a snapshot, looked at from outside of any editor. */
export class PodsRestore implements AsyncDisposable {
  private readonly lab: Lab;
  private readonly outside: LabEditor;
  private manifests: ReadonlyMap<string, string> = new Map();
  private ids: readonly string[] = [];
  private later = '';

  private constructor(lab: Lab, outside: LabEditor) {
    this.lab = lab;
    this.outside = outside;
  }

  /** Fills the cluster and takes the snapshot `intact.db`. */
  static async of(lab: Lab): Promise<PodsRestore> {
    const outside = await LabEditor.open(lab);
    await lab.objects().fill(OBJECTS);
    await outside.snapshot('intact');
    return new PodsRestore(lab, outside);
  }

  /** The settings of a profile that knows the cluster, and nothing of what was done to it. */
  get settings(): Readonly<Record<string, unknown>> {
    const tool = etcdVersions().findLast(({ version }) => version.startsWith('3.5'))?.etcdutl;
    return {
      'etcdRecovery.sshConfigFile': hostAt(this.lab, 0).ssh.configFile, 'etcdRecovery.clusters': [this.outside.cluster],
      'etcdRecovery.snapshotFolders': [this.outside.folder], ...tool === undefined ? {} : { 'etcdRecovery.toolFolders': [path.dirname(tool)] },
    };
  }

  /** Deletes all objects that the snapshot holds, and writes others: what a restore is to turn round. */
  async lose(later: string): Promise<void> {
    await this.lab.objects().clear();
    await this.lab.objects().fill(LATER, { prefix: later });
    this.later = later;
    [this.manifests, this.ids] = [await this.outside.manifests(), await this.identities()];
  }

  /** Approves the restore of the snapshot from the window; returns what tells how it goes on, and the cluster id foretold. */
  async begin({ window, profile }: RealEditor): Promise<{ readonly run: WatchedRun; readonly clusterId: string }> {
    const run = await WatchedRun.nextIn(path.join(profile.userDataDir, 'User/globalStorage/etcd-recovery.etcd-recovery/journals'));
    await window.row(/^lab.*healthy/).waitFor({ timeout: 60_000 });
    await window.rowMenu('intact.db', 'Restore…');
    await window.panel().locator('[data-action="approve"]').waitFor({ timeout: 120_000 });
    const [, written = ''] = /(\d+) revisions were written after the snapshot/.exec(await window.panel().locator('body').innerText()) ?? [];
    assert.ok(Number(written) >= LATER && Number(written) < 100_000, `${written}: by what earlier restores have raised the revision was not written`);
    const { clusterId } = await approveRestore(window, 'lab');
    return { run, clusterId };
  }

  /** Ends the editor as soon as a stage has begun, and returns the run as the hosts alone tell it, and whether that was before the stage was over. */
  async endIn(stage: string, editor: RealEditor, run: WatchedRun): Promise<{ readonly record: RunRecord; readonly inTime: boolean }> {
    await run.untilIn(stage);
    await editor.kill();
    const record = await this.outside.onHosts((await run.record())?.opening.plan.run ?? '');
    const past = lastEvents(record.entries), steps = record.opening.plan.stages.find(({ id }) => id === stage)?.steps ?? [];
    assert.ok(steps.some(({ id }) => past.has(id)), 'it was begun');
    return { record, inTime: steps.some(({ id }) => past.get(id) !== 'done') };
  }

  /** Every API server has every object of the snapshot and none of the others; nothing is lost of what there was before. */
  async isRestored({ opening: { plan: { run } } }: RunRecord, clusterId: string): Promise<void> {
    await this.lab.untilApiReady();
    await this.holds({ filled: OBJECTS, [this.later]: 0 });
    const { manifests, outside } = this;
    assert.deepEqual(await outside.manifests(), manifests, 'the manifests are in their places, byte for byte');
    assert.deepEqual(new Set((await outside.identities()).map(each => each.clusterId.toString(16))), new Set([clusterId]));
    for (const host of this.lab.hosts) {
      // The old data, with what was only there.
      const { stdout } = await this.lab.script(host, `cd /var/lib/etcd/rescue-${run} && ls snap/db wal/*.wal && grep -rlaF -- '${this.later}-${LATER - 1}' . | wc -l`);
      assert.match(stdout, /^snap\/db\n(wal\/.*\.wal\n)+[1-9]\d*\n$/, host.name);
    }
    await this.isOver(run, 'finished');
  }

  /** Everything is as it was before the restore began. */
  async isTakenBack({ opening: { plan: { run } } }: RunRecord): Promise<void> {
    await this.lab.untilApiReady();
    await this.holds({ filled: 0, [this.later]: LATER });
    assert.deepEqual(await this.outside.manifests(), this.manifests);
    assert.deepEqual(await this.identities(), this.ids);
    await this.isOver(run, 'takenBack');
  }

  /** How many objects of each name every API server has. */
  async holds(objects: Readonly<Record<string, number>>): Promise<void> {
    for (const host of this.lab.hosts) {
      for (const [name, count] of Object.entries(objects)) assert.equal(await this.lab.objects(host).count(name), count, `${name} on ${host.name}`);
    }
  }

  /** Ids of the etcd processes and names of the journals on every host: what a restore that was not begun leaves alone. */
  untouched(): Promise<readonly string[]> {
    return this.onEach('pidof etcd kube-apiserver; ls -A /var/lib/etcd | grep -v lock; ls /etc/kubernetes');
  }

  /** Removes what was put aside, as a person does who is sure: the lab's hosts share a disk. */
  async tidy(): Promise<void> {
    await this.onEach('rm -rf /var/lib/etcd/rescue-* /var/lib/etcd/.restore-*');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.outside[Symbol.asyncDispose]();
  }

  /** All copies of the journal are the same and say so; nothing is left where manifests were parked. */
  private async isOver(run: string, where: 'finished' | 'takenBack'): Promise<void> {
    assert.equal(standing((await this.outside.onHosts(run)).entries), where);
    assert.equal(new Set(await this.onEach(`sha256sum </var/lib/etcd/restore-${run}.journal`)).size, 1);
    assert.deepEqual(new Set(await this.onEach(`ls /etc/kubernetes/etcd-recovery-${run} 2>/dev/null; true`)), new Set(['']));
  }

  private readonly identities = async (): Promise<readonly string[]> =>
    (await this.outside.identities()).map(({ name, clusterId, memberId }) => `${name} ${clusterId.toString(16)} ${memberId.toString(16)}`);

  private readonly onEach = (script: string): Promise<readonly string[]> =>
    Promise.all(this.lab.hosts.map(async (host: LabHost) => (await this.lab.script(host, script)).stdout));
}
