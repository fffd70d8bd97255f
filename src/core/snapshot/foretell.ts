import { crc32cOf } from './crc32c/script.js';
import { hashesCompactedTombstone } from './hashKv.js';
import type { SnapshotHashKv, SnapshotReport } from './report.js';

/**
 * The HashKV that every member of the restored cluster will answer, computed before anything is touched.
 * `bump` is `--bump-revision` with `--mark-compacted`; 0n is a restore without it. `server` is the version of etcd that
 * will run, where it is known. etcd: `v3_snapshot.go` and `mvcc/hash.go`.
 */
export function foretellHashKv(report: Pick<SnapshotReport, 'status' | 'hashKv' | 'olderHash' | 'liveHash'>, bump: bigint, server?: string): SnapshotHashKv {
  if (bump === 0n) {
    const older = report.olderHash !== undefined && server !== undefined && hashesCompactedTombstone(server);
    return older ? { ...report.hashKv, hash: report.olderHash } : report.hashKv;
  }
  const revision = report.status.revision + bump;
  return { hash: crc32cOf(placeholderKey(revision), report.liveHash), revision, compactRevision: revision };
}

/** The entry a bumped restore adds; its value is empty. */
function placeholderKey(revision: bigint): Uint8Array {
  const key = new Uint8Array(17);
  new DataView(key.buffer).setBigUint64(0, revision);
  key[8] = 0x5f;
  return key;
}
