import { humanBytes } from './humanBytes.js';
import { answersOf, type ObservedMember } from './observation.js';
import { hexId, type EndpointStatus, type MemberEntry, type MemberList } from './status.js';
import type { Cell, Table } from './table.js';

const text = (value: string): Cell => ({ text: value });
const number = (value: bigint): Cell => ({ text: value.toString(), order: value });
const size = (bytes: number | undefined): Cell => bytes === undefined ? text('') : { text: humanBytes(bytes), order: bytes };
const flag = (value: boolean | undefined): Cell => text(value === undefined ? '' : String(value));

/** Columns of `etcdctl member list -w table` (etcdctl `printer.go` makeMemberListTable). */
export const memberListColumns = ['ID', 'STATUS', 'NAME', 'PEER ADDRS', 'CLIENT ADDRS', 'IS LEARNER'] as const;

/** Columns of `etcdctl endpoint status -w table` of etcd 3.6 (etcdctl `printer.go` makeEndpointStatusTable). */
export const endpointStatusColumns = [
  'ENDPOINT', 'ID', 'VERSION', 'STORAGE VERSION', 'DB SIZE', 'IN USE', 'PERCENTAGE NOT IN USE', 'QUOTA', 'IS LEADER', 'IS LEARNER',
  'RAFT TERM', 'RAFT INDEX', 'RAFT APPLIED INDEX', 'ERRORS', 'DOWNGRADE TARGET VERSION', 'DOWNGRADE ENABLED',
] as const;

/** The member list as etcdctl prints it; a member without a name has not started. */
export const memberListTable = (list: MemberList | undefined): Table =>
  ({ columns: memberListColumns, rows: (list?.members ?? []).map(memberRow) });

const memberRow = (member: MemberEntry): readonly Cell[] => [
  { text: hexId(member.id), order: member.id },
  text(member.name === '' ? 'unstarted' : 'started'),
  text(member.name),
  text(member.peerUrls.join(',')),
  text(member.clientUrls.join(',')),
  flag(member.isLearner),
];

/** Endpoint status as etcdctl prints it. A member that gives no answer keeps its line, with `reason` under ERRORS. */
export const endpointStatusTable = (members: readonly ObservedMember[], reason: (member: ObservedMember) => string): Table => ({
  columns: endpointStatusColumns,
  rows: members.map(observed => observed.observation.kind === 'answered'
    ? statusRow(observed.observation.answer.status)
    : endpointStatusColumns.map(column => text(
      column === 'ENDPOINT' ? observed.member.clientUrls[0] ?? '' : column === 'ERRORS' ? reason(observed) : ''))),
});

const statusRow = (status: EndpointStatus): readonly Cell[] => [
  text(status.endpoint),
  { text: hexId(status.memberId), order: status.memberId },
  text(status.version),
  text(status.storageVersion ?? ''),
  size(status.dbSize),
  size(status.dbSizeInUse),
  percentageNotInUse(status),
  size(status.dbSizeQuota),
  flag(status.leaderId === status.memberId),
  flag(status.isLearner),
  number(status.raftTerm),
  number(status.raftIndex),
  number(status.raftAppliedIndex),
  text(status.errors.join(', ')),
  text(status.downgrade?.targetVersion ?? ''),
  flag(status.downgrade?.enabled),
];

/** etcdctl's whole percent: the used part is cut, not rounded. */
function percentageNotInUse({ dbSize, dbSizeInUse }: EndpointStatus): Cell {
  if (dbSize === 0) return text('');
  const percent = 100 - Math.trunc(dbSizeInUse * 100 / dbSize);
  return { text: `${percent}%`, order: percent };
}

/** The member list of the member that knows most: etcd answers it without quorum, so a lone member's may be old. */
export function newestMemberList(members: readonly ObservedMember[]): MemberList | undefined {
  return answersOf(members).toSorted((a, b) => Number(b.status.raftAppliedIndex - a.status.raftAppliedIndex))
    .find(answer => answer.members)?.members;
}
