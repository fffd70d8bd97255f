/** A growing row of bits: one for every entry of the file. */
export class Bits {
  /** How many are set. */
  count = 0;
  #bytes = new Uint8Array(1024);

  set(index: number): void {
    if (index >>> 3 >= this.#bytes.length) {
      const larger = new Uint8Array(Math.max(this.#bytes.length * 2, (index >>> 3) + 1));
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    const byte = this.#bytes[index >>> 3] ?? 0;
    const bit = 1 << (index & 7);
    if (byte & bit) return;
    this.#bytes[index >>> 3] = byte | bit;
    this.count++;
  }

  has(index: number): boolean {
    return ((this.#bytes[index >>> 3] ?? 0) & (1 << (index & 7))) !== 0;
  }
}
