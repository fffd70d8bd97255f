import { join } from 'node:path';
import type { ClusterDefinition, MemberDefinition } from '../../core/cluster/definition.js';
import type { EndpointStatus, EtcdEndpoint, MemberList } from '../../core/cluster/status.js';
import { isKnown, type ErrorCode, type Message } from '../../core/errors.js';
import { failureOf } from '../../core/host/outcome.js';
import type { Host } from '../../core/host/host.js';
import { isOpen } from '../../core/journal.js';
import { diskScript, readDisk, readTools, toolScript } from '../../core/restore/factScripts.js';
import type { DiskFacts, LiveCluster, MemberFacts, RestoreFacts, SnapshotFacts, ToolFacts } from '../../core/restore/facts.js';
import { socketsOf } from '../../core/restore/sockets.js';
import type { LastRevision } from '../../core/snapshot/report.js';
import type { ConnectMember } from './etcdProbe.js';
import { hostOf } from './hands.js';
import { journalsBeside } from './journalsBeside.js';

/** What facts are gathered with; nothing here changes anything. */
export interface Sources {
  readonly hosts: ReadonlyMap<string, Host>;
  readonly connect: ConnectMember;
  /** Folders searched for etcdutl and etcdctl before the PATH. */
  readonly toolFolders: readonly string[];
  /** Reads the greatest revision of a database that nobody has open. */
  readonly lastRevision: (path: string, signal: AbortSignal) => Promise<LastRevision>;
}

/** Asks every host and every member side by side; one that does not answer is a fact too. */
export async function gatherFacts(sources: Sources, cluster: ClusterDefinition, snapshot: SnapshotFacts, signal: AbortSignal): Promise<RestoreFacts> {
  const hosts = [...new Set(cluster.members.map(member => member.host))].filter(name => sources.hosts.has(name));
  const [asked, tools] = await Promise.all([
    Promise.all(cluster.members.map(member => askMember(sources, cluster, member, signal))),
    Promise.all(hosts.map(async name => [name, await toolsOf(sources, name, signal)] as const)),
  ]);
  const live = liveCluster(asked);
  return { cluster, snapshot, members: asked.map(each => each.facts), ...(live === undefined ? {} : { live }), tools: new Map(tools) };
}

interface Asked {
  readonly facts: MemberFacts;
  readonly list?: MemberList;
  readonly healthy: boolean;
}

async function askMember(sources: Sources, cluster: ClusterDefinition, member: MemberDefinition, signal: AbortSignal): Promise<Asked> {
  const [disk, answer] = await Promise.all([askDisk(sources, member, signal), askEtcd(sources, cluster, member, signal)]);
  const revisionOnDisk = answer.status === undefined && disk.dbSize > 0 && disk.heldBy.length === 0 ? await revisionOf(sources, member, signal) : undefined;
  return {
    facts: {
      name: member.name, disk,
      ...(answer.status !== undefined ? { status: answer.status } : answer.reason === undefined ? {} : { silent: answer.reason }),
      ...(revisionOnDisk === undefined ? {} : { revisionOnDisk }),
    },
    ...(answer.list === undefined ? {} : { list: answer.list }),
    healthy: answer.healthy,
  };
}

interface Answer {
  readonly status?: EndpointStatus;
  readonly list?: MemberList;
  readonly healthy: boolean;
  readonly reason?: Message<ErrorCode>;
}

async function askEtcd(sources: Sources, cluster: ClusterDefinition, member: MemberDefinition, signal: AbortSignal): Promise<Answer> {
  const endpoint = member.clientUrls[0];
  if (endpoint === undefined) return { healthy: false };
  let etcd: EtcdEndpoint | undefined;
  try {
    etcd = await sources.connect({ name: member.name, endpoint, ...(cluster.tls === undefined ? {} : { tls: cluster.tls }) });
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

async function askDisk(sources: Sources, member: MemberDefinition, signal: AbortSignal): Promise<DiskFacts> {
  const host = hostOf(sources, member.host);
  const etcd = { host: member.host, dataDir: member.dataDir, memberDirs: ['member'], sockets: socketsOf([...member.clientUrls, ...member.peerUrls]) };
  const outcome = await host.run(diskScript(etcd), { signal });
  if (outcome.code !== 0) throw failureOf(host.name, outcome);
  return { ...readDisk(outcome.stdout), openRuns: (await journalsBeside(host, member.dataDir)).filter(isOpen).map(record => record.opening.plan.run) };
}

async function toolsOf(sources: Sources, name: string, signal: AbortSignal): Promise<readonly ToolFacts[]> {
  const host = hostOf(sources, name);
  const outcome = await host.run(toolScript(sources.toolFolders), { signal });
  if (outcome.code !== 0) throw failureOf(host.name, outcome);
  return readTools(outcome.stdout);
}

/** A database that cannot be read tells no revision; the default bump covers it. */
const revisionOf = (sources: Sources, member: MemberDefinition, signal: AbortSignal): Promise<bigint | undefined> =>
  sources.lastRevision(join(member.dataDir, 'member/snap/db'), signal).then(last => last.currentRevision, () => undefined);

function liveCluster(asked: readonly Asked[]): LiveCluster | undefined {
  const list = asked.find(each => each.healthy && each.list !== undefined)?.list ?? asked.find(each => each.list !== undefined)?.list;
  return list === undefined ? undefined : { clusterId: list.clusterId, members: list.members, serving: asked.some(each => each.healthy) };
}
