import * as vscode from 'vscode';
import { clusterItem, memberItem } from './clusterItem.js';
import { hostSnapshotItem, snapshotItem } from './snapshotItem.js';
import type { TreeSources } from './clusterTree.js';
import { icon, plain } from './look.js';
import type { BrokenNode, FolderNode, HostFolderNode, Node, NoteNode } from './node.js';
import { onHost } from '../snapshots/onHost.js';
import { problemSentence } from '../words/cluster.js';

/** How a line of the tree looks. */
export function treeItem(node: Node, sources: TreeSources): vscode.TreeItem {
  switch (node.kind) {
    case 'cluster': return clusterItem(node, sources.watches);
    case 'member': return memberItem(node, sources.watches);
    case 'broken': return brokenItem(node);
    case 'folder': return folderItem(node);
    case 'snapshot': return snapshotItem(node, sources.verdicts.of(node.entry), Date.now());
    case 'hostFolder': return hostFolderItem(node);
    case 'hostSnapshot': return hostSnapshotItem(node, sources.verdicts.of(onHost(node.place.host, node.entry)), Date.now());
    case 'note': return noteItem(node);
    case 'extra': return node.item;
  }
}

function brokenItem({ id, name, problems }: BrokenNode): vscode.TreeItem {
  const label = name === '' ? vscode.l10n.t('A cluster without a name') : name;
  const [first] = problems;
  const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.None);
  item.id = id;
  item.description = first ? problemSentence(first) : '';
  item.tooltip = new vscode.MarkdownString([
    `**${plain(label)}**`, '', ...problems.map(problem => `- ${plain(problemSentence(problem))}`), '',
    plain(vscode.l10n.t('Correct it in the settings; until then this cluster is not used.')),
  ].join('\n'));
  item.iconPath = icon('error', 'list.errorForeground');
  item.contextValue = 'broken';
  item.command = { command: 'etcdRecovery.editClusters', title: vscode.l10n.t('Edit Clusters in Settings') };
  return item;
}

function folderItem({ id, path }: FolderNode): vscode.TreeItem {
  const item = new vscode.TreeItem(vscode.l10n.t('Snapshots'), vscode.TreeItemCollapsibleState.Expanded);
  item.id = id;
  item.description = path;
  item.tooltip = path;
  item.iconPath = icon('archive');
  item.contextValue = 'folder';
  return item;
}

/** Closed until it is opened, which asks the host. */
function hostFolderItem({ id, place: { host, folder } }: HostFolderNode): vscode.TreeItem {
  const item = new vscode.TreeItem(vscode.l10n.t('Snapshots on {host}', { host }), vscode.TreeItemCollapsibleState.Collapsed);
  item.id = id;
  item.description = folder;
  item.tooltip = `${host}:${folder}`;
  item.iconPath = icon('server');
  item.contextValue = 'hostFolder';
  return item;
}

function noteItem({ id, text, warning }: NoteNode): vscode.TreeItem {
  const item = new vscode.TreeItem('', vscode.TreeItemCollapsibleState.None);
  item.id = id;
  item.description = text;
  if (warning) item.iconPath = icon('warning', 'list.warningForeground');
  item.contextValue = 'note';
  item.accessibilityInformation = { label: text };
  return item;
}

