import type { Meta } from './meta.js';
import type { Pages } from './pages.js';
import { freelistFlag, pageHeader } from './pages.js';

const MANY = 0xffff;

/** Checks the list of free pages where there is one; call it last, since no page in use may be on it. */
export function checkFreelist(pages: Pages, meta: Meta): void {
  if (meta.freelist === undefined) return;
  const page = pages.load(meta.freelist, meta.pageSize);
  const { words } = pages.memory;
  if (page.flags !== freelistFlag) throw pages.damaged('FREELIST', page.id);
  const u64 = (at: number): number => (words[at >>> 2] ?? 0) + (words[(at + 4) >>> 2] ?? 0) * 2 ** 32;
  const isLong = page.count === MANY;
  const first = page.at + pageHeader + (isLong ? 8 : 0);
  const count = isLong ? u64(page.at + pageHeader) : page.count;
  if (first + count * 8 > page.end) throw pages.damaged('FREELIST', page.id);
  const used = pages.used;
  for (let i = 0; i < count; i++) {
    const id = u64(first + i * 8);
    if (id < 2 || id >= meta.highWater) throw pages.damaged('FREELIST', page.id);
    pages.mark(id, 1);
  }
  pages.used = used;
}
