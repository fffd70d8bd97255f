import type { MemberDefinition, RunKind, TlsFiles } from '../../../core/cluster/definition.js';

/** A member as far as it is known: what cannot be asked of etcd comes later. */
export type DraftMember = Pick<MemberDefinition, 'name' | 'clientUrls' | 'peerUrls'> & Partial<Pick<MemberDefinition, 'host' | 'dataDir' | 'walDir'>>;

/** What Add Cluster knows so far. */
export interface Draft {
  /** From a text, from typed endpoints; later from etcd's own member list. */
  readonly members: readonly DraftMember[];
  /** Where to ask for the other members. */
  readonly endpoints: readonly string[];
  readonly tls?: TlsFiles;
  /** The host whose manifest it came from, and through whose SSH connection etcd is asked. */
  readonly through?: string;
  /** Whether etcd itself told the members. */
  readonly told?: true;
  readonly name?: string;
  readonly run?: RunKind;
  /** Patterns with `{name}` and `{host}`. */
  readonly dataDir?: string;
  readonly start?: string;
  readonly stop?: string;
}

/** The host of a URL, without brackets. */
export const hostOf = (url: string): string => /^\w+:\/\/(?:\[([^\]]+)\]|([^:/]+))/.exec(url)?.slice(1).join('') ?? '';

/** Whether a URL leads to this machine. */
export const isLoopback = (url: string): boolean => /^(127\.|localhost$|::1$)/.test(hostOf(url));

/** Where a member runs: what its own text says, else the host of its URLs; `local` for this machine. */
export function hostOfMember(member: DraftMember, run: RunKind): string {
  if (run === 'commands') return 'local';
  const url = member.clientUrls.find(candidate => !isLoopback(candidate)) ?? member.peerUrls.find(candidate => !isLoopback(candidate));
  return member.host ?? (url === undefined ? 'local' : hostOf(url));
}
