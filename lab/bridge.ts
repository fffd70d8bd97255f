import { networkInterfaces } from 'node:os';
import { run } from './run.js';

/** A lab's network: a bridge on this machine, whose name reserves its addresses. */
export interface Bridge {
  readonly name: string;
  /** Third byte of the addresses 10.213.N.0/24. */
  readonly subnet: number;
}

/** The address of a host in a lab's network, or of this machine (0). */
export const addressIn = (subnet: number, at: number): string => `10.213.${subnet}.${at === 0 ? 1 : 10 + at}`;

/** Makes a bridge with free addresses. Making it is the reservation: the kernel refuses a name twice. */
export async function makeBridge(signal?: AbortSignal): Promise<Bridge> {
  const abort = signal === undefined ? {} : { signal };
  const routes = (await run(['ip', '-4', 'route', 'show', 'table', 'all'], abort)).stdout;
  for (let subnet = 1; subnet < 255; subnet++) {
    const name = `etcdlab${subnet}`;
    if (routes.includes(` 10.213.${subnet}.`) || networkInterfaces()[name] !== undefined) continue;
    if ((await run(['ip', 'link', 'add', name, 'type', 'bridge'], { ...abort, anyCode: true })).code !== 0) continue;
    await run(['ip', 'address', 'add', `${addressIn(subnet, 0)}/24`, 'dev', name]);
    await run(['ip', 'link', 'set', name, 'up']);
    return { name, subnet };
  }
  throw new Error('none of the networks 10.213.1.0/24 to 10.213.254.0/24 is free, or this machine allows no bridge');
}

/** Removes a bridge; one that is gone is no error. */
export async function removeBridge(name: string): Promise<void> {
  const { code, stderr } = await run(['ip', 'link', 'delete', name], { anyCode: true });
  if (code !== 0 && !stderr.includes('Cannot find device')) throw new Error(`the bridge ${name} stays: ${stderr.trim()}`);
}

/** This machine's end of a host's network cable. */
export const cableOf = (machine: string): string => `vb-${machine}`;

/** Name of a host's machine: short, since the kernel takes 15 letters for the name of its cable. */
export const machineName = (subnet: number, host: string): string => `el${subnet}-${host}`;
