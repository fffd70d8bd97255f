import type { Alarm, EndpointStatus, HashKv, MemberList } from '../../core/cluster/status.js';
import type { WireAlarms, WireHashKv, WireMembers, WireStatus } from './wire.js';

/** The status in our words; fields of 3.6 that an older server leaves empty are absent. */
export function statusOf(endpoint: string, wire: WireStatus): EndpointStatus {
  const { downgradeInfo: downgrade } = wire;
  return {
    endpoint,
    clusterId: BigInt(wire.header.cluster_id), memberId: BigInt(wire.header.member_id),
    version: wire.version,
    dbSize: Number(wire.dbSize), dbSizeInUse: Number(wire.dbSizeInUse),
    leaderId: BigInt(wire.leader), isLearner: wire.isLearner,
    raftTerm: BigInt(wire.raftTerm), raftIndex: BigInt(wire.raftIndex), raftAppliedIndex: BigInt(wire.raftAppliedIndex),
    revision: BigInt(wire.header.revision),
    errors: wire.errors,
    ...(wire.storageVersion && { storageVersion: wire.storageVersion }),
    ...(wire.dbSizeQuota && wire.dbSizeQuota !== '0' && { dbSizeQuota: Number(wire.dbSizeQuota) }),
    ...(downgrade && { downgrade: { enabled: downgrade.enabled, targetVersion: downgrade.targetVersion } }),
  };
}

/** The member list in our words. */
export const membersOf = (wire: WireMembers): MemberList => ({
  clusterId: BigInt(wire.header.cluster_id),
  members: wire.members.map(m => ({ id: BigInt(m.ID), name: m.name, peerUrls: m.peerURLs, clientUrls: m.clientURLs, isLearner: m.isLearner })),
});

/** The alarms that are raised. */
export const alarmsOf = (wire: WireAlarms): readonly Alarm[] => wire.alarms.flatMap(({ memberID, alarm }) => {
  const kind = alarm === 'Nospace' ? 'NOSPACE' : alarm === 'Corrupt' ? 'CORRUPT' : undefined;
  return kind === undefined ? [] : [{ memberId: BigInt(memberID), kind }];
});

/** A HashKV; before 3.6 the hashed revision is the one asked for, or with 0n the header's, which is taken under the same lock. */
export function hashKvOf(asked: bigint, wire: WireHashKv): HashKv {
  const told = BigInt(wire.hash_revision ?? '0');
  const revision = told !== 0n ? told : asked !== 0n ? asked : BigInt(wire.header.revision);
  return { hash: wire.hash, revision, compactRevision: BigInt(wire.compact_revision) };
}
