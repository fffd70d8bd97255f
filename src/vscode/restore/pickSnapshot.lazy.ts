import * as vscode from 'vscode';
import type { ClusterDefinition } from '../../core/cluster/definition.js';
import { humanBytes } from '../../core/cluster/humanBytes.js';
import { age } from '../age.js';
import { snapshotFoldersOf } from '../settings/clusterSettings.js';
import { listSnapshots } from '../snapshots/listSnapshots.js';
import type { Verdicts } from '../snapshots/verdicts.js';

/** Lets the person choose a snapshot of the cluster's folders, newest first, or any other file. Returns its path. */
export async function pickSnapshot(cluster: ClusterDefinition, verdicts: Verdicts): Promise<string | undefined> {
  const folders = snapshotFoldersOf(cluster);
  const listings = await Promise.all(folders.map(listSnapshots));
  const entries = listings.flatMap(({ entries: all }) => all).filter(({ partial }) => !partial).sort((a, b) => b.mtimeMs - a.mtimeMs);
  const items = entries.map(entry => ({
    label: entry.name, description: `${humanBytes(entry.size)} · ${age(entry.mtimeMs, Date.now())}`,
    detail: verdicts.of(entry)?.outcome === 'verified' ? vscode.l10n.t('verified') : '', path: entry.path,
  }));
  const browse = { label: vscode.l10n.t('$(folder-opened) Another File…'), description: '', detail: '', path: undefined };
  const picked = await vscode.window.showQuickPick([...items, browse], {
    title: vscode.l10n.t('Restore {cluster} from which snapshot?', { cluster: cluster.name }),
    placeHolder: listings.flatMap(({ unreadable }, at) => unreadable === undefined ? [] : [vscode.l10n.t('{folder} cannot be read: {reason}', { folder: folders[at] ?? '', reason: unreadable })]).join(' '),
  });
  if (picked === undefined || picked.path !== undefined) return picked?.path;
  const [file] = await vscode.window.showOpenDialog({ title: vscode.l10n.t('Snapshot'), canSelectMany: false }) ?? [];
  return file?.fsPath;
}
