import { rootCertificates } from 'node:tls';
import { noop } from 'cockatiel';
import { alarmsOf, hashKvOf, membersOf, statusOf } from './answers.js';
import type { EtcdEndpoint, Health, SnapshotChunk } from '../../core/cluster/status.js';
import { KnownError } from '../../core/errors.js';
import { Etcd3Client } from './etcd3Client.js';
import { etcdError } from './etcdError.js';
import type { CallAbout } from './etcdError.js';
import type { TlsMaterial } from './readTls.js';
import { snapshotStream } from './snapshotStream.js';
import { tokenKeeper } from './tokenKeeper.js';
import type { WireCalls } from './wire.js';

// Loaded with the client, since it needs node:crypto, which takes longer to load than the whole extension.
export { readTls } from './readTls.js';

/** Everything an endpoint needs, read and checked. */
export interface EndpointConfig {
  /** As the person wrote it; named in every error. */
  readonly endpoint: string;
  readonly address: string;
  /** Milliseconds a call may take. */
  readonly timeoutMs: number;
  readonly tls?: TlsMaterial;
  readonly user?: { readonly name: string; readonly password: string };
}

/** Opens the etcd client of one endpoint. It dials with the first call. */
export function openEndpoint(config: EndpointConfig): EtcdEndpoint {
  const { endpoint, timeoutMs, tls, user } = config;
  const about: CallAbout = {
    endpoint, timeoutMs, secure: tls !== undefined,
    ...(user && { user: user.name }), ...(tls?.client && { client: tls.client }),
  };
  const client = openClient(config, about);
  const tokens = tokenKeeper(client, user, timeoutMs);
  const call = async <M extends keyof WireCalls>(service: WireCalls[M]['service'], method: M, request: WireCalls[M]['request'], signal: AbortSignal) => {
    try {
      return await tokens.use(signal, token => client.call(service, method, request, timeoutMs, { token, signal }));
    } catch (error) {
      signal.throwIfAborted();
      throw etcdError(error, about);
    }
  };
  const read = async (signal: AbortSignal): Promise<void> => {
    try {
      await call('KV', 'range', { key: new TextEncoder().encode('health') }, signal);
    } catch (error) {
      // As etcdctl sees it: the refusal itself went through consensus.
      if (!(error instanceof KnownError && error.code === 'ETCD_PERMISSION_DENIED')) throw error;
    }
  };
  return {
    endpoint,
    status: async signal => statusOf(endpoint, await call('Maintenance', 'status', {}, signal)),
    members: async signal => membersOf(await call('Cluster', 'memberList', { linearizable: false }, signal)),
    alarms: async signal => alarmsOf(await call('Maintenance', 'alarm', { action: 'Get' }, signal)),
    health: signal => timed(() => read(signal), about),
    hashKv: async (revision, signal) => hashKvOf(revision, await call('Maintenance', 'hashKv', { revision: String(revision) }, signal)),
    snapshot: signal => snapshot(config, () => tokens.fresh(signal), about, signal),
    close: () => { client.close(); },
  };
}

async function timed(read: () => Promise<void>, about: CallAbout): Promise<Health> {
  const start = performance.now();
  try {
    await read();
    return { healthy: true, tookMs: performance.now() - start };
  } catch (error) {
    const { code, args } = etcdError(error, about);
    return { healthy: false, tookMs: performance.now() - start, reason: { code, args } };
  }
}

async function* snapshot(config: EndpointConfig, token: () => Promise<string | undefined>, about: CallAbout, signal: AbortSignal): AsyncGenerator<readonly SnapshotChunk[]> {
  try {
    signal.throwIfAborted();
    yield* snapshotStream(config, await token(), signal);
    signal.throwIfAborted();
  } catch (error) {
    signal.throwIfAborted();
    throw etcdError(error, about);
  }
}

/** Without etcd3's retries and circuit breaker: an error is shown, and asking again is the caller's decision. */
function openClient({ address, tls, timeoutMs }: EndpointConfig, about: CallAbout): Etcd3Client {
  try {
    return new Etcd3Client({
      hosts: address,
      dialTimeout: timeoutMs,
      ...(tls && { credentials: {
        rootCertificate: tls.ca ?? Buffer.from(rootCertificates.join('\n')),
        ...(tls.client && { certChain: tls.client.cert, privateKey: tls.client.key }),
      } }),
      faultHandling: { host: () => noop, global: noop },
      grpcOptions: {
        'grpc.max_receive_message_length': -1,
        // This notices a peer that is gone or frozen. etcd takes a ping every 5 s.
        'grpc.keepalive_time_ms': 10_000,
        'grpc.keepalive_timeout_ms': 10_000,
        // Of a shared pool, a client made anew would wait out the failed one's growing back-off: a member that is back stays "unreachable".
        'grpc.use_local_subchannel_pool': 1,
        'grpc.enable_retries': 0,
        // A proxy of the environment is for the web; etcd lies in the own network.
        'grpc.enable_http_proxy': 0,
        ...(tls?.serverName !== undefined && { 'grpc.ssl_target_name_override': tls.serverName }),
      },
    });
  } catch (error) {
    throw etcdError(error, about);
  }
}
