import * as vscode from 'vscode';
import { KnownError } from '../../core/errors.js';
import { nodeOf, type HostSnapshotNode } from '../clusters/node.js';
import type { Clusters } from '../clusters/index.js';
import { pickCluster } from '../clusters/pickCluster.js';
import { snapshotFoldersOf } from '../settings/clusterSettings.js';
import type { Panel } from '../webview/openPanel.js';
import type { World } from '../world.js';
import { onHost } from './onHost.js';

/** Registers what is done with snapshots: take, verify, reveal, copy to and from hosts. */
export function registerSnapshots(world: World, clusters: Clusters): void {
  const panels = new Map<string, Panel<never>>();
  const report = async (file: string): Promise<void> => {
    const open = panels.get(file);
    if (open) { open.reveal(); return; }
    const { openSnapshotReport } = await import('./verifySnapshot.lazy.js');
    const panel = openSnapshotReport(world, clusters.verdicts, file);
    panels.set(file, panel);
    panel.onDidDispose(() => { panels.delete(file); });
  };
  world.trustedCommand('etcdRecovery.takeSnapshot', async argument => {
    const node = nodeOf(clusters.tree, argument, 'cluster', 'member', 'folder', 'hostFolder');
    const cluster = node?.cluster ?? await pickCluster(clusters.settings, vscode.l10n.t('Take a snapshot of which cluster?'));
    if (!cluster) return undefined;
    const { takeSnapshot } = await import('./takeSnapshot.lazy.js');
    return takeSnapshot(world, clusters, {
      cluster, ...node?.kind === 'member' && { member: node.member }, ...node?.kind === 'folder' && { folder: node.path }, ...node?.kind === 'hostFolder' && { on: node.place },
    });
  });
  const verify = async (argument: unknown): Promise<void> => {
    const there = nodeOf(clusters.tree, argument, 'hostSnapshot');
    const file = there ? await fetchedFrom(world, clusters, there) : fileOf(clusters, argument) ?? await chooseFile(clusters);
    if (file !== undefined) await report(file);
  };
  world.command('etcdRecovery.verifySnapshot', verify);
  world.command('etcdRecovery.openSnapshot', verify);
  world.command('etcdRecovery.revealSnapshot', async argument => {
    const file = fileOf(clusters, argument);
    if (file !== undefined) await vscode.commands.executeCommand('revealFileInOS', vscode.Uri.file(file));
  });
  world.command('etcdRecovery.copyPath', async argument => {
    const there = nodeOf(clusters.tree, argument, 'hostSnapshot');
    const file = there ? onHost(there.place.host, there.entry).path : fileOf(clusters, argument);
    if (file !== undefined) await vscode.env.clipboard.writeText(file);
  });
  world.trustedCommand('etcdRecovery.copyToMachine', async argument => {
    const node = nodeOf(clusters.tree, argument, 'hostSnapshot');
    return node && (await import('./copySnapshot.lazy.js')).copyToMachine(world, clusters, node);
  });
  world.trustedCommand('etcdRecovery.copyToHost', async argument => {
    const node = nodeOf(clusters.tree, argument, 'snapshot');
    return node && (await import('./copySnapshot.lazy.js')).copySnapshotToHost(world, clusters, node);
  });
}

/** A snapshot of a host is looked at and restored from a copy on this machine. */
export async function fetchedFrom(world: World, clusters: Clusters, node: HostSnapshotNode): Promise<string> {
  if (!vscode.workspace.isTrusted) throw new KnownError('RESTRICTED_MODE');
  return (await import('./copySnapshot.lazy.js')).bringHere(world, clusters, node);
}

/** The file a command was called for: from the tree, or as the URI of the explorer and other commands. */
function fileOf(clusters: Clusters, argument: unknown): string | undefined {
  if (argument instanceof vscode.Uri) return argument.scheme === 'file' ? argument.fsPath : undefined;
  return nodeOf(clusters.tree, argument, 'snapshot')?.entry.path;
}

async function chooseFile(clusters: Clusters): Promise<string | undefined> {
  const folder = clusters.settings.definitions.flatMap(snapshotFoldersOf)[0];
  const chosen = await vscode.window.showOpenDialog({
    title: vscode.l10n.t('Verify which snapshot?'), openLabel: vscode.l10n.t('Verify'), ...folder !== undefined && { defaultUri: vscode.Uri.file(folder) },
  });
  return chosen?.[0]?.fsPath;
}
