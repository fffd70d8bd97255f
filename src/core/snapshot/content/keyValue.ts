/**
 * Reads `mvccpb.KeyValue` in place and without garbage: one object is filled again for every entry. etcd:
 * `api/mvccpb/kv.proto`. Addresses are those of the bytes it was given.
 */
export class KeyValue {
  keyAt = 0;
  keyEnd = 0;
  valueAt = 0;
  valueEnd = 0;
  /** `mod_revision`, as two unsigned words. */
  modHigh = 0;
  modLow = 0;
  #next = 0;
  #high = 0;
  #low = 0;

  /** Whether the bytes from `at` up to `end` are a message of this type. */
  read(bytes: Uint8Array, at: number, end: number): boolean {
    this.keyAt = this.keyEnd = this.valueAt = this.valueEnd = at;
    this.modHigh = this.modLow = 0;
    this.#next = at;
    while (this.#next < end) {
      if (!this.#varint(bytes, end) || this.#high !== 0) return false;
      const field = this.#low >>> 3;
      const wire = this.#low & 7;
      if (field === 0 || !this.#payload(bytes, end, field, wire)) return false;
    }
    return true;
  }

  #payload(bytes: Uint8Array, end: number, field: number, wire: number): boolean {
    const isBytes = field === 1 || field === 5;
    if (field <= 6 && wire !== (isBytes ? 2 : 0)) return false;
    if (wire === 1 || wire === 5) return this.#skip(wire === 1 ? 8 : 4, end);
    if (wire !== 0 && wire !== 2) return false;
    if (!this.#varint(bytes, end)) return false;
    if (wire === 0) {
      if (field === 3) {
        this.modHigh = this.#high;
        this.modLow = this.#low;
      }
      return true;
    }
    const from = this.#next;
    if (this.#high !== 0 || !this.#skip(this.#low, end)) return false;
    if (field === 1) {
      this.keyAt = from;
      this.keyEnd = this.#next;
    } else if (field === 5) {
      this.valueAt = from;
      this.valueEnd = this.#next;
    }
    return true;
  }

  #skip(length: number, end: number): boolean {
    this.#next += length;
    return this.#next <= end;
  }

  #varint(bytes: Uint8Array, end: number): boolean {
    let low = 0;
    let high = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (this.#next >= end) return false;
      const byte = bytes[this.#next++] ?? 0;
      const seven = byte & 0x7f;
      if (shift < 28) low |= seven << shift;
      else if (shift === 28) {
        low |= seven << 28;
        high = seven >>> 4;
      } else if (shift < 63) high |= seven << (shift - 32);
      else high |= seven << 31;
      if (byte < 0x80) {
        this.#low = low >>> 0;
        this.#high = high >>> 0;
        return true;
      }
    }
    return false;
  }
}
