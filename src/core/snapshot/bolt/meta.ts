import type { RandomAccessFile } from '../../ports.js';

/** A header page of a bbolt file. bbolt: `internal/common/meta.go`. */
export interface Meta {
  readonly pageSize: number;
  /** Page of the root bucket. */
  readonly root: number;
  /** Page of the list of free pages; absent when it was not written, as etcd does on Linux. */
  readonly freelist?: number;
  /** Pages below this number exist: the high-water mark. */
  readonly highWater: number;
  readonly txid: bigint;
}

/** The header that counts, and whether any header page at least looked like bbolt's. */
export interface Header {
  readonly meta?: Meta;
  readonly isBolt: boolean;
}

const MAGIC = 0xed0cdaed;
const VERSION = 2;
const NO_FREELIST = 0xffffffffffffffffn;
const META_FLAG = 4;
const HEADER = 16;
const LENGTH = 64;
export const smallestPage = 1024;
export const largestPage = 64 * 1024;

/**
 * Finds the valid header with the higher transaction. The second header lies one page in, and the page size is
 * written in the headers alone: so each possible place is looked at.
 */
export function readHeader(file: RandomAccessFile): Header {
  const places = [0];
  for (let size = smallestPage; size <= largestPage; size *= 2) places.push(size);
  let isBolt = false;
  let best: Meta | undefined;
  for (const place of places) {
    const bytes = new Uint8Array(HEADER + LENGTH);
    if (file.read(place, bytes) < bytes.length) continue;
    const view = new DataView(bytes.buffer);
    if (view.getUint32(HEADER, true) !== MAGIC) continue;
    isBolt = true;
    const meta = parseMeta(view);
    if (!meta || (place !== 0 && place !== meta.pageSize)) continue;
    if (!best || meta.txid > best.txid) best = meta;
  }
  return { isBolt, ...(best && { meta: best }) };
}

function parseMeta(view: DataView): Meta | undefined {
  const u64 = (at: number): bigint => view.getBigUint64(HEADER + at, true);
  const pageSize = view.getUint32(HEADER + 8, true);
  const [root, freelist, highWater] = [u64(16), u64(32), u64(40)];
  const valid = view.getUint16(8, true) === META_FLAG
    && view.getUint32(HEADER + 4, true) === VERSION
    && pageSize >= smallestPage && pageSize <= largestPage && (pageSize & (pageSize - 1)) === 0
    && u64(56) === fnv1a(new Uint8Array(view.buffer, HEADER, 56))
    && highWater >= 3n && highWater <= BigInt(Math.floor(Number.MAX_SAFE_INTEGER / pageSize))
    && root < highWater && (freelist === NO_FREELIST || freelist < highWater);
  if (!valid) return undefined;
  return {
    pageSize, root: Number(root), highWater: Number(highWater), txid: u64(48),
    ...(freelist !== NO_FREELIST && { freelist: Number(freelist) }),
  };
}

/** FNV-1a, 64 bits: the checksum of a header. */
export function fnv1a(bytes: Uint8Array): bigint {
  let hash = 0xcbf29ce484222325n;
  for (const byte of bytes) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash;
}
