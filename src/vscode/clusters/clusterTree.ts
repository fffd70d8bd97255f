import * as vscode from 'vscode';
import type { ClusterDefinition } from '../../core/cluster/definition.js';
import { snapshotFoldersOf, type ClusterSettings } from '../settings/clusterSettings.js';
import { listSnapshots } from '../snapshots/listSnapshots.js';
import type { Verdicts } from '../snapshots/verdicts.js';
import { treeItem } from './item.js';
import type { BrokenNode, ClusterChildren, FolderNode, Node } from './node.js';
import type { Watches } from './watches.js';

/** What the tree is made from. */
export interface TreeSources {
  readonly settings: ClusterSettings;
  readonly watches: Watches;
  readonly verdicts: Verdicts;
  readonly children: readonly ClusterChildren[];
}

/** Clusters, their members and snapshots. Each line is refreshed by itself, as its answer comes. */
export class ClusterTree implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<Node | undefined>();
  /** The editor knows a line by the very object it was given. */
  private readonly nodes = new Map<string, Node>();
  private readonly sources: TreeSources;
  readonly onDidChangeTreeData = this.changed.event;

  constructor(sources: TreeSources) {
    this.sources = sources;
  }

  getTreeItem(node: Node): vscode.TreeItem {
    return treeItem(node, this.sources);
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (!node) return [...this.clusters(), ...this.broken()];
    if (node.kind === 'cluster') return this.below(node.cluster);
    return node.kind === 'folder' ? this.snapshots(node) : [];
  }

  getParent(node: Node): Node | undefined {
    if (node.kind === 'member' || node.kind === 'folder') return this.nodes.get(`cluster:${node.cluster.name}`);
    return node.kind === 'snapshot'
      ? [...this.nodes.values()].find(other => other.kind === 'folder' && node.entry.path.startsWith(other.path) && other.cluster === node.cluster)
      : undefined;
  }

  /** Draws a line and what is below it anew; without an id, everything. */
  refresh(id?: string): void {
    const node = id === undefined ? undefined : this.nodes.get(id);
    if (id === undefined || node) this.changed.fire(node);
  }

  /** The line with this id, once it was drawn. */
  find(id: string): Node | undefined {
    return this.nodes.get(id);
  }

  dispose(): void {
    this.changed.dispose();
  }

  private clusters(): Node[] {
    const { definitions } = this.sources.settings;
    for (const [id, node] of this.nodes) {
      if (!('cluster' in node) || !definitions.includes(node.cluster)) this.nodes.delete(id);
    }
    return definitions.map(cluster => this.keep({ kind: 'cluster', id: `cluster:${cluster.name}`, cluster }));
  }

  private broken(): Node[] {
    const byIndex = new Map<number, BrokenNode>();
    for (const problem of this.sources.settings.problems) {
      const before = byIndex.get(problem.index)?.problems ?? [];
      byIndex.set(problem.index, { kind: 'broken', id: `broken:${problem.index}`, name: problem.cluster, problems: [...before, problem] });
    }
    return [...byIndex.values()].map(node => this.keep(node));
  }

  private async below(cluster: ClusterDefinition): Promise<Node[]> {
    const extra = await Promise.all(this.sources.children.map(children => children.of(cluster)));
    const members = cluster.members.map((member): Node => ({ kind: 'member', id: `member:${cluster.name}:${member.name}`, cluster, member }));
    const folders = snapshotFoldersOf(cluster).map((path): Node => ({ kind: 'folder', id: `folder:${cluster.name}:${path}`, cluster, path }));
    return [...extra.flat(), ...members, ...folders].map(node => this.keep(node));
  }

  private async snapshots({ id, cluster, path }: FolderNode): Promise<Node[]> {
    const { entries, more, unreadable } = await listSnapshots(path);
    const note = (text: string, warning = false): Node => ({ kind: 'note', id: `note:${id}:${text}`, text, warning });
    return [
      ...entries.map((entry): Node => ({ kind: 'snapshot', id: `snapshot:${cluster.name}:${entry.path}`, cluster, entry })),
      ...unreadable !== undefined ? [note(vscode.l10n.t('This folder cannot be read: {reason}', { reason: unreadable }), true)] : [],
      ...more > 0 ? [note(vscode.l10n.t('{count} older ones are not listed', { count: more }))] : [],
      ...entries.length === 0 && unreadable === undefined ? [note(vscode.l10n.t('No snapshots yet'))] : [],
    ].map(node => this.keep(node));
  }

  private keep(node: Node): Node {
    this.nodes.set(node.id, node);
    return node;
  }
}
