import { KnownError } from '../../errors.js';
import type { Leaf } from './leaf.js';
import type { Pages } from './pages.js';
import { pageHeader } from './pages.js';
import type { Root } from './tree.js';
import { walkTree } from './tree.js';

/** A bucket at the top of the file. */
export interface Bucket {
  readonly name: string;
  readonly nameBytes: Uint8Array;
  readonly root: Root;
}

/** etcd has about a dozen; more is another program's file. */
const MOST = 1024;
const LONGEST_NAME = 256;
const HEADER = 16;

/** The buckets of the file in the order of their names. Throws when the file is not etcd's. */
export function readBuckets(pages: Pages, root: number): readonly Bucket[] {
  const buckets: Bucket[] = [];
  walkTree(pages, { page: root }, leaf => {
    for (let i = 0; i < leaf.count; i++) buckets.push(readBucket(pages, leaf, i));
    if (buckets.length > MOST) throw notEtcd(pages.path);
  });
  if (!buckets.some(({ name }) => name === 'key')) throw notEtcd(pages.path);
  return buckets;
}

const notEtcd = (path: string): KnownError => new KnownError('SNAPSHOT_NOT_ETCD_DATABASE', { path });

function readBucket(pages: Pages, leaf: Leaf, index: number): Bucket {
  const { bytes, view } = pages.memory;
  if (!leaf.isBucket[index]) throw pages.damaged('NOT_A_BUCKET', leaf.page);
  const [keyAt, valueAt, end] = [leaf.keyAt[index] ?? 0, leaf.valueAt[index] ?? 0, leaf.end[index] ?? 0];
  if (end - valueAt < HEADER || valueAt - keyAt > LONGEST_NAME) throw pages.damaged('BUCKET_HEADER', leaf.page);
  const nameBytes = bytes.slice(keyAt, valueAt);
  const name = String.fromCharCode(...nameBytes);
  const page = view.getUint32(valueAt, true) + view.getUint32(valueAt + 4, true) * 2 ** 32;
  if (page !== 0) return { name, nameBytes, root: { page } };
  const inside = bytes.slice(valueAt + HEADER, end);
  if (inside.length < pageHeader || inside.length > pages.pageSize) throw pages.damaged('BUCKET_HEADER', leaf.page);
  return { name, nameBytes, root: { page: leaf.page, inside } };
}
