import { KnownError } from '../../errors.js';
import type { RandomAccessFile } from '../../ports.js';
import { dataStart } from '../crc32c/kernel.js';
import type { PageMemory } from '../crc32c/pageMemory.js';
import { longestPage } from '../crc32c/pageMemory.js';
import type { DamageReason } from '../errors.js';
import { damage } from './damage.js';
import type { Meta } from './meta.js';

export const pageHeader = 16;
export const branchFlag = 1;
export const leafFlag = 2;
export const freelistFlag = 0x10;

/** A page that lies in memory until the next one is loaded. Addresses are those of the `PageMemory`. */
export interface Page {
  readonly id: number;
  readonly flags: number;
  readonly count: number;
  readonly at: number;
  /** After its last overflow page. */
  readonly end: number;
}

/**
 * Reads pages through one window of memory, and refuses any that cannot be: a wrong number, outside the file, or
 * already part of something else. One bit per page remembers those.
 */
export class Pages {
  readonly memory: PageMemory;
  readonly path: string;
  /** How many pages were read, overflow included. */
  used = 0;
  readonly #file: RandomAccessFile;
  readonly #meta: Meta;
  readonly #seen: Uint8Array;
  #windowStart = 0;
  #windowEnd = 0;

  constructor(file: RandomAccessFile, meta: Meta, memory: PageMemory) {
    this.path = file.path;
    this.memory = memory;
    this.#file = file;
    this.#meta = meta;
    this.#seen = new Uint8Array(Math.ceil(meta.highWater / 8));
  }

  get pageSize(): number {
    return this.#meta.pageSize;
  }

  get highWater(): number {
    return this.#meta.highWater;
  }

  /** Loads a page; when it must be read, so are `ahead` bytes from page `from` on, which holds what is wanted next. */
  load(id: number, ahead: number, from = id): Page {
    const { pageSize, highWater } = this.#meta;
    if (id < 2 || id >= highWater) throw this.damaged('PAGE_BOUNDS', id);
    const offset = id * pageSize;
    if (offset < this.#windowStart || offset + pageSize > this.#windowEnd) this.#fill(Math.max(from, 2) * pageSize, Math.max((id - from + 1) * pageSize, ahead));
    let at = dataStart + offset - this.#windowStart;
    const { words } = this.memory;
    const overflow = words[(at + 12) >>> 2] ?? 0;
    if ((words[at >>> 2] ?? 0) + (words[(at + 4) >>> 2] ?? 0) * 2 ** 32 !== id) throw this.damaged('PAGE_ID', id);
    const kind = words[(at + 8) >>> 2] ?? 0;
    if (id + overflow >= highWater) throw this.damaged('PAGE_BOUNDS', id);
    const span = (1 + overflow) * pageSize;
    if (span > longestPage) throw new KnownError('SNAPSHOT_PAGE_TOO_LARGE', { path: this.path, page: id, size: span, limit: longestPage });
    this.mark(id, 1 + overflow);
    if (offset + span > this.#windowEnd) {
      this.#fill(offset, span);
      at = dataStart;
    }
    return { id, flags: kind & 0xffff, count: kind >>> 16, at, end: at + span };
  }

  /** Takes a page that lies inside an entry; `bytes` becomes the window. */
  adopt(id: number, bytes: Uint8Array): Page {
    this.memory.bytes.set(bytes, dataStart);
    this.#windowStart = this.#windowEnd = 0;
    const kind = this.memory.words[(dataStart + 8) >>> 2] ?? 0;
    return { id, flags: kind & 0xffff, count: kind >>> 16, at: dataStart, end: dataStart + bytes.length };
  }

  /** Claims pages for one use; a second one is damage. That also ends every loop. */
  mark(id: number, count: number): void {
    for (let page = id; page < id + count; page++) {
      const bit = 1 << (page & 7);
      const byte = this.#seen[page >>> 3] ?? 0;
      if (byte & bit) throw this.damaged('PAGE_TWICE', page);
      this.#seen[page >>> 3] = byte | bit;
    }
    this.used += count;
  }

  damaged(reason: DamageReason, page: number): KnownError {
    return damage(this.path, reason, page);
  }

  #fill(offset: number, wanted: number): void {
    const length = Math.min(wanted, longestPage, this.#meta.highWater * this.#meta.pageSize - offset);
    this.#windowStart = this.#windowEnd = 0;
    const got = this.#file.read(offset, this.memory.bytes.subarray(dataStart, dataStart + length));
    if (got < length) throw new KnownError('SNAPSHOT_CHANGED', { path: this.path });
    this.#windowStart = offset;
    this.#windowEnd = offset + length;
  }
}
