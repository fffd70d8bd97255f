import type { Leaf } from '../bolt/leaf.js';
import type { Pages } from '../bolt/pages.js';
import { KeyValue } from '../content/keyValue.js';
import { compareMain, isRevision, mainRevision, revisionLength, wordsOf } from '../content/revision.js';
import type { KeyCounts } from '../report.js';
import type { Fingerprint } from './fingerprint.js';
import { KeyHashes } from './keyHashes.js';
import type { SeenKeys } from './seenKeys.js';
import { ValueCounter } from './values.js';

/**
 * Checks, counts and hashes the entries of the `key` bucket from the last to the first: so the first entry met of a key is its newest,
 * and all that depends on that is known at once.
 */
export class KeyCensus {
  readonly values = new ValueCounter();
  readonly hashes: KeyHashes;
  /** Main revision of the first and of the last entry. */
  first = 0n;
  last = 0n;
  entries = 0;
  /** Whether the placeholder of a bumped restore is the newest entry of the empty key. */
  hasPlaceholder = false;
  #tombstones = 0;
  #placeholders = 0;
  #live = 0;
  readonly #pages: Pages;
  readonly #fingerprint: Fingerprint;
  readonly #seen: SeenKeys;
  readonly #compact: readonly [high: number, low: number];
  readonly #keyValue = new KeyValue();
  #hashed = new Uint8Array(256);
  #alive = new Uint8Array(256);

  constructor(pages: Pages, fingerprint: Fingerprint, seen: SeenKeys, compactRevision: bigint) {
    this.#pages = pages;
    this.#fingerprint = fingerprint;
    this.#seen = seen;
    this.#compact = wordsOf(compactRevision);
    this.hashes = new KeyHashes(pages);
  }

  /** Takes the leaf before the one taken last. */
  take(leaf: Leaf): void {
    if (leaf.count === 0) return;
    if (this.#hashed.length < leaf.count) {
      this.#hashed = new Uint8Array(leaf.count * 2);
      this.#alive = new Uint8Array(leaf.count * 2);
    }
    const { view } = this.#pages.memory;
    for (let i = leaf.count - 1; i >= 0; i--) this.#entry(leaf, i, leaf.keyAt[i] ?? 0, leaf.valueAt[i] ?? 0, leaf.end[i] ?? 0);
    if (this.entries === 0) this.last = mainRevision(view, leaf.keyAt[leaf.count - 1] ?? 0);
    this.first = mainRevision(view, leaf.keyAt[0] ?? 0);
    this.entries += leaf.count;
    this.hashes.take(leaf, { hashed: this.#hashed, alive: this.#alive });
  }

  counts(): KeyCounts {
    return { revisions: this.entries, tombstones: this.#tombstones, live: this.#live, placeholders: this.#placeholders };
  }

  #entry(leaf: Leaf, index: number, at: number, valueAt: number, end: number): void {
    const { view } = this.#pages.memory;
    const isTombstone = valueAt - at > revisionLength;
    const isPlaceholder = !isTombstone && valueAt === end;
    const value = this.#keyValue;
    this.#check(leaf, at, valueAt, end, isTombstone || isPlaceholder);
    this.#fingerprint.of(view, value.keyAt, value.keyEnd);
    const isNewest = this.#seen.add(this.#fingerprint);
    if (isTombstone) this.#tombstones++;
    else if (isPlaceholder) this.#placeholders++;
    else this.values.take(view, value.valueAt, value.valueEnd);
    if (isNewest && isPlaceholder) this.hasPlaceholder = true;
    const isAlive = isNewest && !isTombstone && !isPlaceholder;
    if (isAlive) this.#live++;
    this.#alive[index] = isAlive ? 1 : 0;
    const isKept = isNewest && !isTombstone;
    this.#hashed[index] = isKept || compareMain(view, at, this.#compact[0], this.#compact[1]) > 0 ? 1 : 0;
  }

  /** A value is written together with its revision, so the two must agree. etcd: `put` in `mvcc/kvstore_txn.go`. */
  #check(leaf: Leaf, at: number, valueAt: number, end: number, isBare: boolean): void {
    const { bytes, view } = this.#pages.memory;
    if (!isRevision(bytes, at, valueAt - at)) throw this.#pages.damaged('REVISION_KEY', leaf.page);
    const value = this.#keyValue;
    if (!value.read(bytes, valueAt, end)) throw this.#pages.damaged('KEY_VALUE', leaf.page);
    if (isBare) return;
    const belongs = value.modHigh === view.getUint32(at) && value.modLow === view.getUint32(at + 4) && value.keyEnd > value.keyAt;
    if (!belongs) throw this.#pages.damaged('KEY_VALUE', leaf.page);
  }
}
