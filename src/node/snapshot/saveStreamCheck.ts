import type { SnapshotChunk } from '../../core/cluster/status.js';
import { KnownError } from '../../core/errors.js';

/** sha256 as etcd appends it to a snapshot. */
const TRAILER_BYTES = 32;

/**
 * Watches a snapshot's stream and says at its end whether it came whole. The server announces the size of the database
 * with the first message; after it come exactly 32 bytes, the sha256 of all before. etcd's source:
 * server/etcdserver/api/v3rpc/maintenance.go, Snapshot.
 */
export class SaveStreamCheck {
  readonly dbBytes: number;
  received = 0;
  private remaining = 0;
  private readonly endpoint: string;
  private readonly trailer = Buffer.alloc(TRAILER_BYTES);

  constructor(endpoint: string, dbBytes: number) {
    this.endpoint = endpoint;
    this.dbBytes = dbBytes;
  }

  /** Of the whole file, in bytes. */
  get totalBytes(): number {
    return this.dbBytes + TRAILER_BYTES;
  }

  /** Takes the next message; throws `SAVE_STREAM_TOO_LONG` when there is more than announced. */
  add({ blobs, remainingBytes }: SnapshotChunk): void {
    this.remaining = remainingBytes;
    for (const blob of blobs) this.count(blob);
  }

  private count(blob: Uint8Array): void {
    if (this.received + blob.length > this.totalBytes) {
      throw new KnownError('SAVE_STREAM_TOO_LONG', { endpoint: this.endpoint, total: this.totalBytes });
    }
    const ofDb = Math.min(blob.length, Math.max(0, this.dbBytes - this.received));
    if (ofDb < blob.length) this.trailer.set(blob.subarray(ofDb), this.received + ofDb - this.dbBytes);
    this.received += blob.length;
  }

  /** Throws `SAVE_STREAM_CUT` or `SAVE_TRAILER_MISSING` unless everything has come. */
  finish(): void {
    const { endpoint, received } = this;
    if (received < this.dbBytes || this.remaining !== 0) throw new KnownError('SAVE_STREAM_CUT', { endpoint, received, total: this.dbBytes });
    if (received < this.totalBytes) throw new KnownError('SAVE_TRAILER_MISSING', { endpoint });
  }

  /** Throws `SAVE_HASH_MISMATCH` unless the server says the same of what it sent; `found` is the sha256 of what came, in hex. */
  compare(found: string): void {
    const { endpoint } = this;
    const expected = this.trailer.toString('hex');
    if (found !== expected) throw new KnownError('SAVE_HASH_MISMATCH', { endpoint, found, expected });
  }
}

/** The first message tells how much will come. Throws `SAVE_STREAM_CUT` when there is none. */
export function beginStream(endpoint: string, batch: IteratorResult<readonly SnapshotChunk[], unknown>): { readonly check: SaveStreamCheck; readonly version: string | undefined } {
  const [first] = batch.done === true ? [] : batch.value;
  if (first === undefined) throw new KnownError('SAVE_STREAM_CUT', { endpoint, received: 0, total: '?' });
  return { check: new SaveStreamCheck(endpoint, first.blobs.reduce((sum, blob) => sum + blob.length, first.remainingBytes)), version: first.version };
}
