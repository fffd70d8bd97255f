import * as vscode from 'vscode';
import { ClusterSettings } from '../settings/clusterSettings.js';
import { hostFoldersOf } from '../../core/snapshot/hostSnapshots.js';
import { HostListings } from '../snapshots/hostListings.js';
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
  readonly hostListings: HostListings;
  readonly tree: ClusterTree;
  readonly view: vscode.TreeView<Node>;
}

/** Registers the view of clusters, members and snapshots, and the commands that define clusters. */
export function registerClusters(world: World, children: readonly ClusterChildren[]): Clusters {
  const settings = new ClusterSettings();
  const watches = new Watches(settings, { connect: world.connect, quietly: work => world.hosts.quietly(work) });
  const verdicts = new Verdicts(world.context.globalState);
  const hostListings = new HostListings(world.hosts);
  const tree = new ClusterTree({ settings, watches, verdicts, hostListings, children });
  const view = vscode.window.createTreeView('etcdRecovery.clusters', { treeDataProvider: tree, showCollapseAll: true });
  const clusters: Clusters = { settings, watches, verdicts, hostListings, tree, view };
  world.context.subscriptions.push(settings, watches, verdicts, hostListings, tree, view,
    verdicts.onDidChange(() => tree.refresh()),
    hostListings.onDidChange(place => tree.refreshHost(place)),
    view.onDidExpandElement(({ element }) => { if (element.kind === 'hostFolder') void world.hosts.asking(() => hostListings.ask(element.place)); }),
    ...children.map(provider => provider.onDidChange(name => tree.refresh(`cluster:${name}`))),
    showLive(clusters));
  world.command('etcdRecovery.refresh', async () => {
    tree.refresh();
    await Promise.all([...settings.definitions.flatMap(({ name }) => watches.of(name)?.refresh() ?? []), hostListings.askAgain(settings.definitions.flatMap(hostFoldersOf))]);
  });
  registerDefinitionCommands(world, clusters);
  return clusters;
}
