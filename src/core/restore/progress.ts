import { currentEntries, currentPlan, type RunRecord } from '../journal.js';
import type { Message } from '../errors.js';
import type { Plan, Stage, Step } from '../plan.js';
import { stepsOf } from '../plan.js';

/** Where a step stands, folded from the journal. Times are ISO 8601. */
export interface StepProgress {
  readonly step: Step;
  readonly state: 'waiting' | 'begun' | 'done' | 'failed';
  readonly startedAt?: string;
  readonly endedAt?: string;
  /** The effect was in place already when the step was about to be repeated. */
  readonly found?: true;
  readonly failure?: Message;
  readonly note?: Message;
}

export interface StageProgress {
  readonly stage: Stage;
  readonly steps: readonly StepProgress[];
}

/** Every step of the plan that a run is at, forward or back, with what the journal says of it. */
export const progressOf = (record: RunRecord): readonly StageProgress[] => progressOfPlan(currentPlan(record).plan, record);

/** A plan nobody has begun: everything waits. */
export const unbegun = (plan: Plan): readonly StageProgress[] =>
  plan.stages.map(stage => ({ stage, steps: stage.steps.map(step => ({ step, state: 'waiting' })) }));

function progressOfPlan(plan: Plan, record: RunRecord): readonly StageProgress[] {
  const known = new Map<string, Omit<StepProgress, 'step'>>();
  for (const entry of currentEntries(record)) {
    if (!('step' in entry)) continue;
    const before = known.get(entry.step);
    const startedAt = before?.startedAt ?? entry.at;
    if (entry.event === 'started') known.set(entry.step, { state: 'begun', startedAt });
    else if (entry.event === 'done') known.set(entry.step, { state: 'done', startedAt, endedAt: entry.at, ...(entry.found ? { found: true } : {}), ...(entry.note === undefined ? {} : { note: entry.note }) });
    else known.set(entry.step, { state: 'failed', startedAt, endedAt: entry.at, failure: { code: entry.code, args: entry.args } });
  }
  return plan.stages.map(stage => ({ stage, steps: stage.steps.map(step => ({ step, ...known.get(step.id) ?? { state: 'waiting' } })) }));
}

/**
 * Milliseconds from the first stop of a serving cluster until every member was healthy again and every API server ready;
 * undefined while that is not so, or when nothing was stopped.
 */
export function downtimeMs(record: RunRecord): number | undefined {
  const forward = progressOfPlan(record.opening.plan, record).flatMap(stage => stage.steps);
  const stopped = forward.flatMap(({ step, startedAt }) => (step.act.do === 'stop' || step.act.do === 'park') && startedAt !== undefined ? [Date.parse(startedAt)] : []);
  const healthy = forward.filter(({ step }) => step.done.is === 'healthy' || step.done.is === 'ready');
  if (stopped.length === 0 || healthy.length === 0 || healthy.some(({ state }) => state !== 'done')) return undefined;
  return Math.max(...healthy.map(({ endedAt }) => Date.parse(endedAt ?? ''))) - Math.min(...stopped);
}

/** Whether anything was done that taking back would undo; staging alone needs no way back. */
export const hasEffects = (record: RunRecord): boolean => hasBegun(record, step => typeof step.undo !== 'string');

/** Whether a member may have run on the restored data. */
export const hasStarted = (record: RunRecord): boolean => hasBegun(record, ({ act }) => act.do === 'start' || (act.do === 'putBack' && act.pod.name === 'etcd'));

function hasBegun({ opening, entries }: RunRecord, which: (step: Step) => boolean): boolean {
  const begun = new Set(entries.flatMap(entry => 'step' in entry ? [entry.step] : []));
  return stepsOf(opening.plan).some(step => which(step) && begun.has(step.id));
}
