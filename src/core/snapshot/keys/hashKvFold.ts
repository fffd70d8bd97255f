import type { Leaf } from '../bolt/leaf.js';
import type { Pages } from '../bolt/pages.js';
import { compareMain, revisionLength, wordsOf } from '../content/revision.js';
import { crc32cOf } from '../crc32c/script.js';
import type { Bits } from './bits.js';

/** What HashKV hashes of a file. */
export interface HashKvScope {
  readonly revision: bigint;
  /** 0n for none. */
  readonly compactRevision: bigint;
  /** By the number of the entry: not the newest of its key at `revision`, or a deletion. */
  readonly dropped: Bits;
  /** Whether any key lives at `revision`: the server skips nothing when none does. */
  readonly hasLive: boolean;
  readonly hashCompactedTombstone: boolean;
}

const NAME = Uint8Array.of(0x6b, 0x65, 0x79);

/** Computes HashKV leaf by leaf, and beside it the hash of the live entries alone. etcd: `server/storage/mvcc/hash.go`. */
export class HashKvFold {
  readonly #pages: Pages;
  readonly #scope: HashKvScope;
  readonly #last: readonly [number, number];
  readonly #compact: readonly [number, number];
  #hashed = new Uint8Array(256);
  #alive = new Uint8Array(256);
  #state: number;
  #live: number;

  constructor(pages: Pages, scope: HashKvScope) {
    this.#pages = pages;
    this.#scope = scope;
    this.#last = wordsOf(scope.revision);
    this.#compact = wordsOf(scope.compactRevision);
    this.#state = this.#live = nameState();
  }

  get hash(): number {
    return ~this.#state >>> 0;
  }

  get liveHash(): number {
    return ~this.#live >>> 0;
  }

  /** Takes a leaf of the `key` bucket; `first` is the number of its first entry. */
  take(leaf: Leaf, first: number): void {
    if (this.#hashed.length < leaf.count) {
      this.#hashed = new Uint8Array(leaf.count * 2);
      this.#alive = new Uint8Array(leaf.count * 2);
    }
    let same = this.#state === this.#live;
    for (let i = 0; i < leaf.count; i++) {
      const isDropped = this.#scope.dropped.has(first + i);
      const hashed = this.#isHashed(leaf, i, isDropped) ? 1 : 0;
      const alive = isDropped || leaf.valueAt[i] === leaf.end[i] ? 0 : hashed;
      this.#hashed[i] = hashed;
      this.#alive[i] = alive;
      if (hashed !== alive) same = false;
    }
    this.#state = this.#fold(leaf, this.#state, this.#hashed);
    this.#live = same ? this.#state : this.#fold(leaf, this.#live, this.#alive);
  }

  #isHashed(leaf: Leaf, index: number, isDropped: boolean): boolean {
    const { view } = this.#pages.memory;
    const at = leaf.keyAt[index] ?? 0;
    if (compareMain(view, at, this.#last[0], this.#last[1]) > 0) return false;
    const compared = compareMain(view, at, this.#compact[0], this.#compact[1]);
    if (compared > 0) return true;
    if (isDropped && this.#scope.hasLive) return false;
    const isTombstone = (leaf.valueAt[index] ?? 0) - at > revisionLength;
    return compared < 0 || !isTombstone || this.#scope.hashCompactedTombstone;
  }

  #fold(leaf: Leaf, start: number, chosen: Uint8Array): number {
    let state = start;
    for (let from = 0; from < leaf.count; from++) {
      if (chosen[from] === 0) continue;
      let to = from + 1;
      while (to < leaf.count && chosen[to] === 1) to++;
      state = leaf.crc(this.#pages, state, from, to);
      from = to;
    }
    return state;
  }
}

/** The raw state after the bucket's name, which is hashed first. */
export const nameState = (): number => ~crc32cOf(NAME);
