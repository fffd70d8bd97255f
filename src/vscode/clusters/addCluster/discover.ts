import { KnownError, textOf } from '../../../core/errors.js';
import type { EndpointStatus, MemberList } from '../../../core/cluster/status.js';
import type { ConnectMember } from '../../../node/etcd/connectMember.js';
import type { Draft, DraftMember } from './draft.js';

interface Told {
  readonly endpoint: string;
  readonly status: EndpointStatus;
  readonly list: MemberList;
}

/**
 * Asks the endpoints for the member list and adds what it tells: names, peer URLs, client URLs. An endpoint that answered
 * stays the way to its member, since the advertised URL may not be reachable from here. Rejects with the first reason
 * when none answers; `ETCD_WRONG_CLUSTER` when two answer for different clusters.
 */
export async function discover(draft: Draft, connect: ConnectMember, signal: AbortSignal): Promise<Draft> {
  const asked = await Promise.allSettled(draft.endpoints.map(endpoint => ask(endpoint, draft, connect, signal)));
  const told = asked.flatMap(outcome => outcome.status === 'fulfilled' ? [outcome.value] : []);
  const [first] = told;
  if (!first) throw firstReason(asked);
  const stranger = told.find(other => other.status.clusterId !== first.status.clusterId);
  if (stranger) {
    throw new KnownError('ETCD_WRONG_CLUSTER', {
      endpoint: stranger.endpoint, expected: first.status.clusterId.toString(16), found: stranger.status.clusterId.toString(16),
    });
  }
  const newest = told.toSorted((a, b) => Number(b.status.raftAppliedIndex - a.status.raftAppliedIndex))[0] ?? first;
  const members = newest.list.members.filter(entry => entry.name !== '').toSorted((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true })).map((entry): DraftMember => {
    const reached = told.filter(({ status }) => status.memberId === entry.id).map(({ endpoint }) => endpoint);
    const known = draft.members.find(member => member.peerUrls.some(url => entry.peerUrls.includes(url)));
    return { ...known, name: entry.name, peerUrls: entry.peerUrls, clientUrls: [...new Set([...reached, ...entry.clientUrls])] };
  });
  return { ...draft, members, told: true };
}

const firstReason = (asked: readonly PromiseSettledResult<Told>[]): Error => {
  const reason: unknown = asked.find(outcome => outcome.status === 'rejected')?.reason;
  return reason instanceof Error ? reason : new KnownError('ETCD_UNREACHABLE', { endpoint: '', reason: textOf(reason) });
};

async function ask(endpoint: string, { tls, through }: Draft, connect: ConnectMember, signal: AbortSignal): Promise<Told> {
  const etcd = await connect({ name: '', endpoint, ...tls && { tls }, ...through !== undefined && { through } });
  try {
    const [status, list] = await Promise.all([etcd.status(signal), etcd.members(signal)]);
    return { endpoint, status, list };
  } finally {
    etcd.close();
  }
}
