import type * as vscode from 'vscode';
import type { ClusterDefinition, MemberDefinition } from '../../core/cluster/definition.js';
import type { DefinitionProblem } from '../../core/cluster/definitionProblem.js';
import type { HostFolder } from '../../core/snapshot/hostSnapshots.js';
import type { SnapshotEntry } from '../../core/snapshot/snapshotEntry.js';

/** A line of the tree. `id` is unique and stable, so that the editor keeps what is expanded and selected. */
export type Node = ClusterNode | BrokenNode | MemberNode | FolderNode | SnapshotNode | HostFolderNode | HostSnapshotNode | NoteNode | ExtraNode;

export interface ClusterNode { readonly kind: 'cluster'; readonly id: string; readonly cluster: ClusterDefinition }

/** A cluster of the settings that cannot be used. */
export interface BrokenNode { readonly kind: 'broken'; readonly id: string; readonly name: string; readonly problems: readonly DefinitionProblem[] }

export interface MemberNode { readonly kind: 'member'; readonly id: string; readonly cluster: ClusterDefinition; readonly member: MemberDefinition }

export interface FolderNode { readonly kind: 'folder'; readonly id: string; readonly cluster: ClusterDefinition; readonly path: string }

export interface SnapshotNode { readonly kind: 'snapshot'; readonly id: string; readonly cluster: ClusterDefinition; readonly entry: SnapshotEntry }

/** The folder for snapshots on a host; what lies in it is known once the host was asked. */
export interface HostFolderNode { readonly kind: 'hostFolder'; readonly id: string; readonly cluster: ClusterDefinition; readonly place: HostFolder }

/** A snapshot on a host: the path of its entry is the host's. */
export interface HostSnapshotNode { readonly kind: 'hostSnapshot'; readonly id: string; readonly cluster: ClusterDefinition; readonly place: HostFolder; readonly entry: SnapshotEntry }

/** A line that only says something: an empty folder, one that cannot be read. */
export interface NoteNode { readonly kind: 'note'; readonly id: string; readonly text: string; readonly warning: boolean }

/** A line of another feature. */
export interface ExtraNode { readonly kind: 'extra'; readonly id: string; readonly item: vscode.TreeItem }

/** Further lines below a cluster, from another feature; they stand before the members. */
export interface ClusterChildren {
  /** The name of the cluster whose lines changed. */
  readonly onDidChange: vscode.Event<string>;
  of(cluster: ClusterDefinition): Promise<readonly ExtraNode[]>;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/**
 * What a command was called with, when it was called from the tree. Any extension can call any command with anything, so
 * only the id is taken from the argument: the line itself is the one the tree knows by it.
 */
export function nodeOf<Kind extends Node['kind']>(
  tree: { find(id: string): Node | undefined }, argument: unknown, ...kinds: readonly Kind[]
): Extract<Node, { kind: Kind }> | undefined {
  if (!isObject(argument) || !('id' in argument) || typeof argument.id !== 'string') return undefined;
  const node = tree.find(argument.id);
  return node && isOf(node, kinds) ? node : undefined;
}

const isOf = <Kind extends Node['kind']>(node: Node, kinds: readonly Kind[]): node is Extract<Node, { kind: Kind }> =>
  kinds.some(kind => kind === node.kind);
