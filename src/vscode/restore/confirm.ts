import path from 'node:path';
import * as vscode from 'vscode';
import { standing, type RunRecord } from '../../core/journal.js';
import type { RestorePlan } from '../../core/restore/planRestore.js';
import { hasEffects } from '../../core/restore/progress.js';
import type { RestoreSubject } from '../../core/restore/subject.js';
import { subjectOf } from '../../node/restore/subjectOf.js';
import { age, moment } from '../age.js';
import { unlinked } from '../unlinked.js';
import { warningSentence } from '../words/refusals.js';
import { lossAtStake, lostByRestoring, lostByResuming, lostByTakingBack } from './lost.js';
import type { MemberAfter } from './state.js';

/**
 * Asks before anything dangerous: a modal that names the cluster and says what happens, with a verb as its button, then
 * the cluster's name, typed. What is lost, `stake`, is said again where the name is typed.
 */
async function confirm(cluster: string, question: string, detail: string, verb: string, stake: readonly string[] = []): Promise<boolean> {
  const pressed = await vscode.window.showWarningMessage(question, { modal: true, detail }, verb);
  if (pressed !== verb) return false;
  const typed = await vscode.window.showInputBox({
    title: verb, prompt: unlinked([...stake, vscode.l10n.t('Type the name of the cluster, {cluster}, to go on.', { cluster })].join(' ')), placeHolder: cluster, ignoreFocusOut: true,
    validateInput: text => text === '' || text === cluster ? undefined : vscode.l10n.t('This is not the name of the cluster.'),
  });
  return typed === cluster;
}

const snapshotSentence = ({ snapshot }: RestoreSubject): string => vscode.l10n.t('Snapshot {name}, saved {time} ({age}), revision {revision}, {keys} keys.', {
  name: path.basename(snapshot.path), time: moment(snapshot.savedMs), age: age(snapshot.savedMs, Date.now()), revision: snapshot.revision, keys: snapshot.keys,
});

/** Asks whether the plan shall be carried out; a cluster that serves is named as such, with what it would lose. `after` is how the members answer now: a plan may have been looked at for hours. */
export function confirmRestore(plan: RestorePlan, after: readonly MemberAfter[]): Promise<boolean> {
  const { cluster, subject } = plan;
  const detail = [
    snapshotSentence(subject),
    vscode.l10n.t('{count} members stop, their data is put aside and kept, and they start on the restored data.', { count: subject.members.length }),
    ...lostByRestoring(plan, after),
    ...subject.warnings.filter(({ code }) => code === 'OTHER_CLUSTER').map(warningSentence),
  ].join('\n\n');
  return confirm(cluster, vscode.l10n.t('Restore {cluster}?', { cluster }), detail, vscode.l10n.t('Restore {cluster}', { cluster }), lossAtStake(cluster, subject, after));
}

/** Asks whether an interrupted run shall go on: the plan was approved once, perhaps long ago and by somebody else. `after` is how the members answer now. */
export function confirmResume(record: RunRecord, after: readonly MemberAfter[]): Promise<boolean> {
  const { at, by, plan: { cluster } } = record.opening;
  const backwards = standing(record.entries) === 'takingBack';
  const detail = [
    ...backwards ? [] : [snapshotSentence(subjectOf(record))],
    vscode.l10n.t('The plan was approved {time} by {by}. What is done already is not done again; what was begun is looked at first.', { time: moment(Date.parse(at)), by }),
    ...backwards ? lostByTakingBack(record, after) : lostByResuming(record, after),
  ].join('\n\n');
  return backwards
    ? confirm(cluster, vscode.l10n.t('Go on taking back the restore of {cluster}?', { cluster }), detail, vscode.l10n.t('Take Back {cluster}', { cluster }))
    : confirm(cluster, vscode.l10n.t('Resume the restore of {cluster}?', { cluster }), detail, vscode.l10n.t('Resume {cluster}', { cluster }), lossAtStake(cluster, subjectOf(record), after));
}

/** Asks whether a run shall be taken back; `after` is how the members answer now. */
export function confirmTakeBack(record: RunRecord, after: readonly MemberAfter[]): Promise<boolean> {
  const { cluster } = record.opening.plan;
  const detail = [
    hasEffects(record) ? vscode.l10n.t('The members stop, the restored data is put aside and kept, and those that ran before start on their old data.')
      : vscode.l10n.t('Nothing was stopped or moved yet: this only ends the run. What was restored beside the data is kept.'),
    ...lostByTakingBack(record, after),
  ].join('\n\n');
  return confirm(cluster, vscode.l10n.t('Take back the restore of {cluster}?', { cluster }), detail, vscode.l10n.t('Take Back {cluster}', { cluster }));
}

/** Asks whether a snapshot of another cluster shall be planned with. */
export const confirmOtherCluster = (cluster: string): Promise<boolean> =>
  confirm(cluster, vscode.l10n.t('Plan with the snapshot of another cluster?'),
    vscode.l10n.t('{cluster} would get the content of a cluster whose members had other addresses. Nothing is done yet: the plan is shown first.', { cluster }),
    vscode.l10n.t('Plan for {cluster}', { cluster }));
