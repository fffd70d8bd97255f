import * as vscode from 'vscode';
import type { RunRecord } from '../../core/journal.js';
import { stepsOf, type Plan } from '../../core/plan.js';
import { unbegun } from '../../core/restore/progress.js';
import { writtenSinceRestore } from '../../core/restore/written.js';
import { subjectOf } from '../../node/restore/restoreRun.js';
import type { RestoreShown, ShownAction, ShownFact, ShownNotice } from '../../panel/restore.js';
import { moment } from '../age.js';
import { titleOf } from '../words/restoreTitles.js';
import { lostByTakingBack } from './lost.js';
import { isStopped, oldDataNow } from './shownReport.js';
import { shownStages } from './shownStages.js';
import type { MemberAfter, RestoreState } from './state.js';

/** The way back before it is approved: what will be done, and what it loses. */
export function wayBackShown({ record, plan, digest, after }: Extract<RestoreState, { readonly phase: 'wayBack' }>): Omit<RestoreShown, 'type' | 'heading' | 'stagesTitle' | 'showCommands' | 'hideCommands'> {
  return {
    tone: 'warn', digest, tables: [], lead: lead(record, plan),
    notices: [
      ...lostByTakingBack(record, after).map((text): ShownNotice => ({ tone: (writtenSinceRestore(subjectOf(record), after) ?? 1n) > 0n ? 'warn' : 'plain', text })),
      ...silences(record, after),
    ],
    facts: facts(record, after),
    stages: shownStages(unbegun(plan), { kind: 'takeBack', resting: true }),
    stagesHint: vscode.l10n.t('The restored data is renamed, never deleted, and stays where the list below says. If what lies in place changes before you approve, nothing is done.'),
    actions: [
      { id: 'approve', label: vscode.l10n.t('Take Back {cluster}…', { cluster: plan.cluster }), look: 'danger' }, againAction('plain'),
      { id: 'leave', label: vscode.l10n.t('Back to the Report'), look: 'plain' }, { id: 'copyPlan', label: vscode.l10n.t('Copy Plan as Markdown'), look: 'plain' },
    ],
  };
}

/** Plans what is shown anew. */
export const againAction = (look: 'primary' | 'plain'): ShownAction => ({ id: 'planAgain', label: vscode.l10n.t('Plan Again'), look });

function lead(record: RunRecord, plan: Plan): string {
  const verbs = { park: 'stop', putBack: 'start' } as const;
  const acts = new Set(stepsOf(plan).map(({ act }) => act.do === 'park' || act.do === 'putBack' ? verbs[act.do] : act.do));
  const { cluster } = plan;
  if (!acts.has('stop') && !acts.has('move') && !acts.has('start')) return vscode.l10n.t('Nothing was stopped or moved yet: taking the restore of {cluster} back only ends the run. What was restored beside the data is kept.', { cluster });
  const start = plan.stages.find(({ steps }) => steps.some(({ act }) => act.do === 'start' || act.do === 'putBack'));
  if (start === undefined) return vscode.l10n.t('This is what will be done to take the restore of {cluster} back, and in this order. The members did not run before the restore, and are not started after it.', { cluster });
  const seconds = subjectOf(record).expectedDowntime;
  return acts.has('stop') ? vscode.l10n.t('This is what will be done to take the restore of {cluster} back, and in this order. etcd is down for about {seconds} s meanwhile.', { cluster, seconds })
    : vscode.l10n.t('This is what will be done to take the restore of {cluster} back, and in this order. Members that are down are back about {seconds} s after "{start}".', { cluster, seconds, start: titleOf(start.title) });
}

/** Of those that the restore has stopped it is no news. */
const silences = (record: RunRecord, after: readonly MemberAfter[]): readonly ShownNotice[] => after.flatMap(({ name, silent }) =>
  silent === undefined || isStopped(record, name) ? [] : [{ tone: 'plain', text: vscode.l10n.t('{member} does not answer. {reason}', { member: name, reason: silent }) }]);

/** What the cluster is now and will be again, and where each member's data lies. */
function facts(record: RunRecord, after: readonly MemberAfter[]): ShownFact[] {
  const subject = subjectOf(record);
  const plain = (label: string, value: string): ShownFact => ({ label, value, mono: false });
  const mono = (label: string, value: string): ShownFact => ({ label, value, mono: true });
  const written = writtenSinceRestore(subject, after);
  const before = subject.members.flatMap(member => member.before === undefined ? [] : [`${member.name} ${member.before.revision}`]);
  return [
    mono(vscode.l10n.t('Restored from'), subject.snapshot.path),
    plain(vscode.l10n.t('Begun'), vscode.l10n.t('{time} by {by}', { time: moment(Date.parse(record.opening.at)), by: record.opening.by })),
    plain(vscode.l10n.t('Revision after the restore'), subject.foretold.revision),
    plain(vscode.l10n.t('Revisions written since'), written === undefined ? vscode.l10n.t('not known') : String(written)),
    ...before.length === 0 ? [] : [plain(vscode.l10n.t('Revision before the restore'), before.join(' · '))],
    mono(vscode.l10n.t('Restored cluster id'), subject.foretold.clusterId),
    ...subject.clusterIdBefore === undefined ? [] : [mono(vscode.l10n.t('Cluster id afterwards'), subject.clusterIdBefore)],
    ...subject.members.flatMap(({ name, dataDir, oldData, staged }) => [
      ...oldData === undefined ? [] : [mono(vscode.l10n.t('Old data of {member}', { member: name }), oldDataNow(record, name, dataDir, oldData))],
      mono(vscode.l10n.t('Restored data of {member}, kept in', { member: name }), staged),
    ]),
  ];
}
