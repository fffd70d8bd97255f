import type { RestoreFacts, ToolFacts } from './facts.js';

/** A minor version of etcd, such as 3.5, as one number that can be compared. */
export type Minor = number;

/** `3.5.30` and `3.5.0-rc.1` are both 3005; undefined for what is no version. */
export function minorOf(version: string | undefined): Minor | undefined {
  const found = /^v?(\d+)\.(\d+)/.exec(version ?? '');
  return found === null ? undefined : Number(found[1]) * 1000 + Number(found[2]);
}

/** As text again: 3005 is `3.5`. */
export const minorText = (minor: Minor): string => `${Math.floor(minor / 1000)}.${minor % 1000}`;

/** The minor version of the servers: the lowest that answers, since the cluster runs at that level; else the snapshot's. */
export function serverMinor(facts: RestoreFacts): Minor | undefined {
  const live = facts.members.flatMap(member => minorOf(member.status?.version) ?? []);
  const { storageVersion, clusterVersion } = facts.snapshot.report.status;
  return live.length > 0 ? Math.min(...live) : minorOf(storageVersion ?? clusterVersion);
}

/** The servers' full version: what one answers, else that of a tool of their minor version, since they are installed together. */
export const serverVersion = (facts: RestoreFacts, server: Minor, tools: readonly ToolFacts[]): string | undefined =>
  [...facts.members.map(member => member.status?.version), ...tools.map(tool => tool.version)].find(version => minorOf(version) === server);

/**
 * The tool to restore with: of the servers' own minor version, found by what it can do and not by its name alone.
 * Where that one cannot raise the revision, a tool of the next minor version that can. `etcdctl` restores up to 3.5.
 */
export function chooseTool(tools: readonly ToolFacts[], server: Minor, bump: 'auto' | 'none'): ToolFacts | undefined {
  const usable = tools.filter(tool => tool.canRestore).toSorted(byPreference);
  const own = usable.filter(tool => minorOf(tool.version) === server);
  const next = usable.filter(tool => minorOf(tool.version) === server + 1);
  if (bump === 'none') return own[0] ?? next[0];
  return own.find(tool => tool.canBump) ?? next.find(tool => tool.canBump) ?? own[0] ?? next[0];
}

/** What is there before what would be copied, `etcdutl` before the deprecated `etcdctl`, then the newest. */
const byPreference = (a: ToolFacts, b: ToolFacts): number =>
  a.copy !== b.copy && (a.copy === undefined || b.copy === undefined) ? (a.copy === undefined ? -1 : 1)
  : a.kind === b.kind ? b.version.localeCompare(a.version, 'en', { numeric: true }) : a.kind === 'etcdutl' ? -1 : 1;

/** What a host can restore with: its own tools, and those of this machine that run there as well. */
export function toolsFor(facts: RestoreFacts, host: string): readonly ToolFacts[] {
  const own = facts.tools.get(host) ?? [];
  const machine = own[0]?.machine ?? facts.machines.get(host);
  return host === 'local' ? own : [...own, ...(facts.tools.get('local') ?? []).filter(tool => tool.copy !== undefined && tool.machine === machine)];
}
