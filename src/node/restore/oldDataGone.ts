import { isKnown } from '../../core/errors.js';
import { said } from '../../core/host/outcome.js';
import { goneScript } from '../../core/host/probeScripts.js';
import type { RunRecord } from '../../core/journal.js';
import { hostOf, type World } from './hands.js';
import { subjectOf } from './subjectOf.js';

/** Old data of a finished run that is not where it was put aside any more, by path; a host that cannot be asked tells of none. */
export async function oldDataGone(world: Pick<World, 'hosts'>, record: RunRecord, signal: AbortSignal): Promise<readonly string[]> {
  const gone = await Promise.all(subjectOf(record).members.map(async ({ host, oldData }) =>
    oldData !== undefined && await isGone(world, host, oldData, signal) ? [oldData] : []));
  return gone.flat();
}

async function isGone(world: Pick<World, 'hosts'>, host: string, path: string, signal: AbortSignal): Promise<boolean> {
  try {
    return said((await hostOf(world, host).run(goneScript(path), { signal })).stdout)?.code === 'HOLDS';
  } catch (error) {
    if (signal.aborted || isKnown(error)) return false;
    throw error;
  }
}
