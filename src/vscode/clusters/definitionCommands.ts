import * as vscode from 'vscode';
import type { World } from '../world.js';
import type { Clusters } from './index.js';
import { nodeOf } from './node.js';
import { pickCluster } from './pickCluster.js';

/** Commands that change which clusters there are: the user's settings only, never a file and never a running etcd. */
export function registerDefinitionCommands(world: World, clusters: Clusters): void {
  world.command('etcdRecovery.editClusters', () =>
    vscode.commands.executeCommand('workbench.action.openSettingsJson', { revealSetting: { key: 'etcdRecovery.clusters', edit: true } }));
  world.command('etcdRecovery.addCluster', async source => {
    const { addCluster } = await import('./addCluster.lazy.js');
    return addCluster(world, clusters, source);
  });
  world.command('etcdRecovery.removeCluster', async argument => {
    const cluster = nodeOf(clusters.tree, argument, 'cluster')?.cluster ?? await pickCluster(clusters.settings, vscode.l10n.t('Remove which cluster from the settings?'));
    if (!cluster) return;
    const remove = vscode.l10n.t('Remove {name}', { name: cluster.name });
    const answer = await vscode.window.showWarningMessage(
      vscode.l10n.t('Remove {name} from the settings?', { name: cluster.name }),
      { modal: true, detail: vscode.l10n.t('Only the settings change. Its etcd goes on as it is, and its snapshots stay where they are.') }, remove);
    if (answer === remove) await clusters.settings.remove(cluster.name);
  });
}
