import { isKnown, type ErrorCode } from '../../core/errors.js';
import { hexId, type EtcdEndpoint } from '../../core/cluster/status.js';
import type { EndpointOf, Probe, Verdict } from '../../core/probe.js';
import type { ConnectMember } from '../etcd/connectMember.js';
import { sameContent } from './sameContent.js';

/** Probes that etcd itself answers. */
export type EtcdProbe = Extract<Probe, { readonly is: 'identity' | 'hashKv' | 'healthy' }>;

/** A member that cannot be reached yet is an answer, not an error: it may still be starting. */
export async function etcdProbe(connect: ConnectMember, question: EtcdProbe, signal: AbortSignal): Promise<Verdict> {
  try {
    switch (question.is) {
      case 'identity': return await connected(connect, question.member, etcd => identity(etcd, question, signal));
      case 'healthy': return await connected(connect, question.member, etcd => healthy(etcd, question.member, signal));
      case 'hashKv': return await sameContent(question, (member, revision) => connected(connect, member, etcd => etcd.hashKv(revision, signal)));
    }
  } catch (error) {
    if (!isKnown(error) || error.code === 'CANCELLED') throw error;
    if (question.is === 'identity' && question.orSilent === true && silences.has(error.code)) return { holds: true };
    return { holds: false, why: { code: error.code, args: error.args } };
  }
}

/** Nothing answers, or not in time; who answers with an error is somebody. */
const silences: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['ETCD_UNREACHABLE', 'ETCD_NO_ANSWER', 'ETCD_CONNECTION_LOST', 'ETCD_TIMEOUT']);

async function connected<T>(connect: ConnectMember, member: EndpointOf, ask: (etcd: EtcdEndpoint) => Promise<T>): Promise<T> {
  const etcd = await connect(member);
  try {
    return await ask(etcd);
  } finally {
    etcd.close();
  }
}

async function identity(etcd: EtcdEndpoint, question: Extract<Probe, { readonly is: 'identity' }>, signal: AbortSignal): Promise<Verdict> {
  const { clusterId, memberId } = await etcd.status(signal);
  // As numbers: etcd prints its ids without leading zeros.
  if (clusterId === BigInt(`0x${question.clusterId}`) && memberId === BigInt(`0x${question.memberId}`)) return { holds: true };
  return { holds: false, why: { code: 'IDENTITY_DIFFERS', args: {
    member: question.member.name, clusterId: hexId(clusterId), memberId: hexId(memberId), expectedCluster: question.clusterId, expectedMember: question.memberId,
  } } };
}

async function healthy(etcd: EtcdEndpoint, member: EndpointOf, signal: AbortSignal): Promise<Verdict> {
  const health = await etcd.health(signal);
  return health.healthy ? { holds: true } : { holds: false, why: { code: health.reason.code, args: { member: member.name, ...health.reason.args } } };
}
