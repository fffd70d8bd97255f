import type { Host } from '../../core/host/host.js';
import { KnownError } from '../../core/errors.js';
import type { HostFolder } from '../../core/snapshot/hostSnapshots.js';
import type { Clusters } from '../clusters/index.js';
import type { World } from '../world.js';
import { onHost } from './onHost.js';
import type { Verdict } from './verdicts.js';

/** The host that a definition names. */
export function hostNamed({ hosts }: Pick<World, 'hosts'>, name: string): Host {
  const host = hosts.get(name);
  if (host === undefined) throw new KnownError('HOST_UNKNOWN', { host: name });
  return host;
}

/** Lists the folder anew, and remembers what is known of a file that was put there. */
export async function rememberOnHost({ hostListings, verdicts }: Clusters, place: HostFolder, path: string, verdict: Omit<Verdict, 'size' | 'mtimeMs'> | undefined): Promise<void> {
  const { listing } = await hostListings.ask(place);
  const entry = listing?.entries.find(each => each.path === path);
  if (entry === undefined || verdict === undefined) return;
  const { size, mtimeMs } = entry;
  await verdicts.remember(onHost(place.host, entry).path, { ...verdict, size, mtimeMs });
}
