import assert from 'node:assert/strict';
import { dataStart } from '../../../src/core/snapshot/crc32c/kernel.js';
import { scriptMemory, wasmMemory } from '../../../src/core/snapshot/crc32c/pageMemory.js';
import { crc32cOf } from '../../../src/core/snapshot/crc32c/script.js';
import { ascii } from './boltWriter.js';

describe('CRC-32C', () => {
  it('gives the check value of the standard', () => {
    assert.equal(crc32cOf(ascii('123456789')), 0xe3069283);
    assert.equal(crc32cOf(ascii('56789'), crc32cOf(ascii('1234'))), 0xe3069283);
  });

  for (const [name, make] of [['WebAssembly', wasmMemory], ['plain JavaScript', scriptMemory]] as const) {
    it(`is the same in ${name} at every length and alignment`, () => {
      const memory = make();
      const lengths = [0, 1, 3, 4, 15, 16, 17, 79, 80, 111, 112, 113, 127, 128, 129, 143, 160, 161, 255, 256, 1000, 4095, 4096, 70_001];
      for (let i = 0; i < 80_000; i++) memory.bytes[dataStart + i] = Math.imul(i + 1, 2654435761) >>> 13;
      for (const length of lengths) {
        for (let offset = 0; offset < 17; offset++) {
          const at = dataStart + offset;
          const expected = crc32cOf(memory.bytes.subarray(at, at + length), 0x12345678);
          assert.equal(~memory.crc(~0x12345678, at, at + length) >>> 0, expected, `${length} bytes at ${offset}`);
        }
      }
    });
  }
});
