import { access } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { ClusterDefinition } from '../../core/cluster/definition.js';
import { hostFoldersOf, isSnapshotName, type HostFolder } from '../../core/snapshot/hostSnapshots.js';
import { snapshotFoldersOf } from '../settings/clusterSettings.js';
import { askText, choose, type Answer } from '../steps/questions.js';
import type { Place } from '../steps/runSteps.js';

/** The folder of this machine that takes a cluster's new snapshots. */
export const newSnapshotFolder = (cluster: ClusterDefinition): string => snapshotFoldersOf(cluster)[0] ?? path.join(homedir(), 'etcd-snapshots');

/** Asks on which machine a snapshot is to lie: this one, which comes first, or a host of the cluster. */
export const askMachine = (place: Place, cluster: ClusterDefinition): Promise<Answer<HostFolder | 'here'>> =>
  choose<HostFolder | 'here'>(place, vscode.l10n.t('On which machine shall it lie?'), [
    { label: vscode.l10n.t('This Machine'), detail: newSnapshotFolder(cluster), value: 'here' },
    ...hostItems(cluster),
  ]);

/** Asks for a host of the cluster. */
export const askHost = (place: Place, cluster: ClusterDefinition): Promise<Answer<HostFolder>> =>
  choose<HostFolder>(place, vscode.l10n.t('To which host?'), hostItems(cluster));

const hostItems = (cluster: ClusterDefinition) => hostFoldersOf(cluster).map(value => ({ label: value.host, detail: value.folder, value }));

/** Asks for a file of this machine that is not there yet. */
export const askFile = (place: Place, folder: string, name: string): Promise<Answer<string>> => askText(place, {
  prompt: vscode.l10n.t('Where to? The file holds every Secret of the cluster, unless Kubernetes encrypts them; only you will be able to read it.'),
  value: path.join(folder, name),
  refuse: refuseFile,
  browse: {
    label: vscode.l10n.t('Choose…'),
    open: async () => (await vscode.window.showSaveDialog({ defaultUri: vscode.Uri.file(path.join(folder, name)), filters: { etcd: ['db'] } }))?.fsPath,
  },
});

/** Asks for a name in a folder on a host; whether it is free is found out there. */
export const askName = (place: Place, { host, folder }: HostFolder, name: string): Promise<Answer<string>> => askText(place, {
  prompt: vscode.l10n.t('What shall it be called in {folder} on {host}? The file holds every Secret of the cluster, unless Kubernetes encrypts them; only root will be able to read it there.', { folder, host }),
  value: name,
  refuse: refuseName,
});

async function refuseFile(file: string): Promise<string | undefined> {
  if (!path.isAbsolute(file)) return vscode.l10n.t('Give the whole path, from the root folder on.');
  const exists = await access(file).then(() => true, () => false);
  return refuseName(path.basename(file)) ?? (exists ? vscode.l10n.t('This file exists already; nothing is overwritten. Choose another name.') : undefined);
}

const refuseName = (name: string): string | undefined =>
  isSnapshotName(name) && name.endsWith('.db') ? undefined : vscode.l10n.t('The name must end in .db and hold only letters, digits, dots, dashes and underscores.');
