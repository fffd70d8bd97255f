import { KnownError } from '../../core/errors.js';
import type { HostPrompts } from '../../core/host/prompts.js';
import type { BeyondSsh2 } from '../../core/host/sshSettings.js';
import { readSshTarget, sshTargetText } from '../../core/host/sshTarget.js';
import type { DialingHost } from '../host/dialingHost.js';
import { connectHop } from './connectHop.js';
import { hopsTo, type Hop, type OpenSsh } from './hops.js';
import { openLine, type Line } from './line.js';
import { openSecrets } from './secrets.js';
import { forward } from './ssh2Transport.js';
import { sshHost } from './sshHost.js';
import { wayTo } from './way.js';

export interface SshOptions {
  readonly prompts: HostPrompts;
  readonly openSsh: OpenSsh;
}

/** How a host is to be used. */
export interface SshHostOptions {
  /** `auto`: scripts run as root, with sudo where the user is another one. */
  readonly sudo: 'never' | 'auto';
  /** What the person calls it, where that is not the target itself. */
  readonly name?: string;
}

/** A host behind SSH. */
export interface SshHost extends DialingHost {
  /** Why the system's own ssh connects to it; undefined when ssh2 does, or when it was not used yet. */
  readonly beyond: () => BeyondSsh2 | undefined;
}

/** Connections to hosts, each made once and shared; the person's answers are remembered as long as these are open. */
export interface SshHosts {
  /**
   * A host as the person writes it: an alias of ~/.ssh/config, `user@host:port`. It connects with its first use.
   * Rejects with HOST_TARGET_INVALID or HOST_CONFIG_INVALID.
   */
  host(target: string, options: SshHostOptions, signal: AbortSignal): Promise<SshHost>;
  close(): Promise<void>;
}

export function openSshHosts({ prompts, openSsh }: SshOptions): SshHosts {
  const secrets = openSecrets(prompts);
  const lines = new Map<string, Line>();
  const opened = new Set<DialingHost>();
  /** The line to the last of these hops, which goes over the lines to the others. */
  const lineTo = (hops: readonly Hop[]): Line => {
    const hop = hops.at(-1);
    if (hop === undefined) throw new Error('A way has an end');
    const key = JSON.stringify(hops.map(({ settings }) => [settings.user, settings.hostName, settings.port, settings.hostKeyAlias, settings.identityFiles]));
    const before = hops.length > 1 ? lineTo(hops.slice(0, -1)) : undefined;
    const line = lines.get(key) ?? openLine(async signal => connectHop(hop, before && await through(await before.client(signal), hop, signal), secrets, signal));
    lines.set(key, line);
    return line;
  };
  return {
    host: async (target, { sudo, name }, signal) => {
      const hops = await hopsTo(sshTargetText(readSshTarget(target)), openSsh, signal);
      const way = wayTo(hops.map((hop, n) => n === hops.length - 1 && name !== undefined ? { ...hop, name } : hop), lineTo, openSsh);
      const host = { ...sshHost({ transport: way.transport, secrets, sudo }), beyond: way.beyond };
      opened.add(host);
      return host;
    },
    close: async () => {
      secrets.forget();
      await Promise.all([...opened].map(host => host.close()));
      for (const line of lines.values()) line.close();
    },
  };
}

async function through(client: Parameters<typeof forward>[0], { name, settings: { hostName, port } }: Hop, signal: AbortSignal) {
  return forward(client, hostName, port, signal).catch((error: unknown) => {
    signal.throwIfAborted();
    throw new KnownError('HOST_UNREACHABLE', { host: name, address: `${hostName}:${port}`, reason: error instanceof Error ? error.message : '' }, { cause: error });
  });
}
