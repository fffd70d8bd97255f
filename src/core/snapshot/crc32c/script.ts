/** CRC-32C (Castagnoli, reflected) in plain JavaScript: where WebAssembly is missing, and for short pieces. */

const POLYNOMIAL = 0x82f63b78;

/** Advances a raw state (no final inversion) by one zero byte, for every value of its lowest byte. */
export const byteTable: Readonly<Uint32Array> = Uint32Array.from({ length: 256 }, (_, byte) => {
  let state = byte;
  for (let bit = 0; bit < 8; bit++) state = (state >>> 1) ^ (state & 1 ? POLYNOMIAL : 0);
  return state;
});

/** Table `k` advances by `k + 1` bytes; `count` tables of 256 entries behind each other. */
export function slicingTables(count: number): Uint32Array<ArrayBuffer> {
  const tables = new Uint32Array(256 * count);
  tables.set(byteTable);
  for (let at = 256; at < tables.length; at++) {
    const shorter = tables[at - 256] ?? 0;
    tables[at] = (shorter >>> 8) ^ (byteTable[shorter & 0xff] ?? 0);
  }
  return tables;
}

/** CRC-32C of `bytes`, unsigned; `seed` is the CRC of what came before them. */
export function crc32cOf(bytes: Uint8Array, seed = 0): number {
  let state = ~seed;
  for (const byte of bytes) state = (state >>> 8) ^ (byteTable[(state ^ byte) & 0xff] ?? 0);
  return ~state >>> 0;
}
