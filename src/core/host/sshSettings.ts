/** What OpenSSH's configuration says about a host, as `ssh -G` prints it. Paths may begin with `~` and hold tokens. */
export interface SshSettings {
  readonly hostName: string;
  readonly user: string;
  readonly port: number;
  readonly identityFiles: readonly string[];
  readonly identitiesOnly: boolean;
  /** A socket, `none`, or undefined for the environment's. */
  readonly identityAgent?: string;
  /** The hosts to go through, nearest first. */
  readonly jumps: readonly string[];
  readonly knownHosts: readonly string[];
  readonly hostKeyAlias?: string;
  /** What only OpenSSH itself can do with this configuration. */
  readonly beyond: readonly BeyondSsh2[];
  readonly gssapi: boolean;
}

/** Why a host is reached through the system's own ssh. */
export type BeyondSsh2 =
  | 'PROXY_COMMAND'
  | 'CERTIFICATE'
  | 'SECURITY_KEY'
  | 'PKCS11'
  | 'GSSAPI'
  | 'CERT_AUTHORITY'
  | 'ALGORITHMS'
  | 'AGENT_CERTIFICATE';

/** Reads the lines of `ssh -G`: a keyword in small letters, then its value. Undefined when it is no such text. */
export function readSshSettings(text: string): SshSettings | undefined {
  const values = new Map<string, string[]>();
  for (const line of text.split(/\r?\n/)) {
    const space = line.indexOf(' ');
    if (space < 1) continue;
    const key = line.slice(0, space).toLowerCase();
    values.set(key, [...values.get(key) ?? [], line.slice(space + 1).trim()]);
  }
  const one = (key: string): string | undefined => {
    const value = values.get(key)?.[0];
    return value === undefined || value === '' || value === 'none' ? undefined : value;
  };
  const hostName = one('hostname');
  const user = one('user');
  const port = Number(one('port') ?? 22);
  if (hostName === undefined || user === undefined || !Number.isInteger(port) || port < 1 || port > 65_535) return undefined;
  const hostKeyAlias = one('hostkeyalias');
  const identityAgent = values.get('identityagent')?.[0];
  return {
    hostName, user, port,
    identityFiles: values.get('identityfile')?.filter(file => file !== 'none') ?? [],
    identitiesOnly: one('identitiesonly') === 'yes',
    ...(identityAgent !== undefined && identityAgent !== 'SSH_AUTH_SOCK' && { identityAgent }),
    jumps: one('proxyjump')?.split(',').map(jump => jump.trim()) ?? [],
    knownHosts: [...words(one('userknownhostsfile')), ...words(one('globalknownhostsfile'))],
    ...(hostKeyAlias !== undefined && { hostKeyAlias }),
    gssapi: one('gssapiauthentication') === 'yes',
    beyond: [
      ...(one('proxycommand') === undefined ? [] : ['PROXY_COMMAND' as const]),
      ...(one('certificatefile') === undefined ? [] : ['CERTIFICATE' as const]),
      ...(one('pkcs11provider') === undefined ? [] : ['PKCS11' as const]),
    ],
  };
}

const words = (text: string | undefined): readonly string[] => text?.match(/"[^"]*"|\S+/g)?.map(word => word.replaceAll('"', '')) ?? [];
