/** A piece of bytes, by place and length. */
export interface Slice {
  readonly bytes: Uint8Array;
  readonly at: number;
  readonly size: number;
}

/** Byte order of two pieces of the same memory: negative, 0 or positive. */
export function compareBytes(a: Uint8Array, aAt: number, aSize: number, b: Uint8Array, bAt: number, bSize: number): number {
  const shorter = aSize < bSize ? aSize : bSize;
  for (let i = 0; i < shorter; i++) {
    const difference = (a[aAt + i] ?? 0) - (b[bAt + i] ?? 0);
    if (difference !== 0) return difference;
  }
  return aSize - bSize;
}
