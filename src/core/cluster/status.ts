import type { ErrorCode, Message } from '../errors.js';

/** What a running etcd says of itself. 64-bit numbers stay exact: ids, terms, indexes and revisions are BigInt. */

/** One line of the member list. */
export interface MemberEntry {
  readonly id: bigint;
  /** Empty while the member has not started yet. */
  readonly name: string;
  readonly peerUrls: readonly string[];
  readonly clientUrls: readonly string[];
  readonly isLearner: boolean;
}

export interface MemberList {
  readonly clusterId: bigint;
  readonly members: readonly MemberEntry[];
}

/** The answer of one endpoint to Maintenance.Status. Sizes are bytes. */
export interface EndpointStatus {
  readonly endpoint: string;
  readonly clusterId: bigint;
  readonly memberId: bigint;
  readonly version: string;
  readonly dbSize: number;
  readonly dbSizeInUse: number;
  /** 0n when it knows no leader. */
  readonly leaderId: bigint;
  readonly isLearner: boolean;
  readonly raftTerm: bigint;
  readonly raftIndex: bigint;
  readonly raftAppliedIndex: bigint;
  readonly revision: bigint;
  /** Alarms and the lack of a leader, in etcd's words: `memberID:… alarm:NOSPACE `. */
  readonly errors: readonly string[];
  /** etcd 3.6 and later. */
  readonly storageVersion?: string;
  /** etcd 3.6 and later. */
  readonly dbSizeQuota?: number;
  /** etcd 3.6 and later. */
  readonly downgrade?: { readonly enabled: boolean; readonly targetVersion: string };
}

export interface Alarm {
  readonly memberId: bigint;
  readonly kind: 'NOSPACE' | 'CORRUPT';
}

/** The outcome of a linearizable read through one endpoint. */
export type Health =
  | { readonly healthy: true; readonly tookMs: number }
  | { readonly healthy: false; readonly tookMs: number; readonly reason: Message<ErrorCode> };

export interface HashKv {
  /** CRC-32C as an unsigned 32-bit number. */
  readonly hash: number;
  /** The revision that was hashed up to. */
  readonly revision: bigint;
  readonly compactRevision: bigint;
}

/** One message of the snapshot stream. */
export interface SnapshotChunk {
  /** What it holds of the file, in pieces: views of larger buffers. */
  readonly blobs: readonly Uint8Array[];
  /** Bytes of the database still to come after this message; the trailer is not counted. */
  readonly remainingBytes: number;
  /** The storage version of the database; etcd 3.6 and later. */
  readonly version?: string;
}

/** One endpoint of a running etcd; exactly one server is behind it. Every call rejects with a KnownError. */
export interface EtcdEndpoint {
  readonly endpoint: string;
  status(signal: AbortSignal): Promise<EndpointStatus>;
  /** Answered without quorum where the server allows it (`linearizable: false`, etcd 3.5 and later). */
  members(signal: AbortSignal): Promise<MemberList>;
  /**
   * Goes through consensus: needs a quorum and appends to the log, so do not poll it. `EndpointStatus.errors` names
   * alarms too, without either.
   */
  alarms(signal: AbortSignal): Promise<readonly Alarm[]>;
  /** Never rejects for a sick etcd: that is an answer. */
  health(signal: AbortSignal): Promise<Health>;
  /** `revision` 0n: the server's current one. */
  hashKv(revision: bigint, signal: AbortSignal): Promise<HashKv>;
  /**
   * The raw stream of Maintenance.Snapshot: the database, then 32 bytes of sha256. Read it to its end: the last
   * message of the database already says that nothing remains. Several messages come at once, the very first among
   * them. Without a deadline, but a dead peer is noticed.
   */
  snapshot(signal: AbortSignal): AsyncIterable<readonly SnapshotChunk[]>;
  /** Ends every connection. Safe to call twice. */
  close(): void;
}

/** A 64-bit id as etcd prints it: `%x`, not padded. */
export const hexId = (id: bigint): string => id.toString(16);
