/** What can be wrong with a snapshot file, as a code; the arguments name the file and the place in it. */
export type SnapshotErrorCode =
  /** args: path */
  | 'SNAPSHOT_EMPTY'
  /** A download that did not finish. args: path */
  | 'SNAPSHOT_PARTIAL'
  /** args: path, format (gzip, zstd, xz, bzip2, zip, tar) */
  | 'SNAPSHOT_PACKED'
  /** args: path */
  | 'SNAPSHOT_NOT_ETCD'
  /** A database, but of another program. args: path */
  | 'SNAPSHOT_NOT_ETCD_DATABASE'
  /** args: path, size, expected (bytes) */
  | 'SNAPSHOT_TRUNCATED'
  /** args: path, extra (bytes after the end) */
  | 'SNAPSHOT_TRAILING_BYTES'
  /** args: path, recorded, computed (hex sha256) */
  | 'SNAPSHOT_HASH_MISMATCH'
  /** args: path, reason (DamageReason), page, bucket */
  | 'SNAPSHOT_DAMAGED'
  /** The file changed while it was read. args: path */
  | 'SNAPSHOT_CHANGED'
  /** args: path, page, size, limit (bytes) */
  | 'SNAPSHOT_PAGE_TOO_LARGE'
  /** HashKV below the compaction. args: revision, compactRevision */
  | 'SNAPSHOT_REVISION_COMPACTED'
  /** HashKV above the last revision. args: revision, currentRevision */
  | 'SNAPSHOT_REVISION_FUTURE';

/** Why the structure or a value cannot be trusted. */
export type DamageReason =
  | 'META' | 'PAGE_ID' | 'PAGE_FLAGS' | 'PAGE_BOUNDS' | 'PAGE_TWICE' | 'PAGE_COUNT' | 'EMPTY_BRANCH' | 'DEPTH'
  | 'ELEMENT_BOUNDS' | 'ELEMENT_FLAGS' | 'KEY_ORDER' | 'KEY_PARENT' | 'NOT_A_BUCKET' | 'NESTED_BUCKET' | 'BUCKET_HEADER'
  | 'FREELIST' | 'REVISION_KEY' | 'KEY_VALUE' | 'MEMBER' | 'LEASE' | 'ALARM' | 'AUTH' | 'META_VALUE' | 'CLUSTER_VALUE';
