import type { MemberDefinition } from '../../../src/core/cluster/definition.js';
import type { DiskFacts, MemberFacts, RestoreFacts } from '../../../src/core/restore/facts.js';
import type { SnapshotReport, SnapshotStatus } from '../../../src/core/snapshot/report.js';

/** Small changes to facts; each test changes the one thing it is about. */

export const withDefinition = (facts: RestoreFacts, at: number, change: Partial<MemberDefinition>): RestoreFacts =>
  ({ ...facts, cluster: { ...facts.cluster, members: facts.cluster.members.map((member, n) => n === at ? { ...member, ...change } : member) } });

export const withoutCommands = (facts: RestoreFacts): RestoreFacts =>
  ({ ...facts, cluster: { ...facts.cluster, members: facts.cluster.members.map(({ name, host, clientUrls, peerUrls, dataDir }) => ({ name, host, clientUrls, peerUrls, dataDir })) } });

export const withMember = (facts: RestoreFacts, at: number, change: Partial<MemberFacts>): RestoreFacts =>
  ({ ...facts, members: facts.members.map((member, n) => n === at ? { ...member, ...change } : member) });

export const withDisk = (facts: RestoreFacts, at: number, change: Partial<DiskFacts>): RestoreFacts =>
  ({ ...facts, members: facts.members.map((member, n) => n === at ? { ...member, disk: { ...member.disk, ...change } } : member) });

export const withReport = (facts: RestoreFacts, change: Partial<SnapshotReport>): RestoreFacts =>
  ({ ...facts, snapshot: { ...facts.snapshot, report: { ...facts.snapshot.report, ...change } } });

export const withStatus = (facts: RestoreFacts, change: Partial<SnapshotStatus>): RestoreFacts =>
  withReport(facts, { status: { ...facts.snapshot.report.status, ...change } });

export const withLeader = (facts: RestoreFacts, at: number): RestoreFacts => {
  const leaderId = facts.members[at]?.status?.memberId ?? 0n;
  return { ...facts, members: facts.members.map(member => member.status === undefined ? member : { ...member, status: { ...member.status, leaderId } }) };
};

/** One member is up and says who it is; the list of members needs a quorum, which there is not. */
export const onlyMember = ({ cluster, snapshot, members, tools, silentHosts, machines }: RestoreFacts, name: string): RestoreFacts => ({
  cluster, snapshot, tools, silentHosts, machines,
  members: members.map(member => member.name === name ? member
    : { name: member.name, silent: { code: 'ETCD_UNREACHABLE', args: { endpoint: 'http://127.0.0.1:12379', reason: 'connection refused' } }, revisionOnDisk: 2_599n, disk: { ...member.disk, heldBy: [], listening: false } }),
});

/** The same cluster with IPv6 peer URLs. */
export function withIpv6(facts: RestoreFacts): RestoreFacts {
  const urls = (at: number): readonly string[] => [`https://[2001:db8::${at + 1}]:2380`];
  const { live } = facts;
  return {
    ...facts,
    cluster: { ...facts.cluster, members: facts.cluster.members.map((member, at) => ({ ...member, peerUrls: urls(at) })) },
    ...(live === undefined ? {} : { live: { ...live, members: live.members.map((member, at) => ({ ...member, peerUrls: urls(at) })) } }),
    snapshot: { ...facts.snapshot, report: { ...facts.snapshot.report, status: { ...facts.snapshot.report.status, members: [] } } },
  };
}
