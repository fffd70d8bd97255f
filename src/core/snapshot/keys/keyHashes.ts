import type { Leaf } from '../bolt/leaf.js';
import type { Pages } from '../bolt/pages.js';
import { Powers, SuffixCrc } from '../crc32c/suffixCrc.js';

/** How an entry counts: hashed by the server's HashKV, and alive at the last revision. */
export interface Choice {
  readonly hashed: Uint8Array;
  readonly alive: Uint8Array;
}

/** The three hashes of the `key` bucket, from its last leaf to its first. */
export class KeyHashes {
  /** Every entry, for the hash of `snapshot status`. */
  readonly all = new SuffixCrc();
  /** What the server's HashKV covers. */
  readonly hashed = new SuffixCrc();
  /** The newest entries of living keys alone. */
  readonly alive = new SuffixCrc();
  readonly #pages: Pages;
  readonly #powers = new Powers();
  #state = 0;
  #length = 0;

  constructor(pages: Pages) {
    this.#pages = pages;
  }

  /** Takes a leaf; `choice` tells for each of its entries how it counts. */
  take(leaf: Leaf, { hashed, alive }: Choice): void {
    let [isAllHashed, isAllAlive, isSame] = [true, true, true];
    for (let i = 0; i < leaf.count; i++) {
      if (hashed[i] === 0) isAllHashed = false;
      if (alive[i] === 0) isAllAlive = false;
      if (hashed[i] !== alive[i]) isSame = false;
    }
    const [state, length] = this.#fold(leaf, undefined);
    const power = this.#powers.of(length);
    this.all.prepend(state, power);
    if (isAllHashed) this.hashed.prepend(state, power);
    else this.#prepend(this.hashed, leaf, hashed);
    if (isAllAlive) this.alive.prepend(state, power);
    else if (isSame) this.alive.prepend(this.#state, this.#powers.of(this.#length));
    else this.#prepend(this.alive, leaf, alive);
  }

  #prepend(crc: SuffixCrc, leaf: Leaf, chosen: Uint8Array): void {
    [this.#state, this.#length] = this.#fold(leaf, chosen);
    if (this.#length > 0) crc.prepend(this.#state, this.#powers.of(this.#length));
  }

  #fold(leaf: Leaf, chosen: Uint8Array | undefined): readonly [state: number, length: number] {
    let state = 0;
    let length = 0;
    for (let from = 0; from < leaf.count; from++) {
      if (chosen?.[from] === 0) continue;
      let to = from;
      do length += (leaf.end[to] ?? 0) - (leaf.keyAt[to] ?? 0);
      while (++to < leaf.count && chosen?.[to] !== 0);
      state = leaf.crc(this.#pages, state, from, to);
      from = to;
    }
    return [state, length];
  }
}
