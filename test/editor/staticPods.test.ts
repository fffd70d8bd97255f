import assert from 'node:assert/strict';
import path from 'node:path';
import type { Lab } from '../../lab/lab.js';
import { startLab } from '../../lab/startLab.js';
import { etcdVersions } from '../../scripts/etcdVersions.js';
import { hostAt } from '../lab/labs.js';
import { approveRestore, approveTakeBack } from './journey.js';
import { realEditors, type RealEditor } from './realEditor.js';

const OBJECTS = 200;

describe('static pods on three hosts, restored from the window', function () {
  this.timeout(600_000);
  const open = realEditors();
  let lab: Lab, editor: RealEditor;

  before(async () => {
    lab = await startLab({ hosts: 3, controllers: true });
    await lab.objects().fill(OBJECTS);
    const tool = etcdVersions().findLast(({ version }) => version.startsWith('3.5'))?.etcdutl;
    editor = await open({ scale: 2, settings: {
      'etcdRecovery.sshConfigFile': hostAt(lab, 0).ssh.configFile,
      'etcdRecovery.snapshotFolders': [path.join(lab.folder, 'snapshots')],
      ...tool === undefined ? {} : { 'etcdRecovery.toolFolders': [path.dirname(tool)] },
    } });
    await editor.window.openView();
  });
  after(() => lab[Symbol.asyncDispose]());

  const prompt = async (text: string, answer?: string): Promise<void> => {
    const { window } = editor;
    await window.quickInput.locator('.quick-input-message').filter({ hasText: text }).waitFor({ timeout: 60_000 });
    if (answer !== undefined) await window.quickInput.locator('input').fill(answer);
    await window.page.keyboard.press('Enter');
  };
  const healthy = /^lab.*healthy/;

  it('are added from the manifest of one host', async () => {
    const { window } = editor;
    await window.run('etcd Recovery: Add Cluster…');
    await window.pick('A Host over SSH…');
    await prompt('A control-plane host', 'cp-1');
    await prompt('The host of each member');
    await prompt('A name for the cluster', 'lab');
    await window.pick('Static Pod');
    await prompt('The data directory');
    await window.row(healthy).waitFor({ timeout: 60_000 });
    for (const { name } of lab.hosts) await window.row(name).waitFor();
    await window.screenshot('pods-tree');
  });

  it('show their status and give a snapshot', async () => {
    const { window } = editor;
    await window.rowMenu(healthy, 'Show Member List and Endpoint Status');
    await window.panel().locator('table').first().waitFor();
    await window.screenshot('pods-status');
    await window.rowMenu(healthy, 'Take Snapshot…');
    await window.quickEntries();
    await window.page.keyboard.press('Enter');
    await prompt('holds every Secret');
    await window.row(/sha256 compared/).waitFor();
  });

  it('come back after every object was deleted, and can be taken back', async () => {
    const { window } = editor;
    await lab.objects().clear();
    await window.rowMenu(/sha256 compared/, 'Restore…');
    const panel = window.panel();
    await panel.locator('[data-action="approve"]').waitFor({ timeout: 120_000 });
    await window.screenshot('pods-preview');
    await approveRestore(window, 'lab');
    await panel.locator('.step').first().waitFor();
    await panel.getByText('lab is restored').first().waitFor({ timeout: 300_000 });
    await window.screenshot('pods-report');
    for (const host of lab.hosts) assert.equal(await lab.objects(host).count(), OBJECTS, host.name);
    await approveTakeBack(window, 'lab', 'pods-take-back');
    await panel.getByText(/was taken back/).first().waitFor({ timeout: 300_000 });
    await lab.untilApiReady();
    assert.equal(await lab.objects().count(), 0);
  });

  it('log no error', async () => {
    assert.deepEqual(await editor.errors(), []);
  });
});
