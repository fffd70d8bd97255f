import type { Action } from './action.js';
import { isKnown, KnownError, type ErrorCode, type Message, type MessageArgs } from './errors.js';
import { lastEvents, type Entry, type Journal, type StepEvent } from './journal.js';
import { lanesOf, stepsOf, type Plan, type Step } from './plan.js';
import type { Probe, Verdict } from './probe.js';
import type { Clock } from './ports.js';

/** The runner's hands: the only way it can touch the world. */
export interface Hands {
  /** What is to be noted beside the success, if anything. */
  perform(action: Action, signal: AbortSignal, onOutput: (text: string) => void): Promise<Message | undefined>;
  holds(probe: Probe, signal: AbortSignal): Promise<Verdict>;
}

export interface Run {
  readonly plan: Plan;
  /** What the person approved; a plan with any other digest is not run. */
  readonly approved: string;
  readonly digestOf: (plan: Plan) => string;
  readonly journal: Journal;
  /** What the journal holds of this plan already. */
  readonly past: readonly Entry[];
  readonly hands: Hands;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onEntry: (entry: Entry) => void;
  readonly onOutput: (step: string, text: string) => void;
}

/** How a run ended: `failed` names every step that did, since lanes go side by side. */
export type RunEnd =
  | { readonly end: 'finished' }
  | { readonly end: 'cancelled' | 'failed'; readonly steps: readonly string[] };

/**
 * Carries out a plan: skips what is done (after a look whether etcd still runs, or still does not), probes a step that was started and not finished before repeating it,
 * writes ahead, acts, probes, writes. Stops at the first failure and, when cancelled, between steps. Safe to call
 * again after either or after a crash.
 * @throws KnownError PLAN_NOT_APPROVED when the digest is not the approved one; whatever the journal throws.
 */
export async function run(job: Run): Promise<RunEnd> {
  if (job.digestOf(job.plan) !== job.approved) throw new KnownError('PLAN_NOT_APPROVED', { run: job.plan.run });
  if (job.past.at(-1)?.event === 'finished') return { end: 'finished' };
  const past = lastEvents(job.past);
  const again = mayHaveFaded(job.plan, past);
  const record = recorder(job);
  for (const stage of job.plan.stages) {
    const failed: string[] = [];
    let halted: 'cancelled' | 'crashed' | undefined;
    const lane = async (steps: readonly Step[]) => {
      for (const step of steps.filter(each => past.get(each.id) !== 'done' || again.has(each.id))) {
        if (job.signal.aborted) halted ??= 'cancelled';
        if (failed.length > 0 || halted !== undefined) return;
        if (!await carryOut(job, step, past.get(step.id), record)) failed.push(step.id);
      }
    };
    const ends = await Promise.allSettled(lanesOf(stage).map(steps => lane(steps).catch((error: unknown) => {
      halted = 'crashed';
      throw error;
    })));
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
    if (halted === 'cancelled') return { end: 'cancelled', steps: failed };
    if (failed.length > 0) return { end: job.signal.aborted ? 'cancelled' : 'failed', steps: failed };
  }
  await record({ event: 'finished', at: job.clock.now() });
  return { end: 'finished' };
}

/**
 * Steps that are done and whose effect may be gone all the same: a process that was started may have ended, and one that
 * was stopped may run again, both after a reboot. Not those that a later step, which was begun, turned round on purpose.
 */
function mayHaveFaded(plan: Plan, past: ReadonlyMap<string, StepEvent>): ReadonlySet<string> {
  const latest = new Map<string, Step>();
  for (const step of stepsOf(plan)) {
    const what = startedOrStopped(step.act);
    if (what !== undefined && past.has(step.id)) latest.set(what, step);
  }
  return new Set([...latest.values()].flatMap(({ id }) => past.get(id) === 'done' ? [id] : []));
}

/** What an action starts or stops; the same text for both. */
function startedOrStopped(act: Action): string | undefined {
  switch (act.do) {
    case 'start':
    case 'stop': return `${act.etcd.host} ${act.etcd.dataDir}`;
    case 'park':
    case 'putBack': return `${act.pod.host} ${act.pod.manifest}`;
    case 'expect':
    case 'stage':
    case 'move':
    case 'restartKubelet':
    case 'upload': return undefined;
  }
}

type Recorder = (entry: Entry) => Promise<void>;

/** Lanes go side by side, the journal's lines one after the other. */
function recorder(job: Run): Recorder {
  let last: Promise<void> = Promise.resolve();
  return entry => {
    last = last.then(async () => {
      await job.journal.append(entry);
      job.onEntry(entry);
    });
    return last;
  };
}

async function carryOut(job: Run, step: Step, past: StepEvent | undefined, record: Recorder): Promise<boolean> {
  // A stop that is repeated harms nobody, and what it stopped may be between two starts of its supervisor: a look would tell too little.
  if (past !== undefined && step.act.do !== 'stop') {
    const found = await attempt(() => job.hands.holds(step.done, job.signal));
    // Not knowing whether it was done is no reason to do it twice.
    if (!found.ok) return failing(job, step, found, record);
    if (found.value.holds) {
      if (past !== 'done') await record({ event: 'done', at: job.clock.now(), step: step.id, found: true });
      return true;
    }
  }
  await record({ event: 'started', at: job.clock.now(), step: step.id });
  const outcome = await attempt(() => perform(job, step));
  if (!outcome.ok) return failing(job, step, outcome, record);
  await record({ event: 'done', at: job.clock.now(), step: step.id, ...(outcome.value === undefined ? {} : { note: outcome.value }) });
  return true;
}

async function failing(job: Run, { id }: Step, { code, args }: Failure, record: Recorder): Promise<false> {
  await record({ event: 'failed', at: job.clock.now(), step: id, code, args });
  return false;
}

async function perform(job: Run, step: Step): Promise<Message | undefined> {
  const note = await job.hands.perform(step.act, job.signal, text => job.onOutput(step.id, text));
  // An expectation has probed already.
  if (step.act.do === 'expect') return note;
  // Also when it was cancelled meanwhile: the step was carried out, and is to be journaled as what it is.
  const verdict = await job.hands.holds(step.done, new AbortController().signal);
  if (!verdict.holds) throw new KnownError('STEP_NO_EFFECT', { step: step.id, why: verdict.why.code, ...verdict.why.args });
  return note;
}

interface Failure {
  readonly ok: false;
  readonly code: ErrorCode;
  readonly args: MessageArgs;
}
type Attempt<T> = { readonly ok: true; readonly value: T } | Failure;

/** Turns what a person should read into a value; a bug, or a lost connection to the journal, stays an exception. */
async function attempt<T>(work: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    if (isKnown(error)) return { ok: false, code: error.code, args: error.args };
    if (error instanceof Error && error.name === 'AbortError') return { ok: false, code: 'CANCELLED', args: {} };
    throw error;
  }
}
