import type { Branch } from './branch.js';
import { compareSlices, readBranch } from './branch.js';
import type { Slice } from './compare.js';
import { Leaf } from './leaf.js';
import type { Page, Pages } from './pages.js';
import { branchFlag, leafFlag } from './pages.js';

/** bbolt trees of a terabyte are less than ten deep. */
const DEEPEST = 32;
/** Neighbours on disk are read together: at most so many bytes at once, over gaps of at most so many. */
const READ_AHEAD = 1024 * 1024;
const GAP = 64 * 1024;
const SLACK = 16 * 1024;

/** What a subtree may hold: keys from `least` up to, and without, `bound`. */
interface Range {
  readonly least?: Slice | undefined;
  readonly bound?: Slice | undefined;
}

/** Where a bucket's entries are: a tree of pages, or a page inside the bucket's own entry. */
export type Root = { readonly page: number } | { readonly inside: Uint8Array; readonly page: number };

/** A walk: what all its steps share. */
interface Walk {
  readonly pages: Pages;
  readonly leaf: Leaf;
  readonly visit: (leaf: Leaf) => void;
  readonly isBackwards: boolean;
}

/** Calls `visit` for every leaf of a tree, in the order of its keys or from its end. The leaf is valid until `visit` returns. */
export function walkTree(pages: Pages, root: Root, visit: (leaf: Leaf) => void, isBackwards = false): void {
  const leaf = new Leaf();
  if ('inside' in root) {
    const page = pages.adopt(root.page, root.inside);
    if (page.flags !== leafFlag) throw pages.damaged('BUCKET_HEADER', root.page);
    leaf.read(pages, page);
    visit(leaf);
    return;
  }
  descend({ pages, leaf, visit, isBackwards }, pages.load(root.page, SLACK), {}, 1);
}

function descend(walk: Walk, page: Page, range: Range, depth: number): void {
  const { pages, leaf } = walk;
  if (depth > DEEPEST) throw pages.damaged('DEPTH', page.id);
  if (page.flags === leafFlag) {
    leaf.read(pages, page);
    checkLeaf(pages, leaf, range);
    walk.visit(leaf);
    return;
  }
  if (page.flags !== branchFlag) throw pages.damaged('PAGE_FLAGS', page.id);
  const branch = readBranch(pages, page);
  checkBranch(pages, page.id, branch, range);
  const { ids, keys } = branch;
  for (let step = 0; step < ids.length; step++) {
    const i = walk.isBackwards ? ids.length - 1 - step : step;
    const id = ids[i] ?? 0;
    const end = neighbour(ids, i, walk.isBackwards ? -1 : 1, pages.pageSize);
    const child = pages.load(id, Math.abs(end - id) * pages.pageSize + SLACK, Math.min(id, end));
    descend(walk, child, { least: keys[i], bound: keys[i + 1] ?? range.bound }, depth + 1);
  }
}

/** The farthest of the children to come that is so near on disk that it is read together with child `from`. */
function neighbour(ids: Float64Array, from: number, step: 1 | -1, pageSize: number): number {
  const start = ids[from] ?? 0;
  let last = start;
  for (let i = from + step; i >= 0 && i < ids.length; i += step) {
    const next = ids[i] ?? 0;
    const gap = (next - last) * step * pageSize;
    if (gap <= 0 || gap > GAP || Math.abs(next - start) * pageSize > READ_AHEAD - SLACK) break;
    last = next;
  }
  return last;
}

function checkBranch(pages: Pages, page: number, { keys }: Branch, { least, bound }: Range): void {
  const first = keys[0];
  const last = keys.at(-1);
  if (first && least && compareSlices(first, least) < 0) throw pages.damaged('KEY_PARENT', page);
  if (last && bound && compareSlices(last, bound) >= 0) throw pages.damaged('KEY_PARENT', page);
}

function checkLeaf(pages: Pages, leaf: Leaf, { least, bound }: Range): void {
  if (leaf.count === 0) return;
  if (least && compareSlices(keyOf(pages, leaf, 0), least) < 0) throw pages.damaged('KEY_PARENT', leaf.page);
  if (bound && compareSlices(keyOf(pages, leaf, leaf.count - 1), bound) >= 0) throw pages.damaged('KEY_PARENT', leaf.page);
}

function keyOf({ memory }: Pages, leaf: Leaf, index: number): Slice {
  const at = leaf.keyAt[index] ?? 0;
  return { bytes: memory.bytes, at, size: (leaf.valueAt[index] ?? 0) - at };
}

/** The leaf with the greatest keys, by the last child of every branch. Empty only where the whole tree is. */
export function lastLeaf(pages: Pages, root: Root): Leaf {
  let found = new Leaf();
  if ('inside' in root) {
    walkTree(pages, root, leaf => { found = leaf; });
    return found;
  }
  let page = pages.load(root.page, SLACK);
  for (let depth = 1; page.flags === branchFlag; depth++) {
    if (depth > DEEPEST) throw pages.damaged('DEPTH', page.id);
    page = pages.load(readBranch(pages, page).ids.at(-1) ?? 0, SLACK);
  }
  if (page.flags !== leafFlag) throw pages.damaged('PAGE_FLAGS', page.id);
  found.read(pages, page);
  return found;
}
