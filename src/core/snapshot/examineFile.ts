import { KnownError } from '../errors.js';
import type { RandomAccessFile } from '../ports.js';
import type { Header, Meta } from './bolt/meta.js';
import { readHeader } from './bolt/meta.js';

/** The length of the sha256 that ends a snapshot. */
export const trailerLength = 32;

/** A bbolt file before its content is looked at. */
export interface FileShape {
  readonly size: number;
  /** Absent when both headers are damaged. */
  readonly meta?: Meta;
  /** Where the database ends by its own account. Bytes. */
  readonly contentEnd?: number;
  /** Where a trailer may begin: what lies before is to be hashed and compared with the 32 bytes that follow. */
  readonly trailerPlaces: readonly number[];
}

/** Tells by its first bytes what a file is. Throws a KnownError for what is no database, with what to do instead. */
export function examineFile(file: RandomAccessFile): FileShape {
  const { path, size } = file;
  if (size === 0) throw new KnownError('SNAPSHOT_EMPTY', { path });
  if (path.endsWith('.part')) throw new KnownError('SNAPSHOT_PARTIAL', { path });
  const format = packedFormat(file);
  if (format) throw new KnownError('SNAPSHOT_PACKED', { path, format });
  const header = readHeader(file);
  if (!header.isBolt) throw new KnownError('SNAPSHOT_NOT_ETCD', { path });
  return shapeOf(path, size, header);
}

function shapeOf(path: string, size: number, { meta }: Header): FileShape {
  const atEnd = size % 512 === trailerLength ? [size - trailerLength] : [];
  if (!meta) return { size, trailerPlaces: atEnd };
  const contentEnd = meta.highWater * meta.pageSize;
  const rest = size - contentEnd;
  if (rest < 0) throw new KnownError('SNAPSHOT_TRUNCATED', { path, size, expected: contentEnd });
  if (rest > 0 && rest < trailerLength) throw new KnownError('SNAPSHOT_TRUNCATED', { path, size, expected: contentEnd + trailerLength });
  const places = rest === 0 ? [] : [contentEnd, ...atEnd.filter(place => place !== contentEnd)];
  return { size, meta, contentEnd, trailerPlaces: places };
}

const packed: readonly (readonly [format: string, at: number, magic: readonly number[]])[] = [
  ['gzip', 0, [0x1f, 0x8b]],
  ['zstd', 0, [0x28, 0xb5, 0x2f, 0xfd]],
  ['xz', 0, [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
  ['bzip2', 0, [0x42, 0x5a, 0x68]],
  ['lz4', 0, [0x04, 0x22, 0x4d, 0x18]],
  ['zip', 0, [0x50, 0x4b, 0x03, 0x04]],
  ['tar', 257, [0x75, 0x73, 0x74, 0x61, 0x72]],
];

function packedFormat(file: RandomAccessFile): string | undefined {
  const head = new Uint8Array(512);
  const length = file.read(0, head);
  return packed.find(([, at, magic]) => at + magic.length <= length && magic.every((byte, i) => head[at + i] === byte))?.[0];
}
