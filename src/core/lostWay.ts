import type { Action } from './action.js';
import { KnownError } from './errors.js';
import { lastEvents, type Entry } from './journal.js';
import { stepsOf, type Plan } from './plan.js';
import type { Probe, Verdict } from './probe.js';

/**
 * Refuses a way back whose moves and starts could not all be made, before it stops anything: old data may have been removed since, as
 * a person may do once the restored cluster is trusted. Asked anew whenever the way back is gone on with.
 * @throws KnownError WAY_BACK_MISSING or WAY_BACK_TAKEN, with the path.
 */
export async function refuseLostWay(back: Plan, past: readonly Entry[], holds: (probe: Probe) => Promise<Verdict>): Promise<void> {
  for (const probe of needsOf(await effectsLeft(back, past, holds))) {
    if ((await holds(probe)).holds) continue;
    const { path, host } = probe;
    throw probe.is === 'exists' ? new KnownError('WAY_BACK_MISSING', { path, host }) : new KnownError('WAY_BACK_TAKEN', { path, host });
  }
}

type Effect = Extract<Action, { readonly do: 'move' | 'start' | 'park' | 'putBack' }>;
type PathProbe = Extract<Probe, { readonly is: 'exists' | 'absent' | 'folder' }>;

/** Moves and starts that are not done yet; one that was begun, or failed, may be in place all the same. */
async function effectsLeft(back: Plan, past: readonly Entry[], holds: (probe: Probe) => Promise<Verdict>): Promise<readonly Effect[]> {
  const last = lastEvents(past);
  const left: Effect[] = [];
  for (const { id, act, done } of stepsOf(back)) {
    const event = last.get(id);
    if (!isEffect(act) || (act.do === 'move' && act.ifThere === true) || event === 'done' || (event !== undefined && (await holds(done)).holds)) continue;
    // Of a manifest whose way back was begun nobody knows from here in which of its two places it is; the step finds out.
    if (act.do !== 'putBack' || event === undefined) left.push(act);
  }
  return left;
}

const isEffect = (act: Action): act is Effect => act.do === 'move' || act.do === 'start' || act.do === 'park' || act.do === 'putBack';

/** What must hold before the first of these for all of them to succeed: what one takes away or puts there, the next finds so. */
function needsOf(effects: readonly Effect[]): readonly PathProbe[] {
  const becomes = new Map<string, 'there' | 'gone'>();
  return effects.flatMap((effect): readonly PathProbe[] => {
    if (effect.do === 'park' || effect.do === 'putBack') {
      const { host, parked, seen } = effect.pod;
      const missing = (path: string): readonly PathProbe[] => becomes.get(`${host} ${path}`) === 'there' ? [] : [{ is: 'exists', host, path }];
      const needs = effect.do === 'park' ? [] : [...missing(parked), ...effect.running && seen.memberDirs.length > 0 ? missing(`${seen.dataDir}/member`) : []];
      becomes.set(`${host} ${parked}`, effect.do === 'park' ? 'there' : 'gone');
      return needs;
    }
    const { etcd: { host, dataDir } } = effect;
    // etcd that finds no data would begin a new cluster.
    const from = effect.do === 'move' ? effect.from : `${dataDir}/member`;
    const source: readonly PathProbe[] = becomes.get(`${host} ${from}`) === 'there' ? [] : [{ is: 'exists', host, path: from }];
    if (effect.do === 'start') return source;
    const { to } = effect;
    const target: readonly PathProbe[] = becomes.get(`${host} ${to}`) === 'gone' ? [] : [{ is: 'absent', host, path: to }];
    becomes.set(`${host} ${from}`, 'gone').set(`${host} ${to}`, 'there');
    return [...source, { is: 'folder', host, path: to.slice(0, to.lastIndexOf('/')) }, ...target];
  });
}
