import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmod, copyFile, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { EtcdVersion } from '../scripts/etcdVersions.js';
import { freePorts } from '../scripts/freePorts.js';
import type { ClusterDefinition } from '../src/core/cluster/definition.js';
import { fillCluster } from './fillCluster.js';
import { manifest, tour } from './tour.js';

/** How the demo is to be. */
export interface DemoOptions {
  /** Absolute; made if it is not there. All that the demo makes lies in it. */
  readonly dir: string;
  readonly etcd: EtcdVersion;
  /** A client and a peer port for each of three members; free ones unless told. */
  readonly ports?: readonly number[];
}

/** One member of the demo. */
export interface DemoMember {
  readonly name: string;
  readonly clientUrl: string;
  readonly peerUrl: string;
  readonly dataDir: string;
  /** Starts it and returns at once. */
  readonly start: readonly string[];
  /** Stops it and waits until it is gone. */
  readonly stop: readonly string[];
}

/** Three real members on loopback with data and a snapshot. */
export interface Demo {
  readonly dir: string;
  readonly etcd: EtcdVersion;
  readonly members: readonly DemoMember[];
  readonly endpoints: readonly string[];
  /** `--initial-cluster-token`. */
  readonly token: string;
  /** The folder to open in the editor: README.md tells the tour, etcd.yaml is a manifest of the first member. */
  readonly workspace: string;
  readonly snapshotFolder: string;
  /** The snapshot taken when all keys were there. */
  readonly snapshot: string;
  /** Number of keys that the snapshot holds. */
  readonly keys: number;
  /** User settings that spare the person what the demo knows: where its snapshots and its etcd's tools lie. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** The cluster as it stands in the settings once it was added. */
  readonly definition: ClusterDefinition;
  startMember(name: string): Promise<void>;
  stopMember(name: string): Promise<void>;
  /** Waits until all members serve. */
  untilHealthy(): Promise<void>;
  etcdctl(...args: readonly string[]): Promise<string>;
  /** Stops all members. What they wrote stays. */
  stop(): Promise<void>;
}

const run = promisify(execFile);
/** How long the members may take to find each other, in milliseconds. */
const patience = 60_000;

/** Starts the demo's cluster, fills it and takes a snapshot of it. */
export async function startDemo(options: DemoOptions): Promise<Demo> {
  const { dir, etcd } = options;
  const token = `demo-${randomUUID()}`;
  const members = describeMembers(dir, options.ports ?? await freePorts(6));
  const [workspace, snapshotFolder] = [path.join(dir, 'workspace'), path.join(dir, 'snapshots')];
  for (const folder of [workspace, snapshotFolder]) await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeMembers(dir, etcd, token, members);
  const demo = describeDemo({ dir, etcd, token, members, workspace, snapshotFolder });
  try {
    await Promise.all(members.map(member => demo.startMember(member.name)));
    await demo.untilHealthy();
    const keys = await fillCluster(demo.endpoints);
    await run(etcd.etcdctl, [`--endpoints=${demo.endpoints[0] ?? ''}`, 'snapshot', 'save', demo.snapshot], { env: environment() });
    await writeFile(path.join(workspace, 'README.md'), tour({ ...demo, keys }));
    await writeFile(path.join(workspace, 'etcd.yaml'), manifest({ ...demo, keys }));
    return { ...demo, keys };
  } catch (error) {
    await demo.stop();
    throw error;
  }
}

function describeMembers(dir: string, ports: readonly number[]): DemoMember[] {
  const script = path.join(dir, 'member.sh');
  return ['cp-1', 'cp-2', 'cp-3'].map((name, at) => ({
    name,
    clientUrl: `http://127.0.0.1:${ports[2 * at] ?? 0}`,
    peerUrl: `http://127.0.0.1:${ports[2 * at + 1] ?? 0}`,
    dataDir: path.join(dir, name),
    start: [script, 'start', name],
    stop: [script, 'stop', name],
  }));
}

/** The arguments of a member's etcd. */
export function etcdArguments(member: DemoMember, members: readonly DemoMember[], token: string): string[] {
  return [
    `--name=${member.name}`, `--data-dir=${member.dataDir}`,
    `--listen-client-urls=${member.clientUrl}`, `--advertise-client-urls=${member.clientUrl}`,
    `--listen-peer-urls=${member.peerUrl}`, `--initial-advertise-peer-urls=${member.peerUrl}`,
    `--initial-cluster=${members.map(one => `${one.name}=${one.peerUrl}`).join(',')}`,
    `--initial-cluster-token=${token}`, '--initial-cluster-state=new',
  ];
}

async function writeMembers(dir: string, etcd: EtcdVersion, token: string, members: readonly DemoMember[]): Promise<void> {
  await copyFile(path.join(import.meta.dirname, 'member.sh'), path.join(dir, 'member.sh'));
  await chmod(path.join(dir, 'member.sh'), 0o755);
  for (const member of members)
    await writeFile(path.join(dir, `${member.name}.args`), [etcd.etcd, ...etcdArguments(member, members, token), ''].join('\n'));
}

function describeDemo(made: Pick<Demo, 'dir' | 'etcd' | 'token' | 'members' | 'workspace' | 'snapshotFolder'>): Demo {
  const { members, etcd, snapshotFolder } = made;
  const endpoints = members.map(member => member.clientUrl);
  const control = async (name: string, verb: 'start' | 'stop'): Promise<void> => {
    const [file, ...args] = members.find(member => member.name === name)?.[verb] ?? [];
    if (file === undefined) throw new Error(`the demo has no member "${name}"`);
    await run(file, args, { env: environment() });
  };
  const etcdctl = async (...args: readonly string[]): Promise<string> =>
    (await run(etcd.etcdctl, [`--endpoints=${endpoints.join(',')}`, ...args], { env: environment(), maxBuffer: 1 << 28 })).stdout;
  return {
    ...made, endpoints, keys: 0,
    snapshot: path.join(snapshotFolder, 'before-the-loss.db'),
    settings: {
      'etcdRecovery.snapshotFolders': [snapshotFolder],
      'etcdRecovery.toolFolders': [path.dirname(etcd.etcd)],
    },
    definition: {
      name: 'demo', run: 'commands', snapshotFolders: [snapshotFolder],
      members: members.map(({ name, clientUrl, peerUrl, dataDir, start, stop }) =>
        ({ name, host: 'local', clientUrls: [clientUrl], peerUrls: [peerUrl], dataDir, start, stop })),
    },
    etcdctl,
    startMember: name => control(name, 'start'),
    stopMember: name => control(name, 'stop'),
    untilHealthy: () => untilHealthy(() => etcdctl('endpoint', 'health', '--command-timeout=2s')),
    stop: async () => { await Promise.all(members.map(member => control(member.name, 'stop'))); },
  };
}

async function untilHealthy(look: () => Promise<unknown>): Promise<void> {
  for (const end = Date.now() + patience; ;) {
    try {
      await look();
      return;
    } catch (error) {
      if (Date.now() > end) throw error;
      await sleep(100);
    }
  }
}

const environment = (): NodeJS.ProcessEnv =>
  ({ ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^ETCD(CTL)?_/.test(name))), ETCDCTL_API: '3' });
