import { assemble } from './assemble.js';
import { dataStart, kernel, kernelTables } from './kernel.js';
import { slicingTables } from './script.js';

/**
 * The memory that pages are read into and hashed in, without a copy. Its first `dataStart` bytes belong to the
 * hash. What was never written to takes no memory of the machine.
 */
export interface PageMemory {
  readonly bytes: Uint8Array;
  /** The same memory in little-endian words. */
  readonly words: Uint32Array;
  readonly view: DataView;
  /** The raw CRC-32C state (no inversions) after the bytes from `at` up to `end`. */
  crc(state: number, at: number, end: number): number;
}

/** The longest page, with its overflow, that is read: etcd refuses requests far below. Bytes. */
export const longestPage = 64 * 1024 * 1024;

const size = dataStart + longestPage + 64 * 1024;
const LONG = 128;

/** WebAssembly where there is any, else plain JavaScript. */
export const pageMemory = (): PageMemory => typeof WebAssembly === 'undefined' ? scriptMemory() : wasmMemory();

/** Folds with SIMD; see `kernel.ts`. */
export function wasmMemory(): PageMemory {
  const memory = new WebAssembly.Memory({ initial: Math.ceil(size / 65536) });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(assemble(kernel)), { env: { memory } });
  const { update, fold } = exports as unknown as Record<'update' | 'fold', (state: number, at: number, end: number) => number>;
  const bytes = new Uint8Array(memory.buffer);
  bytes.set(kernelTables());
  return { ...views(memory.buffer), crc: (state, at, end) => end - at < LONG ? update(state, at, end) : fold(state, at, end) };
}

/** Four bytes at a time by four tables. */
export function scriptMemory(): PageMemory {
  const buffer = new ArrayBuffer(size);
  const memory = views(buffer);
  const tables = slicingTables(4);
  return {
    ...memory,
    crc(state, from, end) {
      const { bytes, view } = memory;
      let at = from;
      let word = state;
      for (; at + 4 <= end; at += 4) {
        word ^= view.getUint32(at, true);
        word = (tables[768 + (word & 0xff)] ?? 0) ^ (tables[512 + ((word >>> 8) & 0xff)] ?? 0)
          ^ (tables[256 + ((word >>> 16) & 0xff)] ?? 0) ^ (tables[word >>> 24] ?? 0);
      }
      for (; at < end; at++) word = (word >>> 8) ^ (tables[(word ^ (bytes[at] ?? 0)) & 0xff] ?? 0);
      return word;
    },
  };
}

const views = (buffer: ArrayBuffer): Pick<PageMemory, 'bytes' | 'words' | 'view'> =>
  ({ bytes: new Uint8Array(buffer), words: new Uint32Array(buffer), view: new DataView(buffer) });
