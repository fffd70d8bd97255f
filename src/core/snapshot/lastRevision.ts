import type { Bucket } from './bolt/buckets.js';
import { readBuckets } from './bolt/buckets.js';
import type { Database } from './bolt/database.js';
import { forEachEntry } from './bolt/database.js';
import { Pages } from './bolt/pages.js';
import { lastLeaf, walkTree } from './bolt/tree.js';
import { isRevision, mainRevision } from './content/revision.js';
import { SmallBuckets } from './content/smallBuckets.js';
import type { LastRevision } from './report.js';

const wanted: ReadonlySet<string> = new Set(['meta', 'cluster', 'members']);

/** The last revision and what goes with it, read along the rightmost path: a few pages of a file of any size. */
export function readLastRevision({ file, meta, memory }: Database): LastRevision & { readonly compactRevision: bigint } {
  const pages = new Pages(file, meta, memory);
  const small = new SmallBuckets();
  let revision = 0n;
  for (const bucket of readBuckets(pages, meta.root)) {
    if (bucket.name === 'key') revision = lastMain(pages, bucket);
    else if (wanted.has(bucket.name)) readSmall(pages, bucket, small);
  }
  const { compactRevision, consistentIndex, term, clusterVersion, storageVersion } = small;
  return {
    revision, compactRevision,
    currentRevision: revision > compactRevision ? revision : compactRevision,
    members: small.members,
    ...(consistentIndex !== undefined && { consistentIndex }),
    ...(term !== undefined && { term }),
    ...(clusterVersion !== undefined && { clusterVersion }),
    ...(storageVersion !== undefined && { storageVersion }),
  };
}

function lastMain(pages: Pages, bucket: Bucket): bigint {
  const leaf = lastLeaf(pages, bucket.root);
  if (leaf.count === 0) return 0n;
  const at = leaf.keyAt[leaf.count - 1] ?? 0;
  const { bytes, view } = pages.memory;
  if (!isRevision(bytes, at, (leaf.valueAt[leaf.count - 1] ?? 0) - at)) throw pages.damaged('REVISION_KEY', leaf.page);
  return mainRevision(view, at);
}

function readSmall(pages: Pages, bucket: Bucket, small: SmallBuckets): void {
  walkTree(pages, bucket.root, leaf => {
    forEachEntry(pages, leaf, (key, value) => {
      const wrong = small.take(bucket.name, key, value);
      if (wrong) throw pages.damaged(wrong, leaf.page);
    });
  });
}
