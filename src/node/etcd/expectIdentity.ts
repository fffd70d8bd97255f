import { checkIdentity } from '../../core/cluster/identity.js';
import type { Identity } from '../../core/cluster/identity.js';
import type { EndpointStatus, EtcdEndpoint } from '../../core/cluster/status.js';

/**
 * Asks the endpoint who it is and rejects with `ETCD_WRONG_CLUSTER` or `ETCD_WRONG_MEMBER` if that is not the expected
 * one. Called before anything that changes a running etcd: an address can lead elsewhere than it did yesterday.
 */
export async function expectIdentity(etcd: EtcdEndpoint, expected: Identity, signal: AbortSignal): Promise<EndpointStatus> {
  const status = await etcd.status(signal);
  checkIdentity(status, expected);
  return status;
}
