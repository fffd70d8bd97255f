import type { MemberFacts, RestoreFacts } from './facts.js';
import type { Refusal } from './refusals.js';
import { memoryNeeded, spaceOf } from './space.js';

/** Files a restore makes in a data directory, with plenty to spare. */
const INODES = 64;

/** What the members' data directories and their hosts say against a restore. */
export const refuseByDisk = (facts: RestoreFacts): readonly Refusal[] =>
  [...facts.members.flatMap(member => refuseByPlace(member, facts.cluster.members.find(({ name }) => name === member.name)?.dataDir ?? '')), ...facts.members.flatMap(refuseByRights), ...refuseByRoom(facts)];

function refuseByPlace({ name: member, disk }: MemberFacts, dataDir: string): readonly Refusal[] {
  const at = (below: string): string => `${dataDir}/${below}`;
  const refusals: Refusal[] = [];
  if (disk.dataDir.kind === 'absent' && !disk.parent) refusals.push({ code: 'NO_PARENT', args: { member } });
  if (disk.dataDir.kind === 'other') refusals.push({ code: 'NOT_A_DIRECTORY', args: { member, path: dataDir } });
  if (disk.member.kind === 'other') refusals.push({ code: 'NOT_A_DIRECTORY', args: { member, path: at('member') } });
  // Renaming a link moves the link: the old WAL behind it would be replayed over the restored data.
  const links = [...(disk.dataDir.kind === 'link' ? [dataDir] : []), ...(disk.member.kind === 'link' ? [at('member')] : []), ...disk.links.map(at)];
  for (const path of links) refusals.push({ code: 'LINK_IN_DATA', args: { member, path } });
  if (disk.member.kind === 'directory' && disk.member.device !== disk.dataDir.device) refusals.push({ code: 'OTHER_FILE_SYSTEM', args: { member } });
  const unfinished = disk.openRuns[0];
  if (unfinished !== undefined) refusals.push({ code: 'RUN_UNFINISHED', args: { member, run: unfinished } });
  return refusals;
}

function refuseByRights({ name: member, disk }: MemberFacts): readonly Refusal[] {
  if (!disk.writable) return [{ code: 'NOT_WRITABLE', args: { member } }];
  const owner = disk.member.kind === 'absent' ? disk.dataDir : disk.member;
  const foreign = owner.kind !== 'absent' && owner.uid !== disk.uid && disk.uid !== 0;
  return foreign ? [{ code: 'NOT_OWNER', args: { member, uid: owner.uid, own: disk.uid } }] : [];
}

function refuseByRoom(facts: RestoreFacts): readonly Refusal[] {
  const space = spaceOf(facts).flatMap(({ members, needed, free }): readonly Refusal[] =>
    needed > free ? [{ code: 'NO_SPACE', args: { members: members.join(', '), needed, free } }] : []);
  // Some file systems have no fixed number of inodes and say 0.
  const inodes = facts.members.flatMap(({ name, disk }): readonly Refusal[] =>
    disk.freeInodes > 0 && disk.freeInodes < INODES * facts.members.length ? [{ code: 'NO_INODES', args: { member: name, free: disk.freeInodes } }] : []);
  const needed = memoryNeeded(facts);
  const short = facts.members.find(({ disk }) => disk.memoryAvailable > 0 && disk.memoryAvailable < needed);
  return [...space, ...inodes, ...short === undefined ? [] : [{ code: 'NO_MEMORY' as const, args: { member: short.name, needed, free: short.disk.memoryAvailable } }]];
}
