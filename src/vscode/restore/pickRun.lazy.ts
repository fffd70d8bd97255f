import * as vscode from 'vscode';
import { standing, type RunRecord } from '../../core/journal.js';
import { trustedJournal } from '../../node/restore/trustedJournal.js';
import type { ClusterDefinition } from '../../core/cluster/definition.js';
import { abortSignal } from '../abortSignal.js';
import { moment } from '../age.js';
import type { ClusterSettings } from '../settings/clusterSettings.js';
import { unlinked } from '../unlinked.js';
import type { World } from '../world.js';

/** Lets the person choose a run that is known here, or the journal of one: from the hosts of a cluster, or from a file. */
export async function pickRun(world: World, settings: ClusterSettings, runs: readonly RunRecord[]): Promise<RunRecord | undefined> {
  const remote = settings.definitions.filter(({ members }) => members.some(({ host }) => host !== 'local'));
  const browse = { label: vscode.l10n.t('$(folder-opened) A Journal in a Data Directory…'), detail: vscode.l10n.t('restore-….journal, beside the data of any member'), record: undefined };
  const items = runs.map(itemOf);
  const onHosts = remote.map(cluster => ({
    label: vscode.l10n.t('$(remote) Journals on the Hosts of {cluster}…', { cluster: cluster.name }), detail: vscode.l10n.t('A restore that another editor began, or this one before its storage was lost'), record: undefined, cluster,
  }));
  const picked = await vscode.window.showQuickPick<Picked>([...items, ...onHosts, browse], { title: vscode.l10n.t('Resume or Take Back a Restore') });
  if (picked === undefined || picked.record !== undefined) return picked?.record;
  if (picked.cluster !== undefined) return pickOnHosts(world, picked.cluster);
  const [file] = await vscode.window.showOpenDialog({ title: vscode.l10n.t('Journal of a restore'), canSelectMany: false, filters: { [vscode.l10n.t('Journals')]: ['journal'] } }) ?? [];
  return file === undefined ? undefined : trustedJournal(file.fsPath);
}

interface Picked extends vscode.QuickPickItem {
  readonly record: RunRecord | undefined;
  readonly cluster?: ClusterDefinition;
}

async function pickOnHosts(world: World, cluster: ClusterDefinition): Promise<RunRecord | undefined> {
  const { journalsOnHosts } = await import('./runs.lazy.js');
  const found = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, cancellable: true, title: vscode.l10n.t('Looking for journals on the hosts of {cluster}', { cluster: cluster.name }) },
    (_, token) => journalsOnHosts(world.hosts, cluster, abortSignal(token)));
  if (found.length === 0) {
    void vscode.window.showInformationMessage(unlinked(vscode.l10n.t('No host of {cluster} has the journal of a restore.', { cluster: cluster.name })));
    return undefined;
  }
  const picked = await vscode.window.showQuickPick(found.map(itemOf), { title: vscode.l10n.t('Resume or Take Back a Restore') });
  return picked?.record;
}

const itemOf = (record: RunRecord): vscode.QuickPickItem & { readonly record: RunRecord } => ({
  label: record.opening.plan.cluster, description: standingWord(record), record,
  detail: vscode.l10n.t('Begun {time} by {by}', { time: moment(Date.parse(record.opening.at)), by: record.opening.by }),
});

function standingWord({ entries }: RunRecord): string {
  switch (standing(entries)) {
    case 'open': return vscode.l10n.t('not finished');
    case 'finished': return vscode.l10n.t('restored');
    case 'takingBack': return vscode.l10n.t('being taken back');
    case 'takenBack': return vscode.l10n.t('taken back');
  }
}
