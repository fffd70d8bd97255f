import type { ClusterDefinition } from '../../core/cluster/definition.js';
import { isKnown } from '../../core/errors.js';
import { isOpen, type RunRecord } from '../../core/journal.js';
import type { World } from '../world.js';
import { journalsFolder } from './machine.js';
import { journalsOnHosts, latest } from './runs.lazy.js';

/** The newest run on this cluster's data that was neither finished nor taken back, whoever began it: the data directories themselves are asked. */
export async function unfinishedRun({ hosts, context }: Pick<World, 'hosts' | 'context'>, cluster: ClusterDefinition, signal: AbortSignal): Promise<RunRecord | undefined> {
  const beside = await journalsOnHosts(hosts, cluster, signal).catch((error: unknown) => {
    signal.throwIfAborted();
    // What stands between here and a host, or makes a journal unfit, is said by the plan with all else that speaks against it.
    if (!isKnown(error) || error.code === 'CANCELLED') throw error;
    return [];
  });
  const open = beside.find(isOpen);
  return open === undefined ? undefined : latest(journalsFolder(context), open);
}
