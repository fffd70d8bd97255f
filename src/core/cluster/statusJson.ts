import type { ObservedMember } from './observation.js';
import { hexId, type EndpointStatus } from './status.js';
import { newestMemberList } from './statusTables.js';

const id = (value: bigint): { readonly hex: string; readonly decimal: string } => ({ hex: hexId(value), decimal: value.toString() });

/**
 * The state of a cluster as JSON. Ids stand as text, in hexadecimal and decimal: as numbers they would lose digits in
 * most readers of JSON. Sizes are bytes.
 */
export function statusJson(cluster: string, at: string, members: readonly ObservedMember[], reason: (member: ObservedMember) => string): string {
  const list = newestMemberList(members);
  return JSON.stringify({
    cluster,
    at,
    clusterId: list ? id(list.clusterId) : null,
    members: (list?.members ?? []).map(member => ({ ...member, id: id(member.id) })),
    endpoints: members.map(observed => ({
      name: observed.member.name,
      endpoint: observed.member.clientUrls[0] ?? '',
      ...observed.observation.kind === 'answered'
        ? { status: statusFields(observed.observation.answer.status), health: observed.observation.answer.health }
        : { error: reason(observed) },
    })),
  }, undefined, 2) + '\n';
}

function statusFields(status: EndpointStatus): Readonly<Record<string, unknown>> {
  const { clusterId, memberId, leaderId, raftTerm, raftIndex, raftAppliedIndex, revision, ...rest } = status;
  return {
    ...rest,
    clusterId: id(clusterId), memberId: id(memberId), leaderId: id(leaderId), isLeader: leaderId === memberId,
    raftTerm: raftTerm.toString(), raftIndex: raftIndex.toString(), raftAppliedIndex: raftAppliedIndex.toString(), revision: revision.toString(),
  };
}
