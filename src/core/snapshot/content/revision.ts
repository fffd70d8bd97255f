/** Keys of the `key` bucket: main revision, `_`, sub-revision, and a `t` when it deletes. etcd: `mvcc/revision.go`. */

export const revisionLength = 17;
const UNDERSCORE = 0x5f;
const TOMBSTONE = 0x74;

/** Whether the bytes are a revision, of a deletion or not; neither number may be negative. */
export function isRevision(bytes: Uint8Array, at: number, size: number): boolean {
  if (size !== revisionLength && size !== revisionLength + 1) return false;
  if (size > revisionLength && bytes[at + revisionLength] !== TOMBSTONE) return false;
  return bytes[at + 8] === UNDERSCORE && (bytes[at] ?? 0) < 0x80 && (bytes[at + 9] ?? 0) < 0x80;
}

/** The main revision at an address. */
export const mainRevision = (view: DataView, at: number): bigint => view.getBigUint64(at);

/** Compares the main revision at an address with two words: negative, 0 or positive. */
export function compareMain(view: DataView, at: number, high: number, low: number): number {
  const difference = view.getUint32(at) - high;
  return difference === 0 ? view.getUint32(at + 4) - low : difference;
}

/** A revision as two unsigned words, for `compareMain`. */
export const wordsOf = (revision: bigint): readonly [high: number, low: number] =>
  [Number(revision >> 32n), Number(revision & 0xffffffffn)];
