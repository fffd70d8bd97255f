import * as vscode from 'vscode';
import type { ClusterDefinition } from '../../core/cluster/definition.js';
import { hostFoldersOf, type HostFolder } from '../../core/snapshot/hostSnapshots.js';
import type { SnapshotListing } from '../../core/snapshot/snapshotEntry.js';
import { snapshotFoldersOf, type ClusterSettings } from '../settings/clusterSettings.js';
import type { HostListings } from '../snapshots/hostListings.js';
import { listSnapshots } from '../snapshots/listSnapshots.js';
import type { Verdicts } from '../snapshots/verdicts.js';
import { sentence } from '../words/index.js';
import { treeItem } from './item.js';
import type { BrokenNode, ClusterChildren, FolderNode, HostFolderNode, Node } from './node.js';
import type { Watches } from './watches.js';

/** What the tree is made from. */
export interface TreeSources {
  readonly settings: ClusterSettings;
  readonly watches: Watches;
  readonly verdicts: Verdicts;
  readonly hostListings: HostListings;
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
    if (node.kind === 'hostFolder') return this.onHost(node);
    return node.kind === 'folder' ? this.snapshots(node) : [];
  }

  getParent(node: Node): Node | undefined {
    if (node.kind === 'member' || node.kind === 'folder' || node.kind === 'hostFolder') return this.nodes.get(`cluster:${node.cluster.name}`);
    if (node.kind === 'hostSnapshot') return this.nodes.get(hostFolderId(node.cluster, node.place));
    return node.kind === 'snapshot'
      ? [...this.nodes.values()].find(other => other.kind === 'folder' && node.entry.path.startsWith(other.path) && other.cluster === node.cluster)
      : undefined;
  }

  /** Draws a line and what is below it anew; without an id, everything. */
  refresh(id?: string): void {
    const node = id === undefined ? undefined : this.nodes.get(id);
    if (id === undefined || node) this.changed.fire(node);
  }

  /** Draws the lines of a folder on a host anew, in every cluster that has it. */
  refreshHost({ host, folder }: HostFolder): void {
    for (const node of this.nodes.values()) {
      if (node.kind === 'hostFolder' && node.place.host === host && node.place.folder === folder) this.changed.fire(node);
    }
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
    const hosts = hostFoldersOf(cluster).map((place): Node => ({ kind: 'hostFolder', id: hostFolderId(cluster, place), cluster, place }));
    return [...extra.flat(), ...members, ...folders, ...hosts].map(node => this.keep(node));
  }

  private async snapshots({ id, cluster, path }: FolderNode): Promise<Node[]> {
    const listing = await listSnapshots(path);
    return [
      ...listing.entries.map((entry): Node => ({ kind: 'snapshot', id: `snapshot:${cluster.name}:${entry.path}`, cluster, entry })),
      ...notesOf(id, listing),
    ].map(node => this.keep(node));
  }

  private onHost({ id, cluster, place }: HostFolderNode): Node[] {
    const { asking, listing, error } = this.sources.hostListings.show(place);
    return [
      ...(listing?.entries ?? []).map((entry): Node => ({ kind: 'hostSnapshot', id: `hostSnapshot:${cluster.name}:${place.host}:${entry.path}`, cluster, place, entry })),
      ...listing ? notesOf(id, listing) : [],
      ...error ? [note(id, sentence(error), true)] : [],
      ...listing || error ? [] : [note(id, asking ? vscode.l10n.t('asking…') : vscode.l10n.t('Not asked yet: Refresh asks {host}', { host: place.host }))],
    ].map(node => this.keep(node));
  }

  private keep(node: Node): Node {
    this.nodes.set(node.id, node);
    return node;
  }
}

const hostFolderId = ({ name }: ClusterDefinition, { host, folder }: HostFolder): string => `hostFolder:${name}:${host}:${folder}`;

const note = (id: string, text: string, warning = false): Node => ({ kind: 'note', id: `note:${id}:${text}`, text, warning });

/** What is to be said of a listing beside its files. */
const notesOf = (id: string, { entries, more, unreadable }: SnapshotListing): readonly Node[] => [
  ...unreadable !== undefined ? [note(id, vscode.l10n.t('This folder cannot be read: {reason}', { reason: unreadable }), true)] : [],
  ...more > 0 ? [note(id, vscode.l10n.t('{count} older ones are not listed', { count: more }))] : [],
  ...entries.length === 0 && unreadable === undefined ? [note(id, vscode.l10n.t('No snapshots yet'))] : [],
];
