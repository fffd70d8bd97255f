import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { etcdVersions } from '../scripts/etcdVersions.js';
import { kubernetes } from '../scripts/kubernetesFromSource.js';
import type { Kubernetes } from '../scripts/kubernetesFromSource.js';
import { baseImage } from './baseImage.js';
import { addressIn, machineName, makeBridge, removeBridge } from './bridge.js';
import type { Bridge } from './bridge.js';
import { etcdOf, growEtcd, startControlPlane } from './cluster.js';
import { etcdImage, imagesFolder, kubernetesImage, makeImage } from './images.js';
import type { Image } from './images.js';
import { makeKeys } from './keys.js';
import { kubeconfig } from './kubeconfig.js';
import type { Lab, LabOptions } from './lab.js';
import { loadImages } from './loadImages.js';
import { bootMachine, mountRoot } from './machine.js';
import { openLab } from './openLab.js';
import { makeAuthorities } from './pki.js';
import { prepareHost } from './prepareHost.js';
import { labsFolder, saveState, startOf } from './state.js';
import type { LabState } from './state.js';
import { takeDown, takeDownOrphans } from './takeDown.js';

/**
 * Starts a lab and returns once its cluster is healthy. A lab that cannot be started leaves nothing behind. Needs what
 * `labMissing` looks for.
 */
export async function startLab(options: LabOptions = {}): Promise<Lab> {
  const report = options.report ?? (() => undefined);
  await takeDownOrphans();
  const control = options.withoutApiServer === true ? undefined : kubernetes();
  if (control === undefined && options.withoutApiServer !== true) throw new Error('there is no Kubernetes in the cache: scripts/setup.sh builds it where there is go');
  const etcd = etcdOf(options.etcd ?? newest35());
  const images = [etcdImage(etcd), ...controlImages(control, options.controllers === true)];
  const base = await baseImage(report, options.signal);
  for (const image of images) await makeImage(image, report);
  const state = await reserve(options, etcd.version);
  try {
    await makeLab(state, base, images, control, options, report);
    return openLab(state);
  } catch (error) {
    await takeDown(state);
    throw error;
  }
}

const newest35 = (): string => etcdVersions().findLast(({ version }) => version.startsWith('3.5.'))?.version ?? etcdVersions().at(-1)?.version ?? 'none';

function controlImages(control: Kubernetes | undefined, controllers: boolean): Image[] {
  if (control === undefined) return [];
  return [control.apiServer, ...(controllers ? [control.controllerManager, control.scheduler] : [])].map(program => kubernetesImage(control, program));
}

/** Takes a free network and writes the lab down, before anything is started: whatever happens next, it can be taken down. */
async function reserve(options: LabOptions, etcdVersion: string): Promise<LabState> {
  const bridge = await makeBridge(options.signal);
  try {
    const state = describe(options, etcdVersion, bridge);
    await mkdir(path.join(state.folder, 'hosts'), { recursive: true, mode: 0o700 });
    const owner = { pid: process.pid, started: await startOf(process.pid) ?? '' };
    const owned = options.lasting === true ? state : { ...state, owner };
    await saveState(owned);
    return owned;
  } catch (error) {
    await removeBridge(bridge.name);
    throw error;
  }
}

function describe(options: LabOptions, etcdVersion: string, bridge: Bridge): LabState {
  const folder = path.join(labsFolder(), bridge.name);
  const hosts = Array.from({ length: options.hosts ?? 3 }, (_, at) => {
    const name = `cp-${at + 1}`;
    const own = path.join(folder, 'hosts', name);
    return { name, address: addressIn(bridge.subnet, at + 1), machine: machineName(bridge.subnet, name), folder: own, root: path.join(own, 'root') };
  });
  return {
    name: bridge.name, folder, subnet: bridge.subnet, etcdVersion, hosts,
    runtime: options.runtime ?? 'containerd', apiServer: options.withoutApiServer !== true, controllers: options.controllers === true,
    fileCheckSeconds: options.fileCheckSeconds ?? 20,
    ...(options.diskMegabytes === undefined ? {} : { diskMegabytes: options.diskMegabytes }),
  };
}

async function makeLab(state: LabState, base: string, images: readonly Image[], control: Kubernetes | undefined, options: LabOptions,
  report: (line: string) => void): Promise<void> {
  const { signal } = options;
  report(`Making ${state.hosts.length === 1 ? 'a host' : `${state.hosts.length} hosts`} on ${state.name}.`);
  await mkdir(path.join(state.folder, 'pki'), { recursive: true, mode: 0o700 });
  for (const host of state.hosts) {
    await mkdir(host.folder, { recursive: true });
    await mountRoot(state, host, base);
  }
  await Promise.all([makeAuthorities(path.join(state.folder, 'pki')), makeKeys(state)]);
  const server = `https://${state.hosts[0]?.address ?? ''}:6443`;
  await writeFile(path.join(state.folder, 'admin.conf'), await kubeconfig(path.join(state.folder, 'pki'), 'admin', server), { mode: 0o600 });
  const [first, ...rest] = images;
  await Promise.all(state.hosts.map(async host => {
    await prepareHost(state, host);
    await bootMachine(state, host, imagesFolder(), signal);
    await loadImages(state, host, first === undefined ? [] : [first], signal);
  }));
  await Promise.all([growEtcd(state, report, signal), ...state.hosts.map(host => loadImages(state, host, rest, signal))]);
  if (control !== undefined) await startControlPlane(state, control.version, report, signal);
}
