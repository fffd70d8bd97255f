import type { Duplex } from 'node:stream';
import { Client } from 'ssh2';
import type { Algorithms, AuthHandlerMiddleware } from 'ssh2';
import { KnownError } from '../../core/errors.js';
import type { BeyondSsh2 } from '../../core/host/sshSettings.js';
import { authentication } from './authentication.js';
import { hostKeysOf, needsAuthority } from './hostKeys.js';
import type { Hop } from './hops.js';
import { identitiesOf, type Identities } from './identities.js';
import { patience, type Patience } from './patience.js';
import type { Secrets } from './secrets.js';

/** Seconds a host may be silent while the connection is made. */
const READY_SECONDS = 20;

/** Only OpenSSH itself can connect to this host. */
export class BeyondError extends Error {
  readonly beyond: BeyondSsh2;

  constructor(beyond: BeyondSsh2, cause: unknown) {
    super(beyond, { cause });
    this.beyond = beyond;
  }
}

/**
 * Connects to a host and proves who is there, both ways: its key is judged before anything of ours is shown. `through` is the
 * stream that the hop before has opened to it. Rejects with a KnownError, or with BeyondError where OpenSSH may succeed.
 */
export async function connectHop(hop: Hop, through: Duplex | undefined, secrets: Secrets, signal: AbortSignal): Promise<Client> {
  signal.throwIfAborted();
  const hostKeys = await hostKeysOf(hop);
  const client = new Client();
  const outcome = Promise.withResolvers<Client>();
  const fail = (error: unknown) => {
    outcome.reject(error instanceof Error ? error : new Error(String(error)));
    client.destroy();
  };
  const time = patience(READY_SECONDS * 1000, secrets, () => fail(new KnownError('HOST_TIMEOUT', { host: hop.name, address: addressOf(hop), seconds: READY_SECONDS })));
  const abort = () => fail(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  const login = loginTo(hop, time, signal, fail);
  // Until the host's key was judged, what goes wrong is the connection; afterwards, it is the host that closes the door.
  let refused = (reason: string, error: Error) => fail(connectFailure(hop, reason, error));
  client.on('ready', () => outcome.resolve(client))
    .on('handshake', () => {
      refused = reason => fail(login.failure(reason));
      time.renew();
    })
    // A key that could not sign is not the end: the next one is tried.
    .on('error', error => { if (error.level !== 'agent') refused(error.message, error); })
    .on('close', () => refused('closed', new Error('closed')));
  try {
    client.connect({
      ...(through === undefined ? { host: hop.settings.hostName, port: hop.settings.port } : { sock: through }),
      username: hop.settings.user,
      algorithms: algorithms(hostKeys.algorithms),
      keepaliveInterval: 10_000,
      keepaliveCountMax: 3,
      readyTimeout: 0,
      hostVerifier: (blob: Buffer, verify: (valid: boolean) => void) => {
        hostKeys.check(blob, time.secrets, signal).then(() => verify(true), (error: unknown) => fail(error === needsAuthority ? new BeyondError('CERT_AUTHORITY', error) : error));
      },
      authHandler: login.handler,
    });
    await outcome.promise;
    client.setNoDelay(true);
    return client;
  } catch (error) {
    fail(error);
    signal.throwIfAborted();
    throw error;
  } finally {
    time.end();
    signal.removeEventListener('abort', abort);
  }
}

/** Answers the host's question who we are, and tells why it was not satisfied. */
function loginTo(hop: Hop, time: Patience, signal: AbortSignal, fail: (error: unknown) => void): { readonly handler: AuthHandlerMiddleware; readonly failure: (reason: string) => Error } {
  let identities: Identities | undefined;
  let left: readonly string[] = [];
  const next = authentication(hop, async () => identities ??= await identitiesOf(hop, time.secrets, signal), time.secrets, signal);
  const failure = (reason: string) => authFailure(hop, left, reason, identities);
  return {
    failure,
    handler: (methods: readonly string[] | null, _partial, answer) => {
      time.renew();
      // The first time nothing is known yet.
      left = methods ?? [];
      next(left).then(method => { if (method === undefined) fail(failure('')); else answer(method); }, fail);
    },
  };
}

/** A host that is known by a key of one type is asked for that one first: by its others it would be taken for another host. */
function algorithms(known: readonly string[]): Algorithms {
  const first = serverHostKeys.filter(name => known.includes(name));
  return { serverHostKey: [...first, ...serverHostKeys.filter(name => !first.includes(name))] };
}

const serverHostKeys = [
  'ssh-ed25519', 'ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521', 'rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa',
] as const satisfies Algorithms['serverHostKey'];

const addressOf = ({ settings: { hostName, port } }: Hop): string => `${hostName.includes(':') ? `[${hostName}]` : hostName}:${port}`;

function connectFailure(hop: Hop, reason: string, cause: Error): Error {
  if (/no matching|Unsupported algorithm/i.test(reason)) return new BeyondError('ALGORITHMS', cause);
  return new KnownError('HOST_UNREACHABLE', { host: hop.name, address: addressOf(hop), reason }, { cause });
}

function authFailure({ name, settings }: Hop, left: readonly string[], reason: string, identities: Identities | undefined): Error {
  const error = new KnownError('HOST_AUTH_FAILED', { host: name, user: settings.user, methods: left.join(', '), reason });
  const beyond = identities?.beyond[0] ?? (settings.gssapi && left.includes('gssapi-with-mic') ? 'GSSAPI' : undefined);
  return beyond === undefined ? error : new BeyondError(beyond, error);
}
