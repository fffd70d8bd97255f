import type { LastRevision, SnapshotHashKv, SnapshotProgress, SnapshotReport } from './report.js';

/** How a reading is watched and ended. */
export interface ReadOptions {
  readonly signal: AbortSignal;
  /** Called a few times a second at most. */
  readonly onProgress?: (progress: SnapshotProgress) => void;
}

/** Which HashKV is asked for. */
export interface HashKvRequest {
  /** Up to and including this revision; absent: the current one. */
  readonly revision?: bigint;
  /** As the server to compare with answers it; absent: the file's own. */
  readonly compactRevision?: bigint;
  /**
   * Servers before 3.4.34 and 3.5.16 also hash a tombstone at the very revision of the compaction when nothing
   * else is live; see `hashesCompactedTombstone`.
   */
  readonly hashCompactedTombstone?: boolean;
}

/** Reads snapshot files away from the caller's thread. Everything rejects with a KnownError, `CANCELLED` included. */
export interface SnapshotReader {
  /** The sha256 trailer, the structure, every value, and all that can be said of the file. */
  verify(path: string, options: ReadOptions): Promise<SnapshotReport>;
  /** HashKV of the file at a revision, to compare with a live server's. Does not check the trailer. */
  hashKv(path: string, request: HashKvRequest, options: ReadOptions): Promise<SnapshotHashKv>;
  /** The last revision of a database that no etcd has open, by its rightmost path: milliseconds at any size. */
  lastRevision(path: string, options: Pick<ReadOptions, 'signal'>): Promise<LastRevision>;
}
