import type { EtcdEndpoint } from '../../core/cluster/status.js';
import { codeOf, isKnown, KnownError } from '../../core/errors.js';
import type { EndpointOf } from '../../core/probe.js';
import type { DialingHost } from '../host/dialingHost.js';
import { openTunnel, type Tunnel } from '../host/tunnel.js';
import { connectEtcd } from './connectEtcd.js';
import { targetOf } from './target.js';

/** Opens a client to the one server behind a member's endpoint. The caller closes it. */
export type ConnectMember = (member: EndpointOf) => Promise<EtcdEndpoint>;

/** Milliseconds to get through to a member's port on a host that answers. */
const PATIENCE = 10_000;

/**
 * Connects to members: straight, or through the SSH connection of the host each runs on, where its certificate and key are
 * read into memory and nowhere else. Rejects as `connectEtcd` does, and with what stands between here and the host.
 */
export const connectMember = (hosts: { get(name: string): DialingHost | undefined }): ConnectMember => async ({ endpoint, tls, through }) => {
  if (through === undefined) return connectEtcd(endpoint, tls);
  const host = hosts.get(through);
  if (host === undefined) throw new KnownError('HOST_UNKNOWN', { host: through });
  const tunnel = await openTunnel(host, targetOf(endpoint, tls !== undefined).address, AbortSignal.timeout(PATIENCE)).catch((error: unknown) => { throw notThrough(endpoint, error); });
  try {
    const etcd = await connectEtcd(endpoint, tls, { via: { address: tunnel.address, read: path => readWhole(host, path) } });
    return { ...etcd, close: () => { closeBoth(etcd, tunnel); } };
  } catch (error) {
    tunnel.close();
    throw error;
  }
};

/** The host answers and nobody listens there: that is what a member looks like that is down. */
function notThrough(endpoint: string, error: unknown): unknown {
  if (isKnown(error) && error.code === 'HOST_DIAL_FAILED') return new KnownError('ETCD_UNREACHABLE', { endpoint, reason: String(error.args['reason'] ?? '') }, { cause: error });
  return codeOf(error) === 'CANCELLED' || error instanceof Error && error.name === 'TimeoutError' ? new KnownError('ETCD_NO_ANSWER', { endpoint, seconds: PATIENCE / 1000 }, { cause: error }) : error;
}

async function readWhole(host: DialingHost, path: string): Promise<Buffer> {
  const text = await host.read(path);
  if (text === undefined) throw new KnownError('FILE_UNREADABLE', { path: `${host.name}:${path}`, reason: 'ENOENT' });
  return Buffer.from(text, 'utf8');
}

function closeBoth(etcd: EtcdEndpoint, tunnel: Tunnel): void {
  etcd.close();
  tunnel.close();
}
