import type { RestoreFacts } from './facts.js';

/** etcd allocates a WAL segment of 64 MiB at a restore, and another at its start. */
const WAL_SEGMENT = 64 * 2 ** 20;
/** What the tool needs beside the database, which it maps whole. */
const TOOL_MEMORY = 200 * 2 ** 20;

/** Bytes that a restore adds on one file system, beside the old data that is kept, and what is free there. */
export interface Space {
  readonly host: string;
  readonly members: readonly string[];
  readonly needed: number;
  readonly free: number;
}

/** The database, the copied snapshot and two WAL segments for each member, and a tenth more; members that share a file system add up. */
export function spaceOf(facts: RestoreFacts): readonly Space[] {
  const spaces = new Map<string, Space>();
  const copied = (host: string): number => host !== 'local' || facts.cluster.run === 'staticPod' ? facts.snapshot.report.file.size : 0;
  for (const member of facts.members) {
    const host = facts.cluster.members.find(definition => definition.name === member.name)?.host ?? '';
    const key = `${host} ${member.disk.fileSystem}`;
    const sum = spaces.get(key) ?? { host, members: [], needed: 0, free: member.disk.freeBytes };
    spaces.set(key, { ...sum, members: [...sum.members, member.name], needed: sum.needed + Math.ceil((facts.snapshot.report.status.totalSize + copied(host) + 2 * WAL_SEGMENT) * 1.1) });
  }
  return [...spaces.values()];
}

/** Bytes of memory the tool takes on a host: members of one host are restored one after the other. */
export const memoryNeeded = (facts: RestoreFacts): number => facts.snapshot.report.status.totalSize + TOOL_MEMORY;
