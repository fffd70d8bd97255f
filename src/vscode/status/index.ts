import * as vscode from 'vscode';
import type { Clusters } from '../clusters/index.js';
import { nodeOf } from '../clusters/node.js';
import { pickCluster } from '../clusters/pickCluster.js';
import type { Panel } from '../webview/openPanel.js';
import type { World } from '../world.js';

/** Registers the panel of `member list` and `endpoint status`; one for each cluster. */
export function registerStatus(world: World, clusters: Clusters): void {
  const panels = new Map<string, Panel<never>>();
  world.command('etcdRecovery.showStatus', async argument => {
    const cluster = nodeOf(clusters.tree, argument, 'cluster', 'member')?.cluster ?? await pickCluster(clusters.settings, vscode.l10n.t('Show the status of which cluster?'));
    if (!cluster) return;
    const open = panels.get(cluster.name);
    if (open) { open.reveal(); return; }
    const { openStatusPanel } = await import('./statusPanel.lazy.js');
    const panel = openStatusPanel(world, clusters, cluster.name);
    panels.set(cluster.name, panel);
    panel.onDidDispose(() => { panels.delete(cluster.name); });
  });
}
