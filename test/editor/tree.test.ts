import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { realClusters, type RealCluster } from '../etcd/realCluster.js';
import { clusterSettings, snapshotFolder } from './clusterSettings.js';
import { realEditors, type RealEditor } from './realEditor.js';

describe('the view of clusters', function () {
  this.timeout(180_000);
  const start = realClusters(), open = realEditors();
  let cluster: RealCluster, editor: RealEditor;

  before(async () => {
    cluster = await start({ size: 3 });
    editor = await open();
  });

  it('welcomes whoever has no cluster with one button', async () => {
    const { window } = editor;
    await window.openView();
    await window.page.locator('.sidebar .welcome-view-content .monaco-button').getByText('Add Cluster…').waitFor();
    await window.screenshot('tree-welcome');
  });

  it('shows the members of a cluster with role, version and size', async () => {
    const { window } = editor;
    await editor.setSettings(clusterSettings(cluster, 'prod-eu'));
    await window.openView();
    await window.row('prod-eu').filter({ hasText: 'healthy' }).waitFor();
    const version = cluster.version.version;
    await window.row('leader').filter({ hasText: version }).waitFor();
    for (const { name } of cluster.members) await window.row(new RegExp(`^${name}.*${version}.* kB`)).waitFor();
    await window.row('No snapshots yet').waitFor();
  });

  it('shows snapshots with size and age, and an interrupted one as such', async () => {
    const { window } = editor, folder = snapshotFolder(cluster);
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, 'early.db'), Buffer.alloc(20480));
    await writeFile(path.join(folder, 'late.db.part'), Buffer.alloc(5000));
    await writeFile(path.join(folder, 'notes.txt'), 'no snapshot');
    await window.row(/early\.db.*20 kB.*just now.*not verified/).waitFor();
    await window.row(/late\.db\.part.*5\.0 kB.*interrupted/).waitFor();
    assert.equal(await window.row('notes.txt').count(), 0);
    await window.screenshot('tree-snapshots');
  });

  it('shows a member that is down as such, and goes on with the others', async () => {
    const { window } = editor, [first] = cluster.members;
    assert.ok(first);
    await first.kill();
    await window.row(new RegExp(`^${first.name}.*unreachable`)).waitFor();
    await window.row(/prod-eu.*2 of 3 healthy/).waitFor();
    await window.row('leader').waitFor();
    await window.screenshot('tree-member-down');
    await first.start();
    await cluster.untilHealthy();
    await window.row(/^prod-eu.*healthy/).filter({ hasNotText: 'of 3' }).waitFor();
    assert.equal(await window.row('unreachable').count(), 0);
  });

  it('tells a screen reader what a line means', async () => {
    const label = await editor.window.row('leader').getAttribute('aria-label');
    assert.match(label ?? '', /^Member m\d, healthy, leader · /);
  });

  it('names what is wrong with a cluster of the settings, beside those that are right', async () => {
    const settings = clusterSettings(cluster, 'prod-eu');
    const [right] = settings['etcdRecovery.clusters'] as readonly object[];
    await editor.setSettings({ ...settings, 'etcdRecovery.clusters': [right, { name: 'broken', run: 'commands', members: [] }] });
    await editor.window.openView();
    await editor.window.row(/^broken.*members is empty/).waitFor();
    await editor.window.row(/^prod-eu/).waitFor();
  });

  it('removes a cluster from the settings only', async () => {
    const { window } = editor;
    await editor.setSettings(clusterSettings(cluster, 'prod-eu'));
    await window.openView();
    await window.rowMenu(/^prod-eu/, 'Remove Cluster from Settings…');
    await window.modal.getByText('its snapshots stay where they are').waitFor();
    await window.screenshot('remove-cluster');
    await window.answerModal('Remove prod-eu');
    await window.page.locator('.sidebar .welcome-view-content').waitFor();
    assert.equal(await cluster.etcdctl('get', 'x'), '');
  });

  it('logs no error', async () => {
    assert.deepEqual(await editor.errors(), []);
  });
});
