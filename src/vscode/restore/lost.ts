import * as vscode from 'vscode';
import type { RunRecord } from '../../core/journal.js';
import { hasStarted } from '../../core/restore/progress.js';
import { writtenSinceRestore } from '../../core/restore/written.js';
import { subjectOf } from '../../node/restore/subjectOf.js';
import type { MemberAfter } from './state.js';

/** What taking a run back loses: what was written to the restored cluster. One sentence each. */
export function lostByTakingBack(record: RunRecord, after: readonly MemberAfter[]): readonly string[] {
  const written = writtenSinceRestore(subjectOf(record), after);
  if (written === undefined) return hasStarted(record) ? [vscode.l10n.t('No member answers as one of the restored cluster, so it cannot be told how much was written since the restore; the old data does not have it.')] : [];
  if (written <= 0n) return [vscode.l10n.t('Nothing was written to the restored cluster since.')];
  return [written === 1n ? vscode.l10n.t('One revision was written to the restored cluster since; its old data does not have it.')
    : vscode.l10n.t('{revisions} revisions were written to the restored cluster since; its old data does not have them.', { revisions: String(written) })];
}
