import type { Slice } from './compare.js';
import { compareBytes } from './compare.js';
import type { Page, Pages } from './pages.js';
import { pageHeader } from './pages.js';

const ELEMENT = 16;

/** The children of a branch page, copied out of memory, since reading them overwrites it. */
export interface Branch {
  readonly ids: Float64Array;
  /** The least key each child may hold; all of them less than the next one's. */
  readonly keys: readonly Slice[];
}

/** Reads and checks all children of a branch page. */
export function readBranch(pages: Pages, page: Page): Branch {
  const { words, bytes } = pages.memory;
  if (page.count === 0) throw pages.damaged('EMPTY_BRANCH', page.id);
  const first = page.at + pageHeader;
  const data = first + page.count * ELEMENT;
  if (data > page.end) throw pages.damaged('PAGE_COUNT', page.id);
  const ids = new Float64Array(page.count);
  const keys: Slice[] = [];
  const copy = bytes.slice(page.at, page.end);
  for (let i = 0, element = first; i < page.count; i++, element += ELEMENT) {
    const word = element >>> 2;
    const at = element + (words[word] ?? 0);
    const size = words[word + 1] ?? 0;
    if (at < data || at + size > page.end) throw pages.damaged('ELEMENT_BOUNDS', page.id);
    const key = { bytes: copy, at: at - page.at, size };
    const previous = keys.at(-1);
    if (previous && compareSlices(previous, key) >= 0) throw pages.damaged('KEY_ORDER', page.id);
    keys.push(key);
    ids[i] = (words[word + 2] ?? 0) + (words[word + 3] ?? 0) * 2 ** 32;
  }
  return { ids, keys };
}

/** Byte order of two keys. */
export const compareSlices = (a: Slice, b: Slice): number => compareBytes(a.bytes, a.at, a.size, b.bytes, b.at, b.size);
