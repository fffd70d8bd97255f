import { join } from 'node:path';
import { usualManifestDir, type ClusterDefinition, type MemberDefinition } from '../../core/cluster/definition.js';
import { endpointOf } from '../../core/cluster/endpointOf.js';
import type { EndpointStatus, EtcdEndpoint, MemberList } from '../../core/cluster/status.js';
import { readManifest } from '../../core/config/readManifest.js';
import { isKnown, KnownError, type ErrorCode, type Message } from '../../core/errors.js';
import { failureOf } from '../../core/host/outcome.js';
import type { Host, HostScript } from '../../core/host/host.js';
import { isOpen, latestOfEach, standing, type RunRecord } from '../../core/journal.js';
import { diskScript, imageToolScript, manifestScript, readDisk, readManifestFiles, readMachine, readTools, revisionScript, toolScript } from '../../core/restore/factScripts.js';
import type { DiskFacts, LiveCluster, MemberFacts, PodFacts, Raise, RestoreFacts, SnapshotFacts, ToolFacts } from '../../core/restore/facts.js';
import { socketsOf } from '../../core/restore/sockets.js';
import { isRestoreSubject } from '../../core/restore/subject.js';
import type { LastRevision } from '../../core/snapshot/report.js';
import type { ConnectMember } from '../etcd/connectMember.js';
import { hostOf, type Hosts } from './hands.js';
import { journalsBeside } from './journalsBeside.js';
import { fingerprint } from './sameFileHere.js';

/** What facts are gathered with; nothing here changes anything. */
export interface Sources {
  readonly hosts: Hosts;
  readonly connect: ConnectMember;
  /** Folders searched for etcdutl and etcdctl before the PATH, on every host. */
  readonly toolFolders: readonly string[];
  /** Reads the greatest revision of a database of this machine that nobody has open. */
  /** What the editor's own journals tell of, of any cluster. */
  readonly earlierRuns?: readonly RunRecord[];
  readonly lastRevision: (path: string, signal: AbortSignal) => Promise<LastRevision>;
}

/** Asks every host and every member side by side; one that does not answer is a fact too. */
export async function gatherFacts(sources: Sources, cluster: ClusterDefinition, snapshot: SnapshotFacts, signal: AbortSignal): Promise<RestoreFacts> {
  const names = [...new Set(cluster.members.map(member => member.host))];
  const [answers, copies, told] = await Promise.all([
    Promise.all(cluster.members.map(member => askEtcd(sources, cluster, member, signal))),
    names.includes('local') ? [] : toolsHere(sources, signal),
    Promise.all(names.map(async name => [name, await orSilence(() => askHost(sources, cluster, name, signal), signal)] as const)),
  ]);
  const hosts = new Map(told.flatMap(([name, answer]) => 'silent' in answer ? [] : [[name, answer] as const]));
  const members = await Promise.all(cluster.members.flatMap((member, at) => {
    const answer = answers[at], host = hosts.get(member.host);
    return answer === undefined || host === undefined ? [] : [memberFacts(sources, member, answer, host, signal)];
  }));
  const beside = [...hosts.values()].flatMap(({ disks }) => [...disks.values()].flatMap(({ runs }) => runs));
  const open = new Set(latestOfEach(beside).filter(isOpen).map(({ opening }) => opening.plan.run));
  const live = liveCluster(answers);
  const own = (sources.earlierRuns ?? []).filter(({ opening }) => opening.plan.cluster === cluster.name);
  return {
    cluster, snapshot, ...(live === undefined ? {} : { live }), ...raisedBefore([...own, ...beside]),
    // A host that was lost at the last line of a run still has it as open.
    members: members.map(member => ({ ...member, disk: { ...member.disk, openRuns: member.disk.openRuns.filter(run => open.has(run)) } })),
    tools: new Map([...copies, ...[...hosts].map(([name, { tools }]) => [name, tools] as const)]),
    machines: new Map([...hosts].map(([name, { machine }]) => [name, machine])),
    silentHosts: new Map(told.flatMap(([name, answer]) => 'silent' in answer ? [[name, answer.silent] as const] : [])),
  };
}

/** What one host tells of all its members. */
interface HostAnswer {
  readonly disks: ReadonlyMap<string, { readonly disk: DiskFacts; readonly runs: readonly RunRecord[] }>;
  readonly tools: readonly ToolFacts[];
  readonly machine: string;
  readonly pods?: PodFacts;
}

async function orSilence<T>(ask: () => Promise<T>, signal: AbortSignal): Promise<T | { readonly silent: Message<ErrorCode> }> {
  try {
    return await ask();
  } catch (error) {
    signal.throwIfAborted();
    // Anything that is not an answer of the host, or of the way to it, is a bug of ours.
    if (!isKnown(error) || error.code === 'CANCELLED') throw error;
    return { silent: { code: error.code, args: error.args } };
  }
}

async function askHost(sources: Sources, cluster: ClusterDefinition, name: string, signal: AbortSignal): Promise<HostAnswer> {
  const host = hostOf(sources, name);
  const members = cluster.members.filter(member => member.host === name);
  const [disks, tools, pods] = await Promise.all([
    Promise.all(members.map(async member => [member.name, await askDisk(host, member, signal)] as const)),
    ask(host, toolScript(sources.toolFolders), signal),
    cluster.run === 'staticPod' ? askPods(host, cluster.manifestDir ?? usualManifestDir, signal) : undefined,
  ]);
  const image = pods?.manifests.find(({ pod }) => pod === 'etcd')?.image;
  const [first] = members;
  const inImage = image === undefined || first === undefined ? [] : readTools(await ask(host, imageToolScript(image, first.dataDir), signal));
  return { disks: new Map(disks), tools: [...readTools(tools), ...inImage], machine: readMachine(tools), ...(pods === undefined ? {} : { pods }) };
}

async function ask(host: Host, script: HostScript, signal: AbortSignal): Promise<string> {
  const outcome = await host.run(script, { signal });
  if (outcome.code !== 0) throw failureOf(host.name, outcome);
  return outcome.stdout;
}

async function askDisk(host: Host, member: MemberDefinition, signal: AbortSignal): Promise<{ readonly disk: DiskFacts; readonly runs: readonly RunRecord[] }> {
  const etcd = { host: member.host, dataDir: member.dataDir, memberDirs: ['member'], sockets: socketsOf([...member.clientUrls, ...member.peerUrls]) };
  const [stdout, runs] = await Promise.all([ask(host, diskScript(etcd), signal), journalsBeside(host, member.dataDir)]);
  return { disk: { ...readDisk(stdout), openRuns: runs.filter(isOpen).map(record => record.opening.plan.run) }, runs };
}

async function askPods(host: Host, dir: string, signal: AbortSignal): Promise<PodFacts> {
  const { files, ...place } = readManifestFiles(await ask(host, manifestScript(dir), signal));
  return { dir, ...place, manifests: files.map(({ file, sha256, base64 }) => readManifest({ file, sha256, text: Buffer.from(base64, 'base64').toString('utf8') })) };
}

async function memberFacts(sources: Sources, member: MemberDefinition, answer: Answer, host: HostAnswer, signal: AbortSignal): Promise<MemberFacts> {
  const disk = host.disks.get(member.name)?.disk;
  if (disk === undefined) throw new KnownError('HOST_UNKNOWN', { host: member.host });
  const unknown = answer.status === undefined && disk.dbSize > 0 && disk.heldBy.length === 0;
  const revisionOnDisk = unknown ? await revisionOf(sources, member, host.tools, signal) : undefined;
  return {
    name: member.name, disk,
    ...(answer.status !== undefined ? { status: answer.status } : answer.reason === undefined ? {} : { silent: answer.reason }),
    ...(revisionOnDisk === undefined ? {} : { revisionOnDisk }),
    ...(host.pods === undefined ? {} : { pods: host.pods }),
  };
}

/** Tools of this machine that hosts without one could be given. */
async function toolsHere(sources: Sources, signal: AbortSignal): Promise<readonly (readonly [string, readonly ToolFacts[]])[]> {
  if (process.platform !== 'linux') return [];
  const tools = readTools(await ask(hostOf(sources, 'local'), toolScript(sources.toolFolders), signal)).filter(({ canRestore }) => canRestore);
  return [['local', await Promise.all(tools.map(async tool => ({ ...tool, copy: await fingerprint(tool.path, signal) })))]];
}

interface Answer {
  readonly status?: EndpointStatus;
  readonly list?: MemberList;
  readonly healthy: boolean;
  readonly reason?: Message<ErrorCode>;
}

async function askEtcd(sources: Sources, cluster: ClusterDefinition, member: MemberDefinition, signal: AbortSignal): Promise<Answer> {
  if (member.clientUrls.length === 0) return { healthy: false };
  let etcd: EtcdEndpoint | undefined;
  try {
    etcd = await sources.connect(endpointOf(cluster, member));
    const status = await etcd.status(signal);
    const [list, health] = await Promise.all([etcd.members(signal).catch(() => undefined), etcd.health(signal)]);
    return { status, ...(list === undefined ? {} : { list }), healthy: health.healthy };
  } catch (error) {
    signal.throwIfAborted();
    // Anything that is not an answer of etcd, of its TLS or of the certificate files is a bug of ours.
    if (!isKnown(error)) throw error;
    return { healthy: false, reason: { code: error.code, args: error.args } };
  } finally {
    etcd?.close();
  }
}

/** A database that cannot be read tells no revision; the plan then warns. */
async function revisionOf(sources: Sources, member: MemberDefinition, tools: readonly ToolFacts[], signal: AbortSignal): Promise<bigint | undefined> {
  const db = join(member.dataDir, 'member/snap/db');
  if (member.host === 'local') return sources.lastRevision(db, signal).then(last => last.currentRevision, () => undefined);
  const tool = tools.find(({ canRestore }) => canRestore);
  if (tool === undefined) return undefined;
  const outcome = await hostOf(sources, member.host).run(revisionScript([...tool.runIn ?? [], tool.path], db), { signal });
  const found = /"revision":(\d{1,19})[,}]/.exec(outcome.stdout)?.[1];
  return outcome.code !== 0 || found === undefined ? undefined : BigInt(found);
}

/** What earlier restores raised the cluster's revision to: any of them may have been seen, and those that stand have nothing written below. */
function raisedBefore(earlier: readonly RunRecord[]): Pick<RestoreFacts, 'foretoldBefore' | 'raises'> {
  const runs = [...latestOfEach(earlier)].sort((a, b) => b.opening.at.localeCompare(a.opening.at));
  const all = runs.flatMap(record => raiseOf(record).map(raise => ({ raise, stands: standing(record.entries) === 'finished' })));
  if (all.length === 0) return {};
  return {
    foretoldBefore: all.reduce((most, { raise: { to } }) => to > most ? to : most, 0n),
    raises: all.flatMap(({ raise, stands }) => stands ? [raise] : []),
  };
}

const isRevision = (text: string): boolean => /^\d{1,19}$/.test(text);

function raiseOf({ opening: { plan: { subject } } }: RunRecord): readonly Raise[] {
  if (!isRestoreSubject(subject) || !isRevision(subject.foretold.revision) || !isRevision(subject.snapshot.revision)) return [];
  return [{ from: BigInt(subject.snapshot.revision), to: BigInt(subject.foretold.revision) }];
}

function liveCluster(asked: readonly Answer[]): LiveCluster | undefined {
  const list = asked.find(each => each.healthy && each.list !== undefined)?.list ?? asked.find(each => each.list !== undefined)?.list;
  return list === undefined ? undefined : { clusterId: list.clusterId, members: list.members, serving: asked.some(each => each.healthy) };
}
