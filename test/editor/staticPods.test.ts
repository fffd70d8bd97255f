import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Lab } from '../../lab/lab.js';
import { startLab } from '../../lab/startLab.js';
import { etcdVersions } from '../../scripts/etcdVersions.js';
import { hostAt } from '../lab/labs.js';
import { approveRestore, approveTakeBack } from './journey.js';
import { realEditors, type RealEditor } from './realEditor.js';

const OBJECTS = 200;

const sha256 = async (file: string): Promise<string> => createHash('sha256').update(await readFile(file)).digest('hex');

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
  /** Members are called as their hosts are: the list of machines is waited for. It is typed, since a click may still hit a line that moves. */
  const machine = async (name: string): Promise<void> => {
    await editor.window.quickInput.locator('.label-name').filter({ hasText: 'This Machine' }).waitFor();
    await editor.window.answer(name);
  };

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
    await machine('This Machine');
    await prompt('only you will be able to read it');
    await window.row(/sha256 compared/).waitFor();
  });

  it('keep snapshots on their hosts, which are asked when their line is opened', async () => {
    const { window } = editor, host = hostAt(lab, 1), folder = '/var/lib/etcd-recovery/snapshots';
    const there = async (text: string): Promise<string> => (await lab.script(host, text)).stdout.trim();
    await window.rowMenu(healthy, 'Take Snapshot…');
    await window.quickEntries();
    await window.page.keyboard.press('Enter');
    await machine('cp-2');
    await prompt('on cp-2?', 'on-host.db');
    await window.toast(/on-host\.db was taken from .* and lies on cp-2/).waitFor();
    assert.equal(await there(`ls -A -- ${folder}`), 'on-host.db');
    assert.equal(await there(`stat -c '%a %U' -- ${folder} ${folder}/on-host.db`), '700 root\n600 root');
    await window.row(/^Snapshots on cp-2/).click();
    await window.row(/^on-host\.db.*just now.*sha256 compared/).waitFor();
    await window.screenshot('pods-host-snapshot');
    await window.rowMenu(/^on-host\.db/, 'Copy to This Machine…');
    await prompt('holds every Secret', path.join(lab.folder, 'snapshots', 'back.db'));
    await window.row(/^back\.db.*sha256 compared/).waitFor();
    assert.equal(await sha256(path.join(lab.folder, 'snapshots', 'back.db')), (await there(`sha256sum <${folder}/on-host.db`)).slice(0, 64));
    await window.rowMenu(/^back\.db/, 'Copy to Host…');
    await window.answer('cp-2');
    await prompt('on cp-2?', 'and-there.db');
    await window.row(/^and-there\.db.*sha256 compared/).waitFor();
    assert.equal(await there(`ls -A -- ${folder}`), 'and-there.db\non-host.db');
    await window.rowMenu(/^on-host\.db/, 'Verify Snapshot…');
    await window.panel().locator('.verdict').getByText('Verified: its sha256 matches').waitFor();
    await window.page.keyboard.press('Control+F4');
    await window.row(/^Snapshots on cp-2/).click();
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
    await window.row('Restore under way').waitFor();
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
