import type { RandomAccessFile } from '../../ports.js';
import type { PageMemory } from '../crc32c/pageMemory.js';
import type { Bucket } from './buckets.js';
import { readBuckets } from './buckets.js';
import type { Leaf } from './leaf.js';
import type { Meta } from './meta.js';
import { Pages } from './pages.js';
import { walkTree } from './tree.js';

/** An etcd database that is being read: what every pass over it needs. */
export interface Database {
  readonly file: RandomAccessFile;
  readonly meta: Meta;
  readonly memory: PageMemory;
}

/** Calls `visit` for every leaf of a bucket, in the order of its keys or from its end. */
export function visitBucket(pages: Pages, bucket: Bucket, visit: (leaf: Leaf) => void, isBackwards = false): void {
  walkTree(pages, bucket.root, leaf => {
    if (leaf.hasBuckets) throw pages.damaged('NESTED_BUCKET', leaf.page);
    visit(leaf);
  }, isBackwards);
}

/** One pass over the `key` bucket; `first` is the number of the leaf's first entry, counted from 0. */
export function walkKeys({ file, meta, memory }: Database, visit: (leaf: Leaf, pages: Pages, first: number) => void): void {
  const pages = new Pages(file, meta, memory);
  let first = 0;
  for (const bucket of readBuckets(pages, meta.root)) {
    if (bucket.name !== 'key') continue;
    visitBucket(pages, bucket, leaf => {
      visit(leaf, pages, first);
      first += leaf.count;
    });
  }
}

/** Calls `take` for every entry of a leaf with copies of its key and value: for buckets of few entries. */
export function forEachEntry(pages: Pages, leaf: Leaf, take: (key: Uint8Array, value: Uint8Array) => void): void {
  const { bytes } = pages.memory;
  for (let i = 0; i < leaf.count; i++) {
    const valueAt = leaf.valueAt[i] ?? 0;
    take(bytes.slice(leaf.keyAt[i] ?? 0, valueAt), bytes.slice(valueAt, leaf.end[i] ?? 0));
  }
}
