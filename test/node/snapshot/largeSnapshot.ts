import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import type { Entry } from '../../core/snapshot/boltWriter.js';
import { BoltWriter } from '../../core/snapshot/boltWriter.js';
import { keyEntry, leaseEntry, writeEtcd } from '../../core/snapshot/etcdEntries.js';

export interface LargeSnapshotOptions {
  /** About so many bytes. */
  readonly size: number;
  /** Bytes of each value; 4000 unless told. */
  readonly valueSize?: number;
  /** Lays the leaves out in a random order, as churn does to a database that is never defragmented. */
  readonly scattered?: boolean;
}

const kinds = ['pods', 'configmaps', 'secrets', 'events', 'leases/kube-node-lease', 'deployments', 'replicasets', 'endpointslices'];

/**
 * Writes a snapshot in the shape of a Kubernetes cluster's: each object was updated now and then, deletions among them, the older
 * half is compacted. The same for the same options.
 */
export function writeLargeSnapshot(path: string, { size, valueSize = 4000, scattered = false }: LargeSnapshotOptions): void {
  const fd = openSync(path, 'w+', 0o600);
  try {
    const entries = Math.floor(size / (valueSize < 1024 ? valueSize + 150 : (Math.ceil((valueSize + 150) / 2048) * 2048)));
    const random = generator(42);
    const writer = new BoltWriter(
      (page, bytes) => { writeSync(fd, bytes, 0, bytes.length, page * writer.pageSize); },
      scattered ? { allocate: scatter(entries >> 1, random) } : {},
    );
    const leases = Array.from({ length: 20 }, (_, i) => leaseEntry(0x7000n + BigInt(i)));
    writeEtcd(writer, { keys: keys(entries, valueSize, random), compactRevision: BigInt(entries >> 1), leases });
    const end = writer.finish();
    const hash = createHash('sha256');
    const block = Buffer.alloc(1 << 20);
    for (let at = 0; at < end;) {
      const got = readSync(fd, block, 0, Math.min(block.length, end - at), at);
      hash.update(block.subarray(0, got));
      at += got;
    }
    writeSync(fd, hash.digest(), 0, 32, end);
  } finally {
    closeSync(fd);
  }
}

function* keys(count: number, valueSize: number, random: () => number): Generator<Entry> {
  const pool = Uint8Array.from({ length: valueSize * 8 }, () => random() * 256);
  pool.set([0x6b, 0x38, 0x73, 0]);
  for (let i = 0; i < count; i++) {
    const object = Math.floor(random() * count * 0.7);
    const key = `/registry/${kinds[object % kinds.length] ?? ''}/namespace-${object % 97}/object-${object.toString(36).padStart(12, '0')}`;
    const at = Math.floor(random() * valueSize * 7);
    const main = BigInt(i + 2);
    yield keyEntry(random() < 0.02 ? { main, key } : { main, key, value: pool.subarray(at, at + valueSize) });
  }
}

/** Gives runs of three pages out in a random order, and longer or shorter ones behind them. */
function scatter(count: number, random: () => number): (pages: number) => number {
  const order = Uint32Array.from({ length: count + 64 }, (_, i) => i);
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j] ?? 0, order[i] ?? 0];
  }
  let next = 0;
  let behind = 2 + order.length * 3;
  return pages => {
    if (pages === 3 && next < order.length) return 2 + (order[next++] ?? 0) * 3;
    behind += pages;
    return behind - pages;
  };
}

/** Random numbers in [0, 1), the same for the same seed (mulberry32). */
export function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
