import * as vscode from 'vscode';
import type { RunRecord } from '../../core/journal.js';
import { hasEffects, hasStarted } from '../../core/restore/progress.js';
import type { RestorePlan } from '../../core/restore/planRestore.js';
import type { RestoreSubject } from '../../core/restore/subject.js';
import { oldCluster, writtenSinceRestore, type OldCluster } from '../../core/restore/written.js';
import { subjectOf } from '../../node/restore/subjectOf.js';
import { age } from '../age.js';
import { warningSentence } from '../words/refusals.js';
import type { MemberAfter } from './state.js';

/** What taking a run back loses: what was written to the restored cluster. One sentence each. */
export function lostByTakingBack(record: RunRecord, after: readonly MemberAfter[]): readonly string[] {
  const written = writtenSinceRestore(subjectOf(record), after);
  if (written === undefined) return hasStarted(record) ? [vscode.l10n.t('No member answers as one of the restored cluster, so it cannot be told how much was written since the restore; the old data does not have it.')] : [];
  if (written <= 0n) return [vscode.l10n.t('Nothing was written to the restored cluster since.')];
  return [written === 1n ? vscode.l10n.t('One revision was written to the restored cluster since; its old data does not have it.')
    : vscode.l10n.t('{revisions} revisions were written to the restored cluster since; its old data does not have them.', { revisions: String(written) })];
}

/** What beginning a restore loses: what the cluster serves now, or else what was known of it when this was planned. */
export function lostByRestoring({ cluster, subject }: RestorePlan, after: readonly MemberAfter[]): readonly string[] {
  const old = oldCluster(subject, after);
  if (old !== undefined) return ofOldCluster(cluster, old, after);
  const known = subject.warnings.filter(({ code }) => code === 'CLUSTER_SERVES' || code === 'WRITES_LOST').map(warningSentence);
  return subject.serving ? [...known, vscode.l10n.t('That was when it was planned: no member answers now.')] : known;
}

/** What going on with a restore loses: what the cluster serves now, with what was written since it was planned. */
export function lostByResuming(record: RunRecord, after: readonly MemberAfter[]): readonly string[] {
  const old = oldCluster(subjectOf(record), after);
  return old === undefined ? [nobodyOld(record, after)] : ofOldCluster(record.opening.plan.cluster, old, after);
}

/** The loss in one sentence, for the last question before it; nothing where no quorum serves what would be lost. */
export function lossAtStake(cluster: string, subject: RestoreSubject, after: readonly MemberAfter[]): readonly string[] {
  const old = oldCluster(subject, after);
  if (old?.serves !== true) return [];
  return [vscode.l10n.t('{cluster} serves now, and loses all that was written since the snapshot (saved {age}): {revisions} revisions.', {
    cluster, age: age(subject.snapshot.savedMs, Date.now()), revisions: String(old.sinceSnapshot),
  })];
}

function ofOldCluster(cluster: string, old: OldCluster, after: readonly MemberAfter[]): readonly string[] {
  const args = { cluster, members: old.members.join(', '), revision: String(old.revision) };
  const silent = after.filter(({ name }) => !old.members.includes(name)).map(({ name }) => name);
  return [
    old.serves ? vscode.l10n.t('{cluster} has quorum and serves now, at revision {revision} ({members}).', args)
      : vscode.l10n.t('{members} of {cluster} answer now, at revision {revision}, without quorum.', args),
    vscode.l10n.t('{revisions} revisions were written after the snapshot, {since} of them since this restore was planned; the restored cluster will not have them. The old data is kept aside.', { revisions: String(old.sinceSnapshot), since: String(old.sincePlan) }),
    ...silent.length === 0 ? [] : [vscode.l10n.t('Others do not answer as that cluster: {members}.', { members: silent.join(', ') })],
  ];
}

function nobodyOld(record: RunRecord, after: readonly MemberAfter[]): string {
  const written = writtenSinceRestore(subjectOf(record), after);
  if (written !== undefined) return vscode.l10n.t('The restored cluster answers already; nothing of it is lost by going on.');
  return hasEffects(record) ? vscode.l10n.t('No member answers now.')
    : vscode.l10n.t('No member answers now, so it cannot be told how much was written since this restore was planned; the restored cluster will not have it.');
}
