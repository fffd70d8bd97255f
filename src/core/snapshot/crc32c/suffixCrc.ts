import { byteTable } from './script.js';

/** x^0 in reflected order: the highest bit is the lowest power. */
const ONE = 0x80000000;
const POLYNOMIAL = 0x82f63b78;
const SMALL = 4096;

/** Product of two polynomials modulo that of CRC-32C. */
function multiply(a: number, b: number): number {
  let product = 0;
  let shifted = b;
  for (let rest = a; rest !== 0; rest <<= 1) {
    product ^= shifted & (rest >> 31);
    shifted = (shifted >>> 1) ^ (POLYNOMIAL & -(shifted & 1));
  }
  return product;
}

/** x^(8n): what a state is multiplied by when `n` bytes follow. */
export class Powers {
  readonly #small = new Int32Array(SMALL);

  constructor() {
    let power = ONE;
    for (let n = 0; n < SMALL; n++) {
      this.#small[n] = power;
      power = (power >>> 8) ^ (byteTable[power & 0xff] ?? 0);
    }
  }

  of(bytes: number): number {
    let power = this.#small[bytes % SMALL] ?? 0;
    let square = multiply(this.#small[SMALL / 2] ?? 0, this.#small[SMALL / 2] ?? 0);
    for (let rest = Math.floor(bytes / SMALL); rest > 0; rest >>>= 1) {
      if (rest & 1) power = multiply(power, square);
      square = multiply(square, square);
    }
    return power;
  }
}

/** The raw CRC-32C state of a text that is taken from its end: each piece goes before those taken so far. */
export class SuffixCrc {
  #state = 0;
  #power = ONE;

  /** Takes a piece by its own state, begun from 0, and by the `Powers` of its length. */
  prepend(state: number, power: number): void {
    this.#state ^= multiply(state, this.#power);
    this.#power = multiply(this.#power, power);
  }

  /** The state after all pieces when it was `state` before them. */
  after(state: number): number {
    return multiply(state, this.#power) ^ this.#state;
  }
}
