import path from 'node:path';
import { etcdVersions } from '../scripts/etcdVersions.js';
import type { EtcdVersion } from '../scripts/etcdVersions.js';
import { kubernetes } from '../scripts/kubernetesFromSource.js';
import { etcdManifest } from './etcdManifest.js';
import { apiServerManifest, controllerManagerManifest, schedulerManifest } from './controlPlaneManifests.js';
import { execIn } from './machine.js';
import { run } from './run.js';
import type { HostState, LabState } from './state.js';
import { until } from './until.js';

/** The binaries of a lab's etcd on this machine. */
export function etcdOf(version: string): EtcdVersion {
  const found = etcdVersions().find(one => one.version === version);
  if (found === undefined) throw new Error(`etcd ${version} is not at hand; there are: ${etcdVersions().map(one => one.version).join(', ')}`);
  return found;
}

/** Runs the lab's etcdctl against some hosts and returns what it prints. */
export async function etcdctl(lab: LabState, args: readonly string[], hosts: readonly HostState[], signal?: AbortSignal): Promise<string> {
  const pki = path.join(lab.folder, 'pki/etcd');
  const flags = [`--endpoints=${hosts.map(({ address }) => `https://${address}:2379`).join(',')}`, `--cacert=${pki}/ca.crt`, `--cert=${pki}/client.crt`, `--key=${pki}/client.key`];
  const env = { PATH: process.env['PATH'], ETCDCTL_API: '3' };
  return (await run([etcdOf(lab.etcdVersion).etcdctl, ...flags, ...args], { env, ...(signal === undefined ? {} : { signal }) })).stdout;
}

/** Puts a file into a host's manifest directory, whole at once, as kubeadm's modes are. */
export async function putManifest(host: HostState, name: string, text: string): Promise<void> {
  const script = 'umask 077 && cat > /etc/kubernetes/.new-manifest && mv /etc/kubernetes/.new-manifest "/etc/kubernetes/manifests/$1"';
  await execIn(host, ['sh', '-c', script, 'sh', name], { input: text });
}

/** Makes the cluster as kubeadm does: the first member alone, then each host joins what is there. */
export async function growEtcd(lab: LabState, report: (line: string) => void, signal?: AbortSignal): Promise<void> {
  for (const [at, host] of lab.hosts.entries()) {
    report(`Starting etcd ${lab.etcdVersion} on ${host.name}.`);
    const before = lab.hosts.slice(0, at);
    if (before.length > 0)
      await until(`adding the member ${host.name}`, () => addMember(lab, host, before, signal), signal);
    await putManifest(host, 'etcd.yaml', etcdManifest({ version: lab.etcdVersion, ...host, known: lab.hosts.slice(0, at + 1) }));
    await untilEtcdHealthy(lab, lab.hosts.slice(0, at + 1), signal);
  }
}

async function addMember(lab: LabState, host: HostState, before: readonly HostState[], signal?: AbortSignal): Promise<void> {
  // An addition may have been answered too late the first time.
  if ((await etcdctl(lab, ['member', 'list'], before, signal)).includes(`https://${host.address}:2380`)) return;
  await etcdctl(lab, ['member', 'add', host.name, `--peer-urls=https://${host.address}:2380`], before, signal);
}

/** Waits until each of these hosts' members answers a linearizable read, and all members it knows have started. */
export async function untilEtcdHealthy(lab: LabState, hosts: readonly HostState[], signal?: AbortSignal): Promise<void> {
  await until('a healthy etcd', async () => {
    await etcdctl(lab, ['endpoint', 'health', '--command-timeout=3s'], hosts, signal);
    const members = (await etcdctl(lab, ['member', 'list'], hosts, signal)).trim().split('\n');
    const started = members.filter(line => line.includes(', started, '));
    if (started.length < Math.max(hosts.length, members.length)) throw new Error(`members: ${members.join('; ')}`);
  }, signal).catch(async (error: unknown) => {
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n${await standInLines(hosts)}`, { cause: error });
  });
}

/** The last lines of the hosts' kubelet stand-ins: why a pod does not run. */
async function standInLines(hosts: readonly HostState[]): Promise<string> {
  const lines = await Promise.all(hosts.map(async host => {
    const argv = ['journalctl', '-u', 'kubelet-stand-in', '--no-pager', '-o', 'cat', '-n', '5'];
    return `${host.name}: ${await execIn(host, argv).then(({ stdout }) => stdout, String)}`;
  }));
  return lines.join('\n');
}

/** Starts the API servers, and the controllers where the lab has them. */
export async function startControlPlane(lab: LabState, version: string, report: (line: string) => void, signal?: AbortSignal): Promise<void> {
  report(`Starting kube-apiserver ${version} on ${lab.hosts.length === 1 ? '1 host' : `${lab.hosts.length} hosts`}.`);
  await Promise.all(lab.hosts.map(async host => {
    const plane = { version, address: host.address };
    await putManifest(host, 'kube-apiserver.yaml', apiServerManifest(plane));
    if (!lab.controllers) return;
    await putManifest(host, 'kube-controller-manager.yaml', controllerManagerManifest(plane));
    await putManifest(host, 'kube-scheduler.yaml', schedulerManifest(plane));
  }));
  await untilApiReady(lab, lab.hosts, signal);
}

/** Waits until the API servers of these hosts say they are ready, through the hosts' own addresses. */
export async function untilApiReady(lab: LabState, hosts: readonly HostState[], signal?: AbortSignal): Promise<void> {
  await Promise.all(hosts.map(host => until(`the API server of ${host.name}`, async () => {
    const said = await kubectl(lab, ['--server', `https://${host.address}:6443`, 'get', '--raw', '/readyz'], signal);
    if (said.trim() !== 'ok') throw new Error(said);
  }, signal, 180_000)));
}

/** kubectl as the lab's administrator. */
export async function kubectl(lab: LabState, args: readonly string[], signal?: AbortSignal): Promise<string> {
  const program = kubernetes()?.kubectl ?? 'kubectl';
  const argv = [program, '--kubeconfig', path.join(lab.folder, 'admin.conf'), '--request-timeout=20s', ...args];
  return (await run(argv, signal === undefined ? {} : { signal })).stdout;
}
