import path from 'node:path';
import * as vscode from 'vscode';
import { currentPlan, standing } from '../../core/journal.js';
import type { RestoreChoice } from '../../core/restore/facts.js';
import type { RestorePlan } from '../../core/restore/planRestore.js';
import { progressOf, unbegun } from '../../core/restore/progress.js';
import type { RestoreShown, ShownAction, ShownNotice } from '../../panel/restore.js';
import { subjectOf } from '../../node/restore/restoreRun.js';
import { refusalSentence, warningSentence } from '../words/refusals.js';
import { titleOf } from '../words/restoreTitles.js';
import { planFacts } from './shownFacts.js';
import { shownStages } from './shownStages.js';
import { reportNotices, reportTables, runLead, underWayLead } from './shownReport.js';
import { againAction, wayBackShown } from './shownWayBack.js';
import type { RestoreSession } from './session.js';

type Body = Pick<RestoreShown, 'lead' | 'tone' | 'notices' | 'facts' | 'tables' | 'stages' | 'actions' | 'digest'> & Pick<Partial<RestoreShown>, 'busy' | 'stagesHint'>;

/** Everything the panel shows of a session, in the person's language. */
export function shownOf(session: RestoreSession): RestoreShown {
  const { busy, stagesHint = '', ...body } = bodyOf(session);
  return {
    type: 'show',
    heading: session.state.phase === 'wayBack' ? vscode.l10n.t('Take back the restore of {cluster}', { cluster: session.cluster }) : vscode.l10n.t('Restore {cluster} from {snapshot}', { cluster: session.cluster, snapshot: path.basename(session.snapshot) }),
    stagesTitle: vscode.l10n.t('Plan'), stagesHint, showCommands: vscode.l10n.t('Show All Commands'), hideCommands: vscode.l10n.t('Hide Commands'), ...body, ...busy === undefined ? {} : { busy },
  };
}

const nothing: Pick<Body, 'notices' | 'facts' | 'tables' | 'stages' | 'actions' | 'digest'> = { notices: [], facts: [], tables: [], stages: [], actions: [], digest: '' };

function bodyOf(session: RestoreSession): Body {
  const { state } = session;
  switch (state.phase) {
    case 'gathering':
      return { ...nothing, lead: vscode.l10n.t('Nothing is changed while the plan is made.'), tone: 'plain', busy: { text: state.text, fraction: state.fraction }, actions: [cancelAction()] };
    case 'unready':
      return { ...nothing, lead: state.approved ? vscode.l10n.t('The restore was not begun. Nothing was stopped or moved.') : vscode.l10n.t('No plan could be made. Nothing was changed.'), tone: 'bad', notices: [{ tone: 'bad', text: state.reason }], actions: [againAction('primary')] };
    case 'refused':
      return {
        ...nothing, tone: 'bad', lead: vscode.l10n.t('This restore is refused, for every reason below. Nothing was changed.'),
        notices: state.refusals.map((refusal): ShownNotice => ({ tone: 'bad', text: refusalSentence(refusal) })),
        actions: [againAction('primary'), ...state.mayInsist ? [{ id: 'insist', label: vscode.l10n.t('Plan with It All the Same…'), look: 'plain' } as const] : []],
      };
    case 'preview': return preview(session, state);
    case 'wayBack': return wayBackShown(state);
    case 'running': return underWay(state);
    case 'resting': return atRest(state, session.waiting);
  }
}

function preview(session: RestoreSession, { plan, digest, facts, choice }: Extract<RestoreSession['state'], { readonly phase: 'preview' }>): Body {
  return {
    tone: 'warn', digest, tables: [],
    lead: planLead(plan),
    notices: plan.subject.warnings.map((warning): ShownNotice => ({ tone: 'warn', text: warningSentence(warning) })),
    facts: planFacts(plan.subject),
    stages: shownStages(unbegun(plan), { kind: 'restore', resting: true }),
    stagesHint: vscode.l10n.t('Old data is renamed, never deleted. Every step can be taken back until you remove what was put aside; nothing here is irreversible.'),
    actions: [
      { id: 'approve', label: vscode.l10n.t('Restore {cluster}…', { cluster: session.cluster }), look: 'primary' },
      againAction('plain'), ...facts.cluster.run === 'staticPod' ? [kubeletsAction(choice)] : [], { id: 'copyPlan', label: vscode.l10n.t('Copy Plan as Markdown'), look: 'plain' },
      { id: 'generate', label: vscode.l10n.t('Generate Scripts…'), look: 'plain' },
    ],
  };
}

function planLead({ subject, stages }: RestorePlan): string {
  const seconds = subject.expectedDowntime;
  const called = (which: 'stop' | 'start'): string => {
    const acts = which === 'stop' ? ['stop', 'park'] : ['start', 'putBack'];
    const found = stages.find(({ steps }) => steps.some(step => acts.includes(step.act.do)));
    return found === undefined ? '' : titleOf(found.title);
  };
  if (subject.serving) return vscode.l10n.t('This is what will be done, and in this order. etcd keeps serving until "{stop}"; it is then down for about {seconds} s.', { stop: called('stop'), seconds });
  // A process that holds the data may well serve others, whom it answers where it does not answer us.
  // Every member is told to stop, also one that is down: what supervises it could start it.
  const runs = subject.members.some(({ before }) => before !== undefined) || subject.warnings.some(({ code }) => code === 'HELD_BUT_SILENT');
  return !runs
    ? vscode.l10n.t('This is what will be done, and in this order. etcd is down now; it will be back about {seconds} s after "{start}".', { start: called('start'), seconds })
    : vscode.l10n.t('This is what will be done, and in this order. etcd runs, but does not serve as far as can be seen from here; what runs of it is stopped in "{stop}" and is back about {seconds} s after "{start}".', { stop: called('stop'), start: called('start'), seconds });
}

function underWay({ record, cancelling }: Extract<RestoreSession['state'], { readonly phase: 'running' }>): Body {
  const stages = progressOf(record);
  const steps = stages.flatMap(stage => stage.steps);
  const done = steps.filter(({ state }) => state === 'done').length;
  return {
    tone: 'plain', digest: record.opening.digest, tables: [], notices: [], facts: planFacts(subjectOf(record)), stages: shownStages(stages, { kind: currentPlan(record).plan.kind, resting: false }),
    lead: underWayLead(record),
    busy: {
      text: cancelling ? vscode.l10n.t('Stopping after the step that is under way…') : vscode.l10n.t('{done} of {all} steps done', { done, all: steps.length }),
      fraction: steps.length === 0 ? 0 : done / steps.length,
    },
    actions: cancelling ? [] : [cancelAction()],
  };
}

/** `waiting` is the snapshot (its path) that was to be restored when this run was found in the way. */
function atRest({ record, end, reason, after, gone = [] }: Extract<RestoreSession['state'], { readonly phase: 'resting' }>, waiting: string | undefined): Body {
  const where = standing(record.entries);
  // Before and after are a report's; of a run that waits, the plan is what one looks for.
  const over = where === 'finished' || where === 'takenBack';
  const failed = progressOf(record).some(stage => stage.steps.some(({ state }) => state === 'failed'));
  const actions: ShownAction[] = [];
  // Who gets what they wanted by finishing the earlier run is not led to do it twice.
  if (waiting !== undefined && (where === 'takenBack' || (where === 'finished' && subjectOf(record).snapshot.path !== waiting))) actions.push({ id: 'planAgain', label: vscode.l10n.t('Plan the Restore from {snapshot}', { snapshot: path.basename(waiting) }), look: where === 'takenBack' ? 'primary' : 'plain' });
  if (where === 'open' || where === 'takingBack') actions.push({ id: 'resume', label: where === 'open' ? vscode.l10n.t('Resume…') : vscode.l10n.t('Go On Taking Back…'), look: 'primary' });
  // Of old data that was removed nothing can be taken back; it would only be refused.
  if (where === 'open' || (where === 'finished' && gone.length === 0)) actions.push({ id: 'takeBack', label: vscode.l10n.t('Take Back…'), look: 'danger' });
  return {
    tone: over ? 'ok' : failed || reason !== undefined ? 'bad' : 'warn', digest: record.opening.digest,
    lead: runLead(record, end),
    notices: [
      ...reason === undefined ? [] : [{ tone: 'bad', text: reason } as const],
      ...over || waiting === undefined ? [] : [{ tone: 'warn', text: vscode.l10n.t('An earlier restore stands in the way: finish it or take it back first, then {snapshot} can be restored. Its journal was found beside the data; nothing new was planned.', { snapshot: path.basename(waiting) }) } as const],
      ...reportNotices(record, after, gone),
    ],
    facts: planFacts(subjectOf(record)), tables: over ? reportTables(record, after) : [], stages: shownStages(progressOf(record), { kind: currentPlan(record).plan.kind, resting: true }),
    actions: [...actions, { id: 'copyPlan', label: vscode.l10n.t('Copy Report as Markdown'), look: 'plain' }],
  };
}

/** Kubernetes advises to restart them; they are left alone unless the person wants it. */
const kubeletsAction = ({ kubelets }: RestoreChoice): ShownAction =>
  ({ id: 'kubelets', label: kubelets === undefined ? vscode.l10n.t('Restart the Kubelets Too') : vscode.l10n.t('Leave the Kubelets Alone'), look: 'plain' });

const cancelAction = (): ShownAction => ({ id: 'cancel', label: vscode.l10n.t('Cancel'), look: 'plain' });
