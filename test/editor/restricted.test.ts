import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { realClusters, type RealCluster } from '../etcd/realCluster.js';
import { clusterSettings } from './clusterSettings.js';
import { realEditors } from './realEditor.js';

describe('a folder that is not to be trusted', function () {
  this.timeout(180_000);
  const start = realClusters(), open = realEditors();
  let cluster: RealCluster, folder: string;

  before(async () => {
    cluster = await start();
    folder = await mkdtemp(path.join(tmpdir(), 'etcd-hostile-'));
    await mkdir(path.join(folder, '.vscode'));
    await writeFile(path.join(folder, '.vscode/settings.json'), JSON.stringify({
      ...clusterSettings(cluster, 'hostile'), 'etcdRecovery.snapshotFolders': [folder], 'etcdRecovery.toolFolders': [folder],
    }));
  });

  after(() => rm(folder, { recursive: true, force: true }));

  it('cannot set a cluster, even when the window trusts it', async () => {
    const { window } = await open({ folder });
    await window.openView();
    await window.page.locator('.sidebar .welcome-view-content .monaco-button').getByText('Add Cluster…').waitFor();
    await window.run('etcd Recovery: Refresh');
    assert.equal(await window.row('hostile').count(), 0);
  });

  it('leaves the user\'s own clusters in view in Restricted Mode, but nothing is run', async () => {
    const { window } = await open({ folder, trusted: false, settings: clusterSettings(cluster, 'own') });
    await window.openView();
    await window.row(/^own.*healthy/).waitFor();
    assert.equal(await window.row('hostile').count(), 0);
    assert.equal(await window.offers('etcd Recovery: Take Snapshot…'), false);
    await window.screenshot('restricted');
  });
});
