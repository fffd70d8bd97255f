import * as vscode from 'vscode';
import { ClusterSettings } from '../settings/clusterSettings.js';
import { Verdicts } from '../snapshots/verdicts.js';
import type { World } from '../world.js';
import { ClusterTree } from './clusterTree.js';
import { registerDefinitionCommands } from './definitionCommands.js';
import type { ClusterChildren, Node } from './node.js';
import { showLive } from './showLive.js';
import { Watches } from './watches.js';

/** What the other features need of the clusters. */
export interface Clusters {
  readonly settings: ClusterSettings;
  readonly watches: Watches;
  readonly verdicts: Verdicts;
  readonly tree: ClusterTree;
  readonly view: vscode.TreeView<Node>;
}

/** Registers the view of clusters, members and snapshots, and the commands that define clusters. */
export function registerClusters(world: World, children: readonly ClusterChildren[]): Clusters {
  const settings = new ClusterSettings();
  const watches = new Watches(settings, { connect: world.connect, quietly: work => world.hosts.quietly(work) });
  const verdicts = new Verdicts(world.context.globalState);
  const tree = new ClusterTree({ settings, watches, verdicts, children });
  const view = vscode.window.createTreeView('etcdRecovery.clusters', { treeDataProvider: tree, showCollapseAll: true });
  const clusters: Clusters = { settings, watches, verdicts, tree, view };
  world.context.subscriptions.push(settings, watches, verdicts, tree, view,
    verdicts.onDidChange(() => tree.refresh()),
    ...children.map(provider => provider.onDidChange(name => tree.refresh(`cluster:${name}`))),
    showLive(clusters));
  world.command('etcdRecovery.refresh', async () => {
    tree.refresh();
    await Promise.all(settings.definitions.flatMap(({ name }) => watches.of(name)?.refresh() ?? []));
  });
  registerDefinitionCommands(world, clusters);
  return clusters;
}
