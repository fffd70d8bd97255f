/**
 * A keyed hash of 96 bits in three words: HalfSipHash-1-3, squeezed three times. With a secret key nobody can craft
 * two names that collide, and by chance ten million names do so with a probability of 10^-15.
 */
export class Fingerprint {
  a = 0;
  b = 0;
  c = 0;
  readonly #seed: Uint32Array;
  #v0 = 0;
  #v1 = 0;
  #v2 = 0;
  #v3 = 0;

  /** `seed`: four random words. */
  constructor(seed: Uint32Array) {
    this.#seed = seed;
  }

  /** Hashes the bytes from `at` up to `end`. */
  of(view: DataView, at: number, end: number): void {
    const seed = this.#seed;
    let v0 = seed[0] ?? 0;
    let v1 = (seed[1] ?? 0) ^ 0xee;
    let v2 = (seed[2] ?? 0) ^ 0x6c796765;
    let v3 = (seed[3] ?? 0) ^ 0x74656462;
    let word = 0;
    for (let next = at; next <= end; next += 4) {
      word = next + 4 <= end ? view.getUint32(next, true) : lastWord(view, next, end, end - at);
      v3 ^= word;
      v0 = (v0 + v1) | 0; v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0; v0 = (v0 << 16) | (v0 >>> 16);
      v2 = (v2 + v3) | 0; v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
      v0 = (v0 + v3) | 0; v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
      v2 = (v2 + v1) | 0; v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2; v2 = (v2 << 16) | (v2 >>> 16);
      v0 ^= word;
    }
    this.#v0 = v0; this.#v1 = v1; this.#v2 = v2 ^ 0xee; this.#v3 = v3;
    this.a = this.#squeeze();
    this.b = this.#squeeze();
    this.c = this.#squeeze();
  }

  #squeeze(): number {
    let v0 = this.#v0;
    let v1 = this.#v1 ^ 0xdd;
    let v2 = this.#v2;
    let v3 = this.#v3;
    for (let round = 0; round < 3; round++) {
      v0 = (v0 + v1) | 0; v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0; v0 = (v0 << 16) | (v0 >>> 16);
      v2 = (v2 + v3) | 0; v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
      v0 = (v0 + v3) | 0; v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
      v2 = (v2 + v1) | 0; v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2; v2 = (v2 << 16) | (v2 >>> 16);
    }
    this.#v0 = v0; this.#v1 = v1; this.#v2 = v2; this.#v3 = v3;
    return (v1 ^ v3) >>> 0;
  }
}

/** What is left of the bytes, with the length above it, as SipHash pads. */
function lastWord(view: DataView, at: number, end: number, length: number): number {
  let word = (length & 0xff) << 24;
  for (let i = at; i < end; i++) word |= view.getUint8(i) << (8 * (i - at));
  return word;
}
