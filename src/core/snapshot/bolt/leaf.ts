import { compareBytes } from './compare.js';
import type { Page, Pages } from './pages.js';
import { pageHeader } from './pages.js';

const ELEMENT = 16;
const BUCKET_FLAG = 1;

/**
 * The entries of one leaf page, by their addresses in the `PageMemory`. One object is filled again for every page, so that
 * reading millions of entries makes no garbage.
 */
export class Leaf {
  count = 0;
  page = 0;
  /** Whether the entries lie without gaps and in order, so that they can be hashed in one piece. */
  isContiguous = false;
  /** Whether an entry, and whether any, is a bucket. */
  isBucket = new Uint8Array(0);
  hasBuckets = false;
  keyAt = new Uint32Array(0);
  /** The value starts here: right after the key. */
  valueAt = new Uint32Array(0);
  end = new Uint32Array(0);

  /** Reads and checks all entries of a page: their bounds, their flags and their order. */
  read(pages: Pages, page: Page): void {
    this.#ensure(page.count);
    this.count = page.count;
    this.page = page.id;
    this.isContiguous = true;
    this.hasBuckets = false;
    const { words, bytes } = pages.memory;
    const first = page.at + pageHeader;
    const data = first + page.count * ELEMENT;
    if (data > page.end) throw pages.damaged('PAGE_COUNT', page.id);
    for (let i = 0, element = first; i < page.count; i++, element += ELEMENT) {
      const word = element >>> 2;
      const flags = words[word] ?? 0;
      const keyAt = element + (words[word + 1] ?? 0);
      const valueAt = keyAt + (words[word + 2] ?? 0);
      const end = valueAt + (words[word + 3] ?? 0);
      if (keyAt < data || end > page.end) throw pages.damaged('ELEMENT_BOUNDS', page.id);
      if (flags > BUCKET_FLAG) throw pages.damaged('ELEMENT_FLAGS', page.id);
      if (i > 0) {
        const previous = this.keyAt[i - 1] ?? 0;
        const size = (this.valueAt[i - 1] ?? 0) - previous;
        if (compareBytes(bytes, previous, size, bytes, keyAt, valueAt - keyAt) >= 0) throw pages.damaged('KEY_ORDER', page.id);
        if (this.end[i - 1] !== keyAt) this.isContiguous = false;
      }
      this.isBucket[i] = flags;
      if (flags !== 0) this.hasBuckets = true;
      this.keyAt[i] = keyAt;
      this.valueAt[i] = valueAt;
      this.end[i] = end;
    }
  }

  /** The raw CRC-32C state after the entries from `from` up to `to`, key and value each. */
  crc(pages: Pages, state: number, from: number, to: number): number {
    if (from >= to) return state;
    if (this.isContiguous) return pages.memory.crc(state, this.keyAt[from] ?? 0, this.end[to - 1] ?? 0);
    let crc = state;
    for (let i = from; i < to; i++) crc = pages.memory.crc(crc, this.keyAt[i] ?? 0, this.end[i] ?? 0);
    return crc;
  }

  /** Bytes of all keys and values. */
  length(): number {
    let length = 0;
    for (let i = 0; i < this.count; i++) length += (this.end[i] ?? 0) - (this.keyAt[i] ?? 0);
    return length;
  }

  #ensure(count: number): void {
    if (count <= this.keyAt.length) return;
    const size = Math.max(256, count * 2);
    this.isBucket = new Uint8Array(size);
    this.keyAt = new Uint32Array(size);
    this.valueAt = new Uint32Array(size);
    this.end = new Uint32Array(size);
  }
}
