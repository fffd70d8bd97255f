/** What a snapshot file says of itself and of the cluster it came from. Ids and revisions are BigInt, sizes bytes. */

/** `snapshot`: made by `snapshot save`, ends in a sha256. `database`: a bare bbolt file, as in `member/snap/db`. */
export type SnapshotKind = 'snapshot' | 'database';

/** The very file that was read: a plan pins it by these. */
export interface SnapshotFile {
  readonly path: string;
  /** Bytes, the trailer included. */
  readonly size: number;
  /** Modification time in milliseconds since 1970. */
  readonly mtimeMs: number;
  /** Lowercase hex sha256 of the whole file, as `sha256sum` prints it. */
  readonly sha256: string;
}

/** A member as the `members` bucket records it. Restored by etcd 3.4, this is still the old cluster's. */
export interface RecordedMember {
  readonly id: bigint;
  /** Empty while it had not started. */
  readonly name: string;
  readonly peerUrls: readonly string[];
  readonly clientUrls: readonly string[];
  readonly isLearner: boolean;
}

/** An alarm that was raised when the snapshot was made. */
export interface RecordedAlarm {
  readonly memberId: bigint;
  readonly kind: 'NOSPACE' | 'CORRUPT' | 'UNKNOWN';
}

/** `totalKey` of `snapshot status` has two meanings; each is labelled by the tools that print it. */
export interface TotalKeys {
  /** Every entry of every bucket: printed by etcdctl and etcdutl up to 3.5. */
  readonly upTo35: number;
  /** Distinct live keys: printed by etcdutl 3.6 and later (which counts the placeholder of a bumped restore). */
  readonly since36: number;
}

/** Raft's configuration as recorded since etcd 3.5. */
export interface RecordedConfState {
  readonly voters: readonly bigint[];
  readonly learners: readonly bigint[];
}

/** Authentication as recorded: how many, never who or with what. */
export interface RecordedAuth {
  readonly enabled: boolean;
  readonly revision: bigint;
  readonly users: number;
  readonly roles: number;
}

/** How the values of all revisions are stored, by their first bytes. Tombstones and empty placeholders are not counted. */
export interface ValueCounts {
  /** Encrypted at rest by Kubernetes (`k8s:enc:`). */
  readonly encrypted: number;
  /** Kubernetes' protobuf envelope (`k8s\0`). */
  readonly protobuf: number;
  /** Anything else, JSON included. */
  readonly plain: number;
  /**
   * Provider and key name of the encrypted values, such as `aescbc:v1:key1`, sorted, at most 16: a restored cluster
   * needs an EncryptionConfiguration with these keys.
   */
  readonly encryptionKeys: readonly string[];
}

/** Entries and live keys of the `key` bucket. */
export interface KeyCounts {
  /** Entries: every stored revision of every key, tombstones included. */
  readonly revisions: number;
  readonly tombstones: number;
  /** Distinct keys that exist at the last revision; without the placeholder of a bumped restore. */
  readonly live: number;
  /** Entries with an empty value that `restore --bump-revision` writes. */
  readonly placeholders: number;
}

/** HashKV as the server's RPC computes it. */
export interface SnapshotHashKv {
  /** CRC-32C, unsigned. */
  readonly hash: number;
  /** Hashed up to and including this revision. */
  readonly revision: bigint;
  /** The compaction it was computed with; 0n for none, where the server's RPC says 0 or -1. */
  readonly compactRevision: bigint;
}

/** What `snapshot status` prints and more. */
export interface SnapshotStatus {
  /** CRC-32C over every bucket, unsigned, as `snapshot status` computes it. Differs between members by design. */
  readonly hash: number;
  /** Main revision of the last entry in `key`, as `snapshot status` prints it; 0n when there is none. */
  readonly revision: bigint;
  /** The revision a server reports that starts from this file: also counts compactions. */
  readonly currentRevision: bigint;
  /** Main revision of the first entry still stored; 0n when there is none. */
  readonly firstRevision: bigint;
  /** The latest compaction, finished or scheduled; 0n for none. */
  readonly compactRevision: bigint;
  readonly totalKeys: TotalKeys;
  readonly keys: KeyCounts;
  /** High-water mark times page size: `totalSize` of `snapshot status`. */
  readonly totalSize: number;
  /** Bytes of pages in use by the tree; the rest of `totalSize` is free and goes with a defragmentation. */
  readonly sizeInUse: number;
  readonly pageSize: number;
  /** etcd 3.6 and later, such as `3.6.0`. */
  readonly storageVersion?: string;
  /** Such as `3.5.0`; absent in a cluster that has not agreed on one yet. */
  readonly clusterVersion?: string;
  readonly consistentIndex?: bigint;
  /** etcd 3.5 and later. */
  readonly term?: bigint;
  /** etcd 3.5 and later. */
  readonly confState?: RecordedConfState;
  /** Sorted by id. */
  readonly members: readonly RecordedMember[];
  readonly removedMembers: readonly bigint[];
  readonly alarms: readonly RecordedAlarm[];
  readonly auth: RecordedAuth;
  readonly leases: number;
  readonly values: ValueCounts;
  /** Entries per bucket, in the file's order. */
  readonly buckets: Readonly<Record<string, number>>;
}

/** The outcome of a verification that found nothing wrong; whatever is wrong is a KnownError instead. */
export interface SnapshotReport {
  readonly file: SnapshotFile;
  readonly kind: SnapshotKind;
  /** `absent` in a bare database: structure and values were checked, but no hash vouches for the values. */
  readonly trailer: 'matches' | 'absent';
  readonly status: SnapshotStatus;
  /** At `currentRevision`: what a live server that holds the same data answers. */
  readonly hashKv: SnapshotHashKv;
  /**
   * The hash that servers before 3.4.34 and 3.5.16 answer instead, where it is another one: nothing lives, and the
   * latest compaction stands at a deletion.
   */
  readonly olderHash?: number;
  /** Seed of `foretellHashKv`: CRC-32C over the live entries alone. */
  readonly liveHash: number;
}

/** How far a reading has come, in bytes of the file; the two passes run side by side. */
export interface SnapshotProgress {
  readonly done: number;
  readonly total: number;
}

/** What a stopped member's database says quickly, without reading all of it. */
export interface LastRevision {
  /** Greatest main revision of an entry; 0n when there is none. */
  readonly revision: bigint;
  /** As of a server that starts from it: also counts compactions. */
  readonly currentRevision: bigint;
  readonly consistentIndex?: bigint;
  readonly term?: bigint;
  readonly clusterVersion?: string;
  readonly storageVersion?: string;
  readonly members: readonly RecordedMember[];
}
