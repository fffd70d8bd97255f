/** A function of a WebAssembly module; every parameter and the result are i32. */
export interface WasmFunction {
  readonly name: string;
  readonly params: readonly string[];
  /** Further locals by type. */
  readonly i32?: readonly string[];
  readonly v128?: readonly string[];
  /** WebAssembly text, one plain instruction a line; `$name` is a local, blocks are `block`, `loop`, `if`, `else`, `end`. */
  readonly body: string;
}

const plain: Readonly<Record<string, readonly number[]>> = {
  'block': [0x02, 0x40], 'loop': [0x03, 0x40], 'if': [0x04, 0x40], 'else': [0x05], 'end': [0x0b],
  'i32.lt_u': [0x49], 'i32.ge_u': [0x4f], 'i32.add': [0x6a], 'i32.sub': [0x6b], 'i32.and': [0x71], 'i32.xor': [0x73],
  'i32.shl': [0x74], 'i32.shr_u': [0x76],
  'i8x16.swizzle': [0xfd, 0x0e], 'v128.and': [0xfd, 0x4e], 'v128.xor': [0xfd, 0x51], 'i16x8.shr_u': [0xfd, 0x8d, 0x01],
  'i8x16.splat': [0xfd, 0x0f], 'i32x4.replace_lane.0': [0xfd, 0x1c, 0], 'i32x4.splat': [0xfd, 0x11],
};
const indexed: Readonly<Record<string, number>> = { 'local.get': 0x20, 'local.set': 0x21, 'local.tee': 0x22, 'br': 0x0c, 'br_if': 0x0d, 'call': 0x10 };
const memory: Readonly<Record<string, readonly number[]>> = {
  'i32.load': [0x28, 0], 'i32.load8_u': [0x2d, 0], 'v128.load': [0xfd, 0x00, 0], 'v128.store': [0xfd, 0x0b, 0],
};

/** A module that imports `env.memory` and exports its functions; a `call` names a function by its position. */
export function assemble(functions: readonly WasmFunction[]): Uint8Array<ArrayBuffer> {
  const arities = [...new Set(functions.map(({ params }) => params.length))];
  const section = (id: number, items: readonly (readonly number[])[]): number[] => [id, ...sized([...leb(items.length), ...items.flat()])];
  return Uint8Array.from([
    0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
    ...section(1, arities.map(count => [0x60, ...leb(count), ...Array<number>(count).fill(0x7f), 1, 0x7f])),
    ...section(2, [[...text('env'), ...text('memory'), 0x02, 0x00, ...leb(1)]]),
    ...section(3, functions.map(({ params }) => leb(arities.indexOf(params.length)))),
    ...section(7, functions.map(({ name }, index) => [...text(name), 0x00, ...leb(index)])),
    ...section(10, functions.map(code)),
  ]);
}

function code({ params, i32 = [], v128 = [], body }: WasmFunction): number[] {
  const locals = [...params, ...i32, ...v128];
  const lines = body.split('\n').map(line => line.trim()).filter(line => line !== '' && !line.startsWith(';;'));
  return sized([
    2, ...leb(i32.length), 0x7f, ...leb(v128.length), 0x7b,
    ...lines.flatMap(line => instruction(line.split(/\s+/), locals)), 0x0b,
  ]);
}

function instruction([name = '', ...operands]: readonly string[], locals: readonly string[]): readonly number[] {
  const operand = operands[0] ?? '';
  const number = operand.startsWith('$') ? locals.indexOf(operand.slice(1)) : Number(operand.replace('offset=', ''));
  if (name === 'i32.const') return [0x41, ...signedLeb(number)];
  if (name === 'i8x16.shuffle') return [0xfd, 0x0d, ...operands.map(Number)];
  const index = indexed[name];
  if (index !== undefined && number >= 0) return [index, ...leb(number)];
  const access = memory[name];
  if (access) return [...access, ...leb(number)];
  const bytes = plain[name];
  if (!bytes) throw new Error(`unknown instruction: ${name} ${operands.join(' ')}`);
  return bytes;
}

const sized = (bytes: readonly number[]): number[] => [...leb(bytes.length), ...bytes];
const text = (ascii: string): number[] => sized(Array.from(ascii, letter => letter.charCodeAt(0)));

function leb(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...leb(value >>> 7)];
}

function signedLeb(value: number): number[] {
  return value >= -64 && value < 64 ? [value & 0x7f] : [(value & 0x7f) | 0x80, ...signedLeb(value >> 7)];
}
