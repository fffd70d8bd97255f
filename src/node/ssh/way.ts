import { isKnown, KnownError } from '../../core/errors.js';
import type { BeyondSsh2 } from '../../core/host/sshSettings.js';
import { BeyondError } from './connectHop.js';
import type { Hop, OpenSsh } from './hops.js';
import type { Line } from './line.js';
import { openSshTransport } from './openSshTransport.js';
import { ssh2Transport } from './ssh2Transport.js';
import type { Transport } from './transport.js';

/** The way to a host, and why it is the system's own ssh, where it is. */
export interface Way {
  readonly transport: Transport;
  readonly beyond: () => BeyondSsh2 | undefined;
}

/** Goes by ssh2, and by the system's own ssh where the configuration, or the host once it was met, asks for what ssh2 cannot do. */
export function wayTo(hops: readonly Hop[], lineTo: (hops: readonly Hop[]) => Line, openSsh: OpenSsh): Way {
  const hop = hops.at(-1);
  if (hop === undefined) throw new Error('A way has an end');
  const own = ssh2Transport(hop, lineTo(hops));
  let systems: Transport | undefined;
  let beyond: BeyondSsh2 | undefined = hops.flatMap(({ settings }) => settings.beyond)[0];
  const change = (why: BeyondSsh2, cause?: unknown): Transport => {
    const { program } = openSsh;
    if (program === undefined) throw isKnown(cause) ? cause : new KnownError('HOST_NEEDS_OPENSSH', { host: hop.name, why });
    beyond = why;
    return systems ??= openSshTransport(hop, { ...openSsh, program });
  };
  const by = async <T>(use: (transport: Transport) => Promise<T>): Promise<T> => {
    if (beyond !== undefined) return use(change(beyond));
    try {
      return await use(own);
    } catch (error) {
      if (!isBeyond(error)) throw error;
      return use(change(error.beyond, error.cause));
    }
  };
  return {
    beyond: () => beyond,
    transport: {
      name: hop.name,
      user: hop.settings.user,
      exec: (command, options) => by(transport => transport.exec(command, options)),
      dial: (host, port, signal) => by(transport => transport.dial(host, port, signal)),
      close: async () => { await Promise.all([own.close(), systems?.close()]); },
    },
  };
}

const isBeyond = (error: unknown): error is BeyondError => error instanceof BeyondError;
