import { Bits } from './bits.js';
import type { Fingerprint } from './fingerprint.js';

/** Slots of the table at first, and at most unless told otherwise: 16 bytes each, so 64 MB. */
const FIRST_SLOTS = 1 << 14;
export const mostSlots = 1 << 22;
const WORDS = 4;

/**
 * Finds, of all entries in the order of their revisions, those that are a key's newest and no deletion: the live ones. Keys
 * are known by fingerprint, in a table of bounded size. When there are more keys than it holds, only those in a
 * fraction of all fingerprints are kept, and the entries have to be seen again for each further fraction.
 */
export class NewestEntries {
  /** By the number of the entry: superseded by a later one, or a deletion. */
  readonly dropped = new Bits();
  readonly #limit: number;
  #table: Uint32Array;
  #used = 0;
  #fraction = 0;
  #fractionMask = 0;

  /** `limit`: slots, a power of two. */
  constructor(limit = mostSlots) {
    this.#limit = limit;
    this.#table = new Uint32Array(Math.min(FIRST_SLOTS, limit) * WORDS);
  }

  /** Whether the entries must be seen once more; call it after each time. */
  nextPass(): boolean {
    if (this.#fraction === this.#fractionMask) return false;
    this.#fraction++;
    this.#table.fill(0);
    this.#used = 0;
    return true;
  }

  /** Takes the next entry; `ordinal` counts entries from 0. */
  see({ a, b, c }: Fingerprint, ordinal: number, isTombstone: boolean): void {
    if (isTombstone) this.dropped.set(ordinal);
    if ((c & this.#fractionMask) !== this.#fraction) return;
    const at = this.#find(a, b, c);
    const last = this.#table[at + 3] ?? 0;
    if (last !== 0) this.dropped.set(last - 1);
    else this.#used++;
    this.#put(at, a, b, c, ordinal + 1);
    if (this.#used * WORDS * 4 > this.#table.length * 3) this.#makeRoom();
  }

  #find(a: number, b: number, c: number): number {
    const table = this.#table;
    const mask = table.length - 1;
    let at = (a * WORDS) & mask;
    while (table[at + 3] !== 0 && (table[at] !== a || table[at + 1] !== b || table[at + 2] !== c)) at = (at + WORDS) & mask;
    return at;
  }

  #put(at: number, a: number, b: number, c: number, mark: number): void {
    this.#table[at] = a;
    this.#table[at + 1] = b;
    this.#table[at + 2] = c;
    this.#table[at + 3] = mark;
  }

  /** Doubles the table, or keeps half of the keys once it may not grow. What was found out of the others stays true. */
  #makeRoom(): void {
    const old = this.#table;
    const mayGrow = old.length < this.#limit * WORDS;
    if (!mayGrow) this.#fractionMask = this.#fractionMask * 2 + 1;
    this.#table = new Uint32Array(mayGrow ? old.length * 2 : old.length);
    this.#used = 0;
    for (let at = 0; at < old.length; at += WORDS) {
      const [a = 0, b = 0, c = 0, mark = 0] = [old[at], old[at + 1], old[at + 2], old[at + 3]];
      if (mark === 0 || (c & this.#fractionMask) !== this.#fraction) continue;
      this.#put(this.#find(a, b, c), a, b, c, mark);
      this.#used++;
    }
  }
}
