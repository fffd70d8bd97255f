import { KnownError } from '../errors.js';
import { hexId } from './status.js';
import type { EndpointStatus } from './status.js';

/** Who is meant to be behind an endpoint. */
export interface Identity {
  readonly clusterId: bigint;
  readonly memberId: bigint;
}

/** Throws `ETCD_WRONG_CLUSTER` or `ETCD_WRONG_MEMBER` where an answer comes from somebody else than expected. */
export function checkIdentity(status: Pick<EndpointStatus, 'endpoint' | 'clusterId' | 'memberId'>, expected: Identity): void {
  const { endpoint } = status;
  if (status.clusterId !== expected.clusterId) {
    throw new KnownError('ETCD_WRONG_CLUSTER', { endpoint, expected: hexId(expected.clusterId), found: hexId(status.clusterId) });
  }
  if (status.memberId !== expected.memberId) {
    throw new KnownError('ETCD_WRONG_MEMBER', { endpoint, expected: hexId(expected.memberId), found: hexId(status.memberId) });
  }
}
