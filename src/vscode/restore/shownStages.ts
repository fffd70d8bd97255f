import * as vscode from 'vscode';
import type { Action } from '../../core/action.js';
import { commandLines } from '../../core/host/commandLines.js';
import type { Plan, Step } from '../../core/plan.js';
import type { StageProgress, StepProgress } from '../../core/restore/progress.js';
import type { ShownStage, ShownStep } from '../../panel/restore.js';
import { isRestoreNote, noteSentence } from '../words/notes.js';
import { failureSentence } from '../words/index.js';
import { titleOf } from '../words/restoreTitles.js';

/** Of which plan the stages are, and whether nobody here works on them. */
export interface Showing {
  readonly kind: Plan['kind'];
  readonly resting: boolean;
}

/** The plan's stages with every command and, once begun, where each step stands. */
export const shownStages = (stages: readonly StageProgress[], showing: Showing): ShownStage[] =>
  stages.map(({ stage, steps }) => ({ id: stage.id, title: titleOf(stage.title), steps: steps.map(step => shownStep(step, showing)) }));

function shownStep(progress: StepProgress, { kind, resting }: Showing): ShownStep {
  const { step, state, failure } = progress;
  return {
    id: step.id, lane: step.lane, title: titleOf(step.title), state, stateWord: stateWord(state), note: noteOf(progress, resting),
    commands: [...commandLines(step.act)], undo: kind === 'takeBack' ? '' : undoOf(step, step.act),
    ...failure === undefined ? {} : { failure: failureSentence(failure) },
  };
}

function stateWord(state: StepProgress['state']): string {
  switch (state) {
    case 'waiting': return vscode.l10n.t('waits');
    case 'begun': return vscode.l10n.t('begun');
    case 'done': return vscode.l10n.t('done');
    case 'failed': return vscode.l10n.t('failed');
  }
}

function noteOf({ state, startedAt, endedAt, found, note }: StepProgress, resting: boolean): string {
  if (state === 'begun') return resting ? vscode.l10n.t('not finished') : vscode.l10n.t('under way');
  if (note !== undefined && isRestoreNote(note.code)) return noteSentence(note);
  if (found) return vscode.l10n.t('was done already');
  if (startedAt === undefined || endedAt === undefined) return '';
  return vscode.l10n.t('{seconds} s', { seconds: ((Date.parse(endedAt) - Date.parse(startedAt)) / 1000).toFixed(1) });
}

function undoOf({ undo }: Step, act: Action): string {
  if (undo === 'impossible') return vscode.l10n.t('Cannot be taken back');
  if (undo === 'nothing' && act.do === 'stop') return vscode.l10n.t('Not taken back: there is no data left to start on');
  if (undo === 'nothing' && act.do === 'restartKubelet') return vscode.l10n.t('Nothing to take back: a kubelet that was restarted runs as before');
  if (undo === 'nothing') return act.do === 'expect' ? '' : vscode.l10n.t('Nothing to take back: it only adds a folder');
  return vscode.l10n.t('Taken back by: {commands}', { commands: commandLines(undo.act).join('; ') });
}
