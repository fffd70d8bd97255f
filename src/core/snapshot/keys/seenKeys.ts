import type { Fingerprint } from './fingerprint.js';

/** Slots of the table at first, and at most unless told otherwise: 12 bytes each, so 48 MB. */
const FIRST_SLOTS = 1 << 14;
const mostSlots = 1 << 22;
const WORDS = 3;

/** Remembers keys by their fingerprints, in a table of bounded size. */
export class SeenKeys {
  /** There were more keys than the table holds: what `add` answered since cannot be used. */
  isFull = false;
  readonly #limit: number;
  #table: Uint32Array;
  #slots: number;
  #used = 0;

  /** `limit`: slots, a power of two. */
  constructor(limit = mostSlots) {
    this.#limit = limit;
    this.#slots = Math.min(FIRST_SLOTS, limit);
    this.#table = new Uint32Array(this.#slots * WORDS);
  }

  /** Whether the key was not seen before. */
  add({ a, b, c }: Fingerprint): boolean {
    // A slot is empty while its last word is 0.
    const last = c === 0 ? 1 : c;
    const at = this.#find(a, b, last);
    if (this.#table[at + 2] !== 0 || this.isFull) return false;
    this.#put(at, a, b, last);
    this.#used++;
    if (this.#used * 4 > this.#slots * 3) this.#grow();
    return true;
  }

  #find(a: number, b: number, c: number): number {
    const table = this.#table;
    const mask = this.#slots - 1;
    let slot = a & mask;
    let at = slot * WORDS;
    while (table[at + 2] !== 0 && (table[at] !== a || table[at + 1] !== b || table[at + 2] !== c)) {
      slot = (slot + 1) & mask;
      at = slot * WORDS;
    }
    return at;
  }

  #put(at: number, a: number, b: number, c: number): void {
    this.#table[at] = a;
    this.#table[at + 1] = b;
    this.#table[at + 2] = c;
  }

  #grow(): void {
    if (this.#slots >= this.#limit) {
      this.isFull = true;
      return;
    }
    const old = this.#table;
    this.#slots *= 2;
    this.#table = new Uint32Array(this.#slots * WORDS);
    for (let at = 0; at < old.length; at += WORDS) {
      const [a = 0, b = 0, c = 0] = [old[at], old[at + 1], old[at + 2]];
      if (c !== 0) this.#put(this.#find(a, b, c), a, b, c);
    }
  }
}
