import { fnv1a } from '../../../src/core/snapshot/bolt/meta.js';

/** An entry of a bucket. Entries must come in the order of their keys. */
export type Entry = readonly [key: Uint8Array, value: Uint8Array];

/** Where pages are written to; in any order, each once, and the two headers last. */
export type PageSink = (page: number, bytes: Uint8Array) => void;

export interface BoltOptions {
  /** 4096 unless told. */
  readonly pageSize?: number;
  /** At most so many entries in a leaf and children in a branch, to make a tree deep. */
  readonly fanOut?: number;
  /** Writes a list of free pages, with these on it. */
  readonly freelist?: readonly number[];
  /** Chooses the first page of a run; the next free one unless told. */
  readonly allocate?: (count: number) => number;
}

interface Child {
  readonly key: Uint8Array;
  readonly page: number;
}

const HEADER = 16;
const ELEMENT = 16;
const BRANCH = 1;
const LEAF = 2;
const META = 4;
const FREELIST = 0x10;
const BUCKET = 1;
/** bbolt keeps at least so many entries in a page, however large they are. */
const FEWEST = 2;

/** Writes a bbolt file page by page: small ones by hand with every property a test wants, or a large one as a stream. */
export class BoltWriter {
  readonly pageSize: number;
  readonly #sink: PageSink;
  readonly #options: BoltOptions;
  readonly #buckets: Entry[] = [];
  #highWater = 2;

  constructor(sink: PageSink, options: BoltOptions = {}) {
    this.#sink = sink;
    this.#options = options;
    this.pageSize = options.pageSize ?? 4096;
  }

  /** Adds a bucket as a tree of pages. Buckets must come in the order of their names. */
  bucket(name: string, entries: Iterable<Entry>): void {
    this.#buckets.push([ascii(name), u64s(this.#tree(entries, 0), 0)]);
  }

  /** Adds a bucket inside its own entry, as bbolt does with small ones. */
  inlineBucket(name: string, entries: readonly Entry[]): void {
    const size = HEADER + entries.reduce((sum, [key, value]) => sum + ELEMENT + key.length + value.length, 0);
    this.#buckets.push([ascii(name), concat([u64s(0, 0), leafPage(0, 0, size, entries, 0)])]);
  }

  /** Adds something to the list of buckets that is none. */
  stray(name: string, value: Uint8Array): void {
    this.#strays.push(name);
    this.#buckets.push([ascii(name), value]);
  }

  readonly #strays: string[] = [];

  /** Writes the root and both headers; returns the size of the database in bytes. */
  finish(txid = 7): number {
    const flags = (key: Uint8Array): number => this.#strays.includes(text(key)) ? 0 : BUCKET;
    const root = this.#tree(this.#buckets, flags);
    const free = this.#options.freelist;
    const freelist = free === undefined ? 0xffffffffffffffffn : BigInt(this.#freelist(free));
    for (const page of [0, 1]) this.#sink(page, metaPage(page, this.pageSize, root, freelist, this.#highWater, txid - page));
    return this.#highWater * this.pageSize;
  }

  #tree(entries: Iterable<Entry>, flags: number | ((key: Uint8Array) => number)): number {
    let level = this.#leaves(entries, flags);
    while (level.length > 1) level = this.#branches(level);
    return level[0]?.page ?? 0;
  }

  #leaves(entries: Iterable<Entry>, flags: number | ((key: Uint8Array) => number)): Child[] {
    const children: Child[] = [];
    let pending: Entry[] = [];
    let size = HEADER;
    const flush = (): void => {
      const [page, count] = this.#run(size);
      this.#sink(page, leafPage(page, count - 1, count * this.pageSize, pending, flags));
      children.push({ key: pending[0]?.[0] ?? new Uint8Array(), page });
      pending = [];
      size = HEADER;
    };
    for (const entry of entries) {
      const needs = ELEMENT + entry[0].length + entry[1].length;
      if ((pending.length >= FEWEST && size + needs > this.pageSize) || pending.length >= (this.#options.fanOut ?? Infinity)) flush();
      pending.push(entry);
      size += needs;
    }
    if (pending.length > 0 || children.length === 0) flush();
    return children;
  }

  #branches(level: readonly Child[]): Child[] {
    const parents: Child[] = [];
    for (let from = 0; from < level.length;) {
      let to = from;
      let size = HEADER;
      for (let child = level[to]; child && to - from < (this.#options.fanOut ?? Infinity); child = level[++to]) {
        if (to - from >= FEWEST && size + ELEMENT + child.key.length > this.pageSize) break;
        size += ELEMENT + child.key.length;
      }
      const [page, count] = this.#run(size);
      this.#sink(page, branchPage(page, count - 1, count * this.pageSize, level.slice(from, to)));
      parents.push({ key: level[from]?.key ?? new Uint8Array(), page });
      from = to;
    }
    return parents;
  }

  #freelist(free: readonly number[]): number {
    const long = free.length >= 0xffff;
    const [page, count] = this.#run(HEADER + 8 * (free.length + (long ? 1 : 0)));
    const bytes = new Uint8Array(count * this.pageSize);
    header(bytes, page, FREELIST, long ? 0xffff : free.length, count - 1);
    bytes.set(u64s(...(long ? [free.length] : []), ...free), HEADER);
    this.#sink(page, bytes);
    return page;
  }

  #run(size: number): [page: number, count: number] {
    const count = Math.max(1, Math.ceil(size / this.pageSize));
    const page = this.#options.allocate?.(count) ?? this.#highWater;
    this.#highWater = Math.max(this.#highWater, page + count);
    return [page, count];
  }
}

/** Writes a small file into memory. */
export function boltBytes(options: BoltOptions, fill: (writer: BoltWriter) => void): Uint8Array {
  const pages = new Map<number, Uint8Array>();
  const writer = new BoltWriter((page, bytes) => pages.set(page, bytes), options);
  fill(writer);
  const file = new Uint8Array(writer.finish());
  for (const [page, bytes] of pages) file.set(bytes, page * writer.pageSize);
  return file;
}

function leafPage(id: number, overflow: number, span: number, entries: readonly Entry[], flags: number | ((key: Uint8Array) => number)): Uint8Array {
  const bytes = new Uint8Array(span);
  const view = new DataView(bytes.buffer);
  header(bytes, id, LEAF, entries.length, overflow);
  let data = HEADER + entries.length * ELEMENT;
  entries.forEach(([key, value], i) => {
    const element = HEADER + i * ELEMENT;
    view.setUint32(element, typeof flags === 'number' ? flags : flags(key), true);
    view.setUint32(element + 4, data - element, true);
    view.setUint32(element + 8, key.length, true);
    view.setUint32(element + 12, value.length, true);
    bytes.set(key, data);
    bytes.set(value, data + key.length);
    data += key.length + value.length;
  });
  return bytes;
}

function branchPage(id: number, overflow: number, span: number, children: readonly Child[]): Uint8Array {
  const bytes = new Uint8Array(span);
  const view = new DataView(bytes.buffer);
  header(bytes, id, BRANCH, children.length, overflow);
  let data = HEADER + children.length * ELEMENT;
  children.forEach(({ key, page }, i) => {
    const element = HEADER + i * ELEMENT;
    view.setUint32(element, data - element, true);
    view.setUint32(element + 4, key.length, true);
    view.setBigUint64(element + 8, BigInt(page), true);
    bytes.set(key, data);
    data += key.length;
  });
  return bytes;
}

function metaPage(id: number, pageSize: number, root: number, freelist: bigint, highWater: number, txid: number): Uint8Array {
  const bytes = new Uint8Array(pageSize);
  header(bytes, id, META, 0, 0);
  bytes.set(u32s(0xed0cdaed, 2, pageSize, 0), HEADER);
  bytes.set(u64s(root, 0, freelist, highWater, txid), HEADER + 16);
  sealMeta(bytes);
  return bytes;
}

/** Writes the checksum of a header page. */
export function sealMeta(page: Uint8Array): void {
  page.set(u64s(fnv1a(page.subarray(HEADER, HEADER + 56))), HEADER + 56);
}

function header(bytes: Uint8Array, id: number, flags: number, count: number, overflow: number): void {
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(id), true);
  view.setUint16(8, flags, true);
  view.setUint16(10, count, true);
  view.setUint32(12, overflow, true);
}

function u64s(...values: readonly (number | bigint)[]): Uint8Array {
  return new Uint8Array(BigUint64Array.from(values, value => BigInt(value)).buffer);
}

const u32s = (...values: readonly number[]): Uint8Array => new Uint8Array(Uint32Array.from(values).buffer);

/** The bytes of a text. */
export const ascii = (letters: string): Uint8Array => new TextEncoder().encode(letters);
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** Joins pieces of bytes. */
export function concat(pieces: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
