import type { Lab, LabHost, LabOptions } from '../../lab/lab.js';
import { startLab } from '../../lab/startLab.js';
import { until } from '../../lab/until.js';

/** How long a lab may take to start or to end, in milliseconds. */
export const patience = 300_000;

/** Gives a suite labs that are taken down after its last test. Call it inside `describe`. */
export function labs(): (options?: LabOptions) => Promise<Lab> {
  const started: Lab[] = [];
  after(async function () {
    this.timeout(patience);
    await Promise.all(started.map(lab => lab[Symbol.asyncDispose]()));
  });
  return async options => {
    const lab = await startLab(options);
    started.push(lab);
    return lab;
  };
}

/** Waits until a host runs as many etcd processes as told. */
export async function untilEtcdRuns(lab: Lab, host: LabHost, count: 0 | 1): Promise<void> {
  await untilStandIn(lab, host, `etcd is to ${count === 1 ? 'run' : 'be gone'}`, async () => (await etcdPid(lab, host) !== undefined) === (count === 1));
}

/** Waits until something holds on a host; when it does not, says what the kubelet stand-in has logged. */
export async function untilStandIn(lab: Lab, host: LabHost, what: string, holds: () => Promise<boolean>): Promise<void> {
  await until(`${host.name}: ${what}`, async () => {
    if (!await holds()) throw new Error(await standInLog(lab, host));
  });
}

/** The id of a host's etcd process as the host sees it. */
export async function etcdPid(lab: Lab, host: LabHost): Promise<number | undefined> {
  const { code, stdout } = await lab.exec(host, ['pidof', 'etcd'], { anyCode: true });
  return code === 0 ? Number(stdout) : undefined;
}

/** What the kubelet stand-in of a host has logged. */
export const standInLog = async (lab: Lab, host: LabHost): Promise<string> =>
  (await lab.exec(host, ['journalctl', '-u', 'kubelet-stand-in', '--no-pager', '-o', 'cat'])).stdout;

/** The host at a place, which the lab must have. */
export function hostAt(lab: Lab, at: number): LabHost {
  const host = lab.hosts[at];
  if (host === undefined) throw new Error(`the lab has no host ${at}`);
  return host;
}
