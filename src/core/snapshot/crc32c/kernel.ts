import type { WasmFunction } from './assemble.js';
import { slicingTables } from './script.js';

/*
 * CRC-32C at several GB/s without a CRC instruction, by folding. A CRC is linear and does not care where in the text
 * a byte stands: byte b at position p may be replaced by the four bytes of `T[b]`, its state after 32 further zero
 * bytes, XORed into positions p+32 … p+35. `T` is linear too, so T[b] = T[b & 15] ^ T[b & 0xf0], and 16 bytes at once are
 * looked up by `i8x16.swizzle`: two nibbles times four bytes of the result. The last 48 to 79 bytes go through sixteen
 * tables of 256 entries ("slicing by 16").
 */

/** Where the kernel keeps its tables; everything before `dataStart` in the memory is its own. */
const NIBBLES = 16 * 1024;
const SCRATCH = NIBBLES + 128;
export const dataStart = 32 * 1024;
/** Also how many bytes after the end of a piece the kernel may read, and never uses. */
const DISTANCE = 32;

/** The constants the kernel expects at address 0. */
export function kernelTables(): Uint8Array {
  const tables = slicingTables(DISTANCE);
  const bytes = new Uint8Array(SCRATCH);
  bytes.set(new Uint8Array(tables.buffer, 0, NIBBLES));
  const far = tables.subarray(256 * (DISTANCE - 1));
  for (let plane = 0; plane < 4; plane++) {
    for (let nibble = 0; nibble < 16; nibble++) {
      bytes[NIBBLES + plane * 32 + nibble] = (far[nibble] ?? 0) >>> (8 * plane);
      bytes[NIBBLES + plane * 32 + 16 + nibble] = (far[nibble << 4] ?? 0) >>> (8 * plane);
    }
  }
  return bytes;
}

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/** `update(state, at, end)`: the raw state after the bytes from `at` up to `end`. */
const update: WasmFunction = {
  name: 'update',
  params: ['state', 'at', 'end'],
  i32: ['word0', 'word1', 'word2', 'word3'],
  body: `
    loop
      local.get $end
      local.get $at
      i32.sub
      i32.const 16
      i32.ge_u
      if
        ${range(4).map(word => `
          local.get $at
          i32.load offset=${word * 4}
          ${word === 0 ? 'local.get $state\ni32.xor' : ''}
          local.set $word${word}`).join('')}
        ${range(16).map(byte => `${lookup(`word${byte >> 2}`, byte & 3, 15 - byte)}${byte ? '\ni32.xor' : ''}`).join('\n')}
        local.set $state
        local.get $at
        i32.const 16
        i32.add
        local.set $at
        br 1
      end
    end
    loop
      local.get $at
      local.get $end
      i32.lt_u
      if
        local.get $at
        i32.load8_u offset=0
        local.get $state
        i32.xor
        local.set $word0
        ${lookup('word0', 0, 0)}
        local.get $state
        i32.const 8
        i32.shr_u
        i32.xor
        local.set $state
        local.get $at
        i32.const 1
        i32.add
        local.set $at
        br 1
      end
    end
    local.get $state`,
};

/** Pushes the entry of a slicing table for one byte of a word. */
function lookup(word: string, byte: number, table: number): string {
  return `
    local.get $${word}
    ${byte ? `i32.const ${8 * byte}\ni32.shr_u` : ''}
    ${byte < 3 ? 'i32.const 255\ni32.and' : ''}
    i32.const 2
    i32.shl
    i32.load offset=${table * 1024}`;
}

/** `fold(state, at, end)`: the same for pieces of at least 80 bytes. */
const fold: WasmFunction = {
  name: 'fold',
  params: ['state', 'at', 'end'],
  v128: ['pending0', 'pending1', 'value', 'high', 'mask', 'next', ...range(8).map(n => `table${n}`), ...range(4).flatMap(n => [`plane${n}`, `carry${n}`])],
  body: `
    i32.const 15
    i8x16.splat
    local.set $mask
    ${range(8).map(n => `i32.const 0\nv128.load offset=${NIBBLES + n * 16}\nlocal.set $table${n}`).join('\n')}
    i32.const 0
    i32x4.splat
    local.get $state
    i32x4.replace_lane.0
    local.set $pending0
    loop
      ${range(2).map(foldVector).join('\n')}
      local.get $at
      i32.const 32
      i32.add
      local.tee $at
      i32.const 80
      i32.add
      local.get $end
      i32.lt_u
      br_if 0
    end
    ;; what is left: less than 112 bytes, the first 35 of them with something pending
    ${range(7).map(n => `
      i32.const ${SCRATCH}
      local.get $at
      v128.load offset=${n * 16}
      ${n < 2 ? `local.get $pending${n}\nv128.xor` : ''}
      ${n === 2 ? lastCarry() : ''}
      v128.store offset=${n * 16}`).join('\n')}
    i32.const 0
    i32.const ${SCRATCH}
    local.get $end
    local.get $at
    i32.sub
    i32.const ${SCRATCH}
    i32.add
    call 0`,
};

/** Folds the vector at `at + 16 * lane` 32 bytes ahead, together with what its neighbour carried over. */
function foldVector(lane: number): string {
  return `
    local.get $at
    v128.load offset=${lane * 16}
    local.get $pending${lane}
    v128.xor
    local.tee $value
    i32.const 4
    i16x8.shr_u
    local.get $mask
    v128.and
    local.set $high
    local.get $value
    local.get $mask
    v128.and
    local.set $value
    ${range(4).map(plane => `
      local.get $table${plane * 2}
      local.get $value
      i8x16.swizzle
      local.get $table${plane * 2 + 1}
      local.get $high
      i8x16.swizzle
      v128.xor
      local.set $plane${plane}`).join('')}
    local.get $plane0
    ${range(3).map(n => `
      local.get $carry${n + 1}
      local.get $plane${n + 1}
      i8x16.shuffle ${range(16).map(byte => byte + 15 - n).join(' ')}
      v128.xor
      local.get $plane${n + 1}
      local.set $carry${n + 1}`).join('')}
    local.set $pending${lane}`;
}

function lastCarry(): string {
  return range(3).map(n => `
    local.get $carry${n + 1}
    i32.const 0
    i32x4.splat
    i8x16.shuffle ${range(16).map(byte => byte + 15 - n).join(' ')}
    v128.xor`).join('');
}

/** The functions of the module, in the order `call` knows them by. */
export const kernel: readonly WasmFunction[] = [update, fold];
