import { stepsOf, type Plan, type Stage } from '../plan.js';
import type { RestoreSubject } from '../restore/subject.js';
import { fileName, fileNames } from './fileNames.js';
import { backwardGuard, forwardGuard, type Guard } from './guards.js';
import { dataDirsOn, type NumberedStep } from './hostFile.js';
import { disturbs, hostsOf } from './places.js';

/** A way, forward or back, as it is laid out in files. */
export interface Way {
  readonly plan: Plan<RestoreSubject>;
  readonly prepare: string;
  readonly stages: readonly StageFile[];
}

/** What a stage is to whoever runs it: it looks or prepares, it copies the snapshot, or it changes what runs. */
export type StageKind = 'calm' | 'upload' | 'moves';

export interface StageFile {
  readonly stage: Stage;
  readonly file: string;
  readonly kind: StageKind;
  /** In the order of the plan. */
  readonly steps: readonly NumberedStep[];
  readonly hosts: readonly string[];
}

/** Everything by name: a host's folder is the same on the way back. */
export interface Layout {
  readonly folders: ReadonlyMap<string, string>;
  readonly forward: Way;
  readonly back: Way;
}

/** Lays out a plan and the plan that takes all of it back. */
export function layoutOf(plan: Plan<RestoreSubject>, back: Plan<RestoreSubject>): Layout {
  const hosts = [...plan.subject.members.map(({ host }) => host), ...[...stepsOf(plan), ...stepsOf(back)].flatMap(step => hostsOf(plan, step))];
  const undone = new Map(stepsOf(plan).map(step => [`undo-${step.id}`, step]));
  return {
    folders: fileNames([...new Set(hosts)]),
    forward: wayOf(plan, '', step => forwardGuard(plan, step)),
    back: wayOf(back, 'back-', ({ id }) => {
      const step = undone.get(id);
      return step === undefined ? undefined : backwardGuard(plan, step);
    }),
  };
}

function wayOf(plan: Plan<RestoreSubject>, prefix: string, guardOf: (step: NumberedStep['step']) => Guard | undefined): Way {
  const numbers = new Map(stepsOf(plan).map((step, at) => [step, at + 1]));
  return {
    plan, prepare: `${prefix}00-prepare.sh`,
    stages: plan.stages.filter(({ steps }) => steps.length > 0).map((stage, at) => ({
      stage, file: `${prefix}${String(at + 1).padStart(2, '0')}-${fileName(stage.id)}.sh`,
      kind: disturbs(stage) ? 'moves' : stage.steps.some(({ act }) => act.do === 'upload') ? 'upload' : 'calm',
      steps: stage.steps.map(step => ({ step, number: numbers.get(step) ?? 0, guard: guardOf(step) })),
      hosts: [...new Set(stage.steps.flatMap(step => hostsOf(plan, step)))],
    })),
  };
}

/** The steps of a stage in which a host has a part. */
export const partOf = (plan: Plan<RestoreSubject>, { steps }: StageFile, host: string): readonly NumberedStep[] =>
  steps.filter(({ step }) => hostsOf(plan, step).includes(host));

/** Hosts on which members have their data. */
export const memberHosts = ({ forward: { plan }, folders }: Layout): readonly string[] => [...folders.keys()].filter(host => dataDirsOn({ plan, host }).length > 0);
