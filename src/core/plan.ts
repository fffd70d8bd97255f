import type { Message } from './errors.js';
import type { Action } from './action.js';
import type { Probe } from './probe.js';

/**
 * What will be done, written down before any of it is done. Plain JSON, and the one description of a run:
 * the preview shows it, the runner does it, the journal records it.
 */
export interface Plan<Subject = unknown> {
  readonly kind: 'restore' | 'takeBack';
  /** Readable, unique, made of `a-z0-9-`: part of every name that the run leaves on a host. */
  readonly run: string;
  readonly cluster: string;
  /** What the person is shown of it; its shape is the plan maker's. The digest covers it too. */
  readonly subject: Subject;
  readonly stages: readonly Stage[];
}

/**
 * Steps that need not wait for each other. Those of one lane follow each other, lanes go side by side, and the
 * stage's end is a barrier: nothing of the next stage begins before all of this one is done.
 */
export interface Stage {
  readonly id: string;
  readonly title: Message;
  /** What undoing it is called. */
  readonly undoTitle: Message;
  readonly steps: readonly Step[];
}

export interface Step {
  /** Readable and stable, e.g. `stop@m1`; the journal knows steps by it. */
  readonly id: string;
  /** The member or host it concerns. */
  readonly lane: string;
  readonly title: Message;
  readonly act: Action;
  /** Holds once the effect is in place: makes resuming safe. */
  readonly done: Probe;
  readonly undo: Undo;
}

/** A wait needs no way back; a point of no return is visible in the data. */
export type Undo = WayBack | 'nothing' | 'impossible';

export interface WayBack {
  readonly title: Message;
  readonly act: Action;
  readonly done: Probe;
}

export const stepsOf = (plan: Plan): readonly Step[] => plan.stages.flatMap(stage => stage.steps);

/** The steps of a stage by lane, each lane in its order. */
export function lanesOf(stage: Stage): readonly (readonly Step[])[] {
  const lanes = new Map<string, Step[]>();
  for (const step of stage.steps) lanes.set(step.lane, [...(lanes.get(step.lane) ?? []), step]);
  return [...lanes.values()];
}
