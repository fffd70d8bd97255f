import * as vscode from 'vscode';
import { standing, type RunRecord } from '../../core/journal.js';
import { trustedJournal } from '../../node/restore/trustedJournal.js';
import { moment } from '../age.js';

/** Lets the person choose a run that is known here, or the journal of one: from its data directory, or from anywhere. */
export async function pickRun(runs: readonly RunRecord[]): Promise<RunRecord | undefined> {
  const browse = { label: vscode.l10n.t('$(folder-opened) A Journal in a Data Directory…'), detail: vscode.l10n.t('restore-….journal, beside the data of any member'), record: undefined };
  const items = runs.map(record => ({ label: record.opening.plan.cluster, description: standingWord(record), detail: vscode.l10n.t('Begun {time} by {by}', { time: moment(Date.parse(record.opening.at)), by: record.opening.by }), record }));
  const picked = await vscode.window.showQuickPick([...items, browse], { title: vscode.l10n.t('Resume or Take Back a Restore') });
  if (picked === undefined || picked.record !== undefined) return picked?.record;
  const [file] = await vscode.window.showOpenDialog({ title: vscode.l10n.t('Journal of a restore'), canSelectMany: false, filters: { [vscode.l10n.t('Journals')]: ['journal'] } }) ?? [];
  return file === undefined ? undefined : trustedJournal(file.fsPath);
}

function standingWord({ entries }: RunRecord): string {
  switch (standing(entries)) {
    case 'open': return vscode.l10n.t('not finished');
    case 'finished': return vscode.l10n.t('restored');
    case 'takingBack': return vscode.l10n.t('being taken back');
    case 'takenBack': return vscode.l10n.t('taken back');
  }
}
