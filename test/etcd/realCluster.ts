import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { compareVersions, etcdVersions } from '../../scripts/etcdVersions.js';
import type { EtcdVersion } from '../../scripts/etcdVersions.js';
import { freePorts } from '../../scripts/freePorts.js';
import { makeCertificates } from './certificates.js';
import type { Certificates } from './certificates.js';
import { RealMember, withoutEtcdVariables } from './realMember.js';

/** How a real cluster is to be. */
export interface RealClusterOptions {
  /** The newest at hand unless told. */
  readonly version?: EtcdVersion;
  /** Number of members; 1 unless told. */
  readonly size?: 1 | 3 | 5;
  /** Mutual TLS on client and peer ports, with certificates as kubeadm makes them. */
  readonly tls?: boolean;
  /** Turns authentication on, with this password for `root`. */
  readonly rootPassword?: string;
  /** Spares the flushes to disk, for tests whose subject they are not; from 3.5 on, ignored before. */
  readonly noFsync?: boolean;
  /** Further flags of every member. */
  readonly flags?: readonly string[];
}

type VersionedOptions = RealClusterOptions & { readonly version: EtcdVersion };

/** A running cluster of real etcd processes on loopback ports, in a temporary folder of its own. */
export interface RealCluster extends AsyncDisposable {
  readonly version: EtcdVersion;
  /** Temporary folder, removed at the end; a place for what a test makes. */
  readonly dir: string;
  readonly members: readonly RealMember[];
  readonly token: string;
  /** `--initial-cluster`. */
  readonly initialCluster: string;
  readonly certificates?: Certificates;
  readonly rootPassword?: string;
  /** The arguments (certificates, user) that every etcdctl call needs, without endpoints. */
  readonly clientFlags: readonly string[];
  /** Runs the version's own etcdctl against all members and returns what it prints. Rejects with its message. */
  etcdctl(...args: readonly string[]): Promise<string>;
  /** The same against one member. */
  etcdctlAt(member: RealMember, ...args: readonly string[]): Promise<string>;
  /** Waits until every running member answers a linearizable read. */
  untilHealthy(): Promise<void>;
}

const run = promisify(execFile);
/** How long a cluster may take to elect a leader and serve, in milliseconds. */
const patience = 60_000;

/** Starts a cluster and waits until all its members are healthy. */
export async function startRealCluster({ version = etcdVersions().at(-1), ...others }: RealClusterOptions): Promise<RealCluster> {
  if (version === undefined) throw new Error('no etcd is at hand');
  const options = { ...others, version };
  const dir = await mkdtemp(path.join(tmpdir(), 'etcd-cluster-'));
  const certificates = options.tls === true ? await makeCertificates(path.join(dir, 'pki')) : undefined;
  const token = `test-${randomUUID()}`;
  const members = await makeMembers(options, dir, token, certificates);
  const stopAtExit = (): void => { for (const member of members) if (member.pid !== undefined) process.kill(member.pid, 'SIGKILL'); };
  // One listener for each cluster, and a suite may hold many.
  process.setMaxListeners(Math.max(process.getMaxListeners(), 200));
  process.once('exit', stopAtExit);
  const dispose = async (): Promise<void> => {
    await Promise.all(members.map(member => member.kill()));
    process.off('exit', stopAtExit);
    await rm(dir, { recursive: true, force: true });
  };
  try {
    const cluster = describeCluster(options, dir, token, members, certificates, dispose);
    await Promise.all(members.map(member => member.start()));
    await untilHealthy({ ...cluster, clientFlags: certificateFlags(certificates) });
    if (options.rootPassword !== undefined) await enableAuth(cluster, options.rootPassword);
    return cluster;
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** Gives a suite clusters that are stopped and removed after its last test. Call it inside `describe`. */
export function realClusters(): (options?: RealClusterOptions) => Promise<RealCluster> {
  const started: RealCluster[] = [];
  after(async function () {
    this.timeout(patience);
    await Promise.all(started.map(cluster => cluster[Symbol.asyncDispose]()));
  });
  return async (options = {}) => {
    const cluster = await startRealCluster(options);
    started.push(cluster);
    return cluster;
  };
}

async function makeMembers(options: VersionedOptions, dir: string, token: string, certificates: Certificates | undefined): Promise<RealMember[]> {
  const size = options.size ?? 1;
  const ports = await freePorts(2 * size);
  const scheme = certificates === undefined ? 'http' : 'https';
  const places = Array.from({ length: size }, (_, at) => ({
    name: `m${at + 1}`,
    clientUrl: `${scheme}://127.0.0.1:${ports[2 * at] ?? 0}`,
    peerUrl: `${scheme}://127.0.0.1:${ports[2 * at + 1] ?? 0}`,
    dataDir: path.join(dir, `m${at + 1}`),
    logFile: path.join(dir, `m${at + 1}.log`),
  }));
  const initialCluster = places.map(({ name, peerUrl }) => `${name}=${peerUrl}`).join(',');
  return places.map(place => new RealMember({
    ...place,
    etcd: options.version.etcd,
    flags: [
      `--name=${place.name}`, `--data-dir=${place.dataDir}`,
      `--listen-client-urls=${place.clientUrl}`, `--advertise-client-urls=${place.clientUrl}`,
      `--listen-peer-urls=${place.peerUrl}`, `--initial-advertise-peer-urls=${place.peerUrl}`,
      `--initial-cluster=${initialCluster}`, `--initial-cluster-token=${token}`, '--initial-cluster-state=new',
      ...serverCertificateFlags(certificates),
      ...(options.noFsync === true && compareVersions(options.version.version, '3.5.0') >= 0 ? ['--unsafe-no-fsync'] : []),
      ...(options.flags ?? []),
    ],
  }));
}

function serverCertificateFlags(certificates: Certificates | undefined): string[] {
  if (certificates === undefined) return [];
  const { caFile, server, peer } = certificates;
  return [
    `--cert-file=${server.certFile}`, `--key-file=${server.keyFile}`, `--trusted-ca-file=${caFile}`, '--client-cert-auth=true',
    `--peer-cert-file=${peer.certFile}`, `--peer-key-file=${peer.keyFile}`, `--peer-trusted-ca-file=${caFile}`, '--peer-client-cert-auth=true',
  ];
}

function certificateFlags(certificates: Certificates | undefined): string[] {
  if (certificates === undefined) return [];
  return [`--cacert=${certificates.caFile}`, `--cert=${certificates.client.certFile}`, `--key=${certificates.client.keyFile}`];
}

function describeCluster(options: VersionedOptions, dir: string, token: string, members: readonly RealMember[],
  certificates: Certificates | undefined, dispose: () => Promise<void>): RealCluster {
  const { version, rootPassword } = options;
  const clientFlags = [...certificateFlags(certificates), ...(rootPassword === undefined ? [] : [`--user=root:${rootPassword}`])];
  const cluster: RealCluster = {
    version, dir, token, members, clientFlags,
    initialCluster: members.map(({ name, peerUrl }) => `${name}=${peerUrl}`).join(','),
    ...(certificates === undefined ? {} : { certificates }),
    ...(rootPassword === undefined ? {} : { rootPassword }),
    etcdctl: (...args) => etcdctl(cluster, members, args),
    etcdctlAt: (member, ...args) => etcdctl(cluster, [member], args),
    untilHealthy: () => untilHealthy(cluster),
    [Symbol.asyncDispose]: dispose,
  };
  return cluster;
}

type Reachable = Pick<RealCluster, 'version' | 'members' | 'clientFlags'>;

async function etcdctl(cluster: Reachable, members: readonly RealMember[], args: readonly string[]): Promise<string> {
  const endpoints = members.map(member => member.clientUrl).join(',');
  const { stdout } = await run(cluster.version.etcdctl, [`--endpoints=${endpoints}`, ...cluster.clientFlags, ...args],
    { env: { ...withoutEtcdVariables(), ETCDCTL_API: '3' }, maxBuffer: 1 << 28 });
  return stdout;
}

async function untilHealthy(cluster: Reachable): Promise<void> {
  const end = Date.now() + patience;
  for (;;) {
    const running = cluster.members.filter(member => member.pid !== undefined);
    if (running.length === 0) throw new Error(`no member runs any more:\n${await lastLines(cluster.members)}`);
    try {
      await etcdctl(cluster, running, ['endpoint', 'health', '--command-timeout=2s']);
      return;
    } catch (error) {
      if (Date.now() > end) throw new Error(`not healthy within ${patience} ms:\n${await lastLines(cluster.members)}`, { cause: error });
      await sleep(100);
    }
  }
}

async function lastLines(members: readonly RealMember[]): Promise<string> {
  const logs = await Promise.all(members.map(async member => `${member.name}: ${(await member.log()).split('\n').slice(-6).join('\n')}`));
  return logs.join('\n');
}

async function enableAuth(cluster: RealCluster, password: string): Promise<void> {
  const open = { ...cluster, clientFlags: certificateFlags(cluster.certificates) };
  await etcdctl(open, cluster.members, ['user', 'add', `root:${password}`]);
  await etcdctl(open, cluster.members, ['user', 'grant-role', 'root', 'root']).catch(async () => {
    await etcdctl(open, cluster.members, ['role', 'add', 'root']);
    await etcdctl(open, cluster.members, ['user', 'grant-role', 'root', 'root']);
  });
  await etcdctl(open, cluster.members, ['auth', 'enable']);
  await untilHealthy(cluster);
}
