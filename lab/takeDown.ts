import { rm } from 'node:fs/promises';
import { removeBridge } from './bridge.js';
import { killMachine, unmountRoot } from './machine.js';
import { isOrphan, knownLabs } from './state.js';
import type { LabState } from './state.js';

/** Ends a lab and removes everything of it: processes, control groups, mounts, network, files. Can be repeated. */
export async function takeDown(lab: LabState): Promise<void> {
  await Promise.all(lab.hosts.map(async host => {
    await killMachine(host);
    await unmountRoot(host);
  }));
  await removeBridge(lab.name);
  await rm(lab.folder, { recursive: true, force: true });
}

/** Takes down the labs whose process is gone: a test that was killed takes nothing down itself. */
export async function takeDownOrphans(): Promise<LabState[]> {
  const orphans: LabState[] = [];
  for (const lab of await knownLabs()) if (await isOrphan(lab)) orphans.push(lab);
  for (const lab of orphans) await takeDown(lab);
  return orphans;
}
