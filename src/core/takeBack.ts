import { KnownError } from './errors.js';
import { currentEntries, currentPlan, lastEvents, standing, type Entry, type RunRecord } from './journal.js';
import { refuseLostWay } from './lostWay.js';
import { run, type Run, type RunEnd } from './runner.js';
import { stepsOf, type Plan, type Stage, type Step } from './plan.js';
import type { Probe, Verdict } from './probe.js';

/**
 * The steps whose effect is in place: those the journal calls done, starts that were begun, and those that were begun and not
 * finished, or failed, while their probe holds. So does a stop or a start that was never begun, when something else, such as a
 * reboot, did it meanwhile: taken back, everything runs that ran, on what it ran on.
 */
export async function inPlace(plan: Plan, entries: readonly Entry[], holds: (probe: Probe) => Promise<Verdict>): Promise<ReadonlySet<string>> {
  const last = lastEvents(entries);
  const effective = new Set<string>();
  const touched = new Set<string>();
  for (const step of stepsOf(plan)) {
    const event = last.get(step.id);
    // What was told to start is told to stop, also where it does not run now: whoever started it may try once more.
    const started = event !== undefined && (step.act.do === 'start' || step.act.do === 'putBack');
    // Before anything else was done to a member, that it runs is no effect of ours.
    const byOthers = step.act.do === 'stop' || (step.act.do === 'start' && touched.has(step.lane));
    const asked = (event !== undefined && event !== 'done' && step.undo !== 'nothing') || (event === undefined && byOthers);
    if (event !== 'done' && !started && !(asked && (await holds(step.done)).holds)) continue;
    effective.add(step.id);
    if (step.undo !== 'nothing') touched.add(step.lane);
  }
  return effective;
}

/**
 * The way back is itself a plan: the steps in place, reversed, then `checks` of the state before.
 * @throws KnownError POINT_OF_NO_RETURN when a step in place has no way back.
 */
export function takeBack(plan: Plan, effective: ReadonlySet<string>, checks: readonly Stage[]): Plan {
  const blocked = stepsOf(plan).find(step => effective.has(step.id) && step.undo === 'impossible');
  if (blocked !== undefined) throw new KnownError('POINT_OF_NO_RETURN', { step: blocked.id });
  const stages = plan.stages.toReversed().flatMap(stage => {
    const steps = stage.steps.filter(step => effective.has(step.id)).toReversed().flatMap(reversed);
    return steps.length === 0 ? [] : [{ id: `undo-${stage.id}`, title: stage.undoTitle, undoTitle: stage.title, steps }];
  });
  return { ...plan, kind: 'takeBack', stages: [...stages, ...checks] };
}

const reversed = (step: Step): readonly Step[] => typeof step.undo === 'string' ? [] : [{
  id: `undo-${step.id}`, lane: step.lane, title: step.undo.title, act: step.undo.act, done: step.undo.done,
  undo: { title: step.title, act: step.act, done: step.done },
}];

/**
 * Whether all that `back` would change is a way back of `plan`: a journal copy lies where others may be able to write,
 * and only the plan in its first line was approved.
 */
export function isWayBackOf(back: Plan, plan: Plan): boolean {
  const ways = new Set(stepsOf(plan).flatMap(({ undo }) => typeof undo === 'string' ? [] : [JSON.stringify(undo.act)]));
  const same = back.kind === 'takeBack' && back.run === plan.run && JSON.stringify(back.subject) === JSON.stringify(plan.subject);
  return same && stepsOf(back).every(({ act }) => act.do === 'expect' || ways.has(JSON.stringify(act)));
}

/** A runner's job without the plan, which the record knows. */
export type Carrying = Omit<Run, 'plan' | 'approved' | 'past'>;

/**
 * Goes on with the plan that the record is at: forward, or back once that was begun.
 * @throws KnownError WAY_BACK_MISSING or WAY_BACK_TAKEN, before anything is done, when what a way back needs is gone.
 */
export async function carryOn(record: RunRecord, job: Carrying): Promise<RunEnd> {
  const { plan, digest } = currentPlan(record);
  const past = currentEntries(record);
  if (plan.kind === 'takeBack') await refuseLostWay(plan, past, probe => job.hands.holds(probe, job.signal));
  return run({ ...job, plan, approved: digest, past });
}

/** The plan that would take a run back from where it is now; of one that is being taken back, or was, the plan of that. */
export async function planBack(record: RunRecord, checks: readonly Stage[], holds: (probe: Probe) => Promise<Verdict>): Promise<Plan> {
  const where = standing(record.entries);
  if (where === 'takingBack' || where === 'takenBack') return currentPlan(record).plan;
  const { plan } = record.opening;
  return takeBack(plan, await inPlace(plan, record.entries, holds), checks);
}

/**
 * Begins to take a run back, or goes on with it. The way back is planned from what is in place now, then checked, journaled and run.
 * @throws KnownError WAY_BACK_CHANGED when that is not the way back that was `approved`, by its digest; WAY_BACK_MISSING or
 * WAY_BACK_TAKEN. The run is then what it was, and nothing was done.
 */
export async function goBack(record: RunRecord, by: string, approved: string, checks: readonly Stage[], job: Carrying): Promise<RunEnd> {
  const holds = (probe: Probe): Promise<Verdict> => job.hands.holds(probe, job.signal);
  const back = await planBack(record, checks, holds);
  if (job.digestOf(back) !== approved) throw new KnownError('WAY_BACK_CHANGED', { run: record.opening.plan.run });
  const where = standing(record.entries);
  if (where === 'takingBack' || where === 'takenBack') return carryOn(record, job);
  await refuseLostWay(back, [], holds);
  const entry: Entry = { event: 'takingBack', at: job.clock.now(), by, digest: approved, plan: back };
  await job.journal.append(entry);
  job.onEntry(entry);
  return run({ ...job, plan: back, approved, past: [] });
}
