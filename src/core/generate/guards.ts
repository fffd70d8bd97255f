import type { Action } from '../action.js';
import { stepsOf, type Plan, type Step } from '../plan.js';
import type { Probe } from '../probe.js';

/**
 * What tells, without a journal, whether a step is still to be done. A member was swapped when both renames are in place: then
 * nothing that comes before them is to be done once more, and only then is anything that comes after them to be taken back.
 */
export interface Guard {
  readonly when: 'unless' | 'onlyIf';
  readonly probe: Probe;
}

/** The guard of a step of the way forward. */
export function forwardGuard(plan: Plan, step: Step): Guard | undefined {
  const dataDir = dataDirOf(step, plan);
  const before = dataDir !== undefined && comesBeforeSwap(step.act);
  const swapped = before ? swappedIn(plan, dataDir) : undefined;
  return swapped === undefined ? undefined : { when: 'unless', probe: swapped };
}

/** The guard of a step of the way back that undoes `step`. */
export function backwardGuard(plan: Plan, step: Step): Guard | undefined {
  const { act } = step;
  if (act.do === 'move' && act.from === `${act.etcd.dataDir}/member`) return { when: 'onlyIf', probe: step.done };
  if (act.do !== 'move' && act.do !== 'start' && act.do !== 'putBack') return undefined;
  const dataDir = dataDirOf(step, plan);
  const swapped = dataDir === undefined ? undefined : swappedIn(plan, dataDir);
  return swapped === undefined ? undefined : { when: 'onlyIf', probe: swapped };
}

/**
 * That all moves on this data directory are in place. The folder of the restored data stays when that is renamed out of it: where there was
 * no data before, it is the one sign that what lies in its place is not an empty database which something began meanwhile.
 */
function swappedIn(plan: Plan, key: string): Probe | undefined {
  const moves = stepsOf(plan).flatMap(({ act, done }) => act.do === 'move' && act.ifThere !== true && keyOf(act.etcd) === key ? [done] : []);
  const staged = stepsOf(plan).flatMap(({ act }): readonly Probe[] =>
    act.do === 'stage' && keyOf({ host: act.host, dataDir: act.staging.dataDir }) === key ? [{ is: 'exists', host: act.host, path: act.staging.target }] : []);
  return moves.length === 0 ? undefined : { is: 'all', probes: [...staged, ...moves] };
}

const keyOf = ({ host, dataDir }: { readonly host: string; readonly dataDir: string }): string => JSON.stringify([host, dataDir]);

function comesBeforeSwap(act: Action): boolean {
  switch (act.do) {
    case 'stage':
    case 'stop':
    case 'park': return true;
    case 'expect': return act.probe.is === 'identity' && act.probe.orSilent === true;
    // Of a member that was swapped it would be the restored data.
    case 'move': return act.ifThere === true;
    case 'upload':
    case 'start':
    case 'restartKubelet':
    case 'putBack': return false;
  }
}

/** The data directory that a step is about. */
function dataDirOf({ act, lane }: Step, plan: Plan): string | undefined {
  switch (act.do) {
    case 'stage': return keyOf({ host: act.host, dataDir: act.staging.dataDir });
    case 'stop':
    case 'start':
    case 'move': return keyOf(act.etcd);
    case 'park':
    case 'putBack': return keyOf(act.pod.seen);
    case 'restartKubelet':
    case 'upload': return undefined;
    case 'expect': {
      const move = stepsOf(plan).find(each => each.lane === lane && each.act.do === 'move');
      return move?.act.do === 'move' ? keyOf(move.act.etcd) : undefined;
    }
  }
}
