import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import { KnownError } from '../../../src/core/errors.js';
import type { RandomAccessFile } from '../../../src/core/ports.js';
import { damage } from '../../../src/core/snapshot/bolt/damage.js';
import type { Database } from '../../../src/core/snapshot/bolt/database.js';
import type { PageMemory } from '../../../src/core/snapshot/crc32c/pageMemory.js';
import { examineFile } from '../../../src/core/snapshot/examineFile.js';
import { readSnapshot } from '../../../src/core/snapshot/readSnapshot.js';
import type { SnapshotContent } from '../../../src/core/snapshot/readSnapshot.js';
import type { ForkableSha256 } from '../../../src/core/snapshot/trailer.js';
import { FileHasher, judgeTrailer } from '../../../src/core/snapshot/trailer.js';
import { concat } from './boltWriter.js';

export const seed = Uint32Array.of(1, 2, 3, 4);

/** Bytes as a file. Reading far more than there is means that a reader goes round in circles: that throws. */
export function memoryFile(bytes: Uint8Array, path = '/backup/etcd.db'): RandomAccessFile {
  let allowance = 1_000_000 + bytes.length * 2000;
  return {
    path,
    size: bytes.length,
    read(offset, into) {
      const piece = bytes.subarray(offset, offset + into.length);
      allowance -= into.length;
      if (allowance < 0) throw new Error('reads without end');
      into.set(piece);
      return piece.length;
    },
  };
}

/** Opens bytes as a database. */
export function openBytes(bytes: Uint8Array, memory: PageMemory): Database {
  const file = memoryFile(bytes);
  const { meta } = examineFile(file);
  if (!meta) throw damage(file.path, 'META', 0);
  return { file, meta, memory };
}

/** Content and trailer of bytes, judged in the order in which a person is told. */
export function verifyBytes(bytes: Uint8Array, memory: PageMemory, path?: string): SnapshotContent & { readonly trailer: 'matches' | 'absent' } {
  const file = memoryFile(bytes, path);
  const shape = examineFile(file);
  const hasher = new FileHasher(nodeSha256(createHash('sha256')), shape.trailerPlaces);
  for (let at = 0; at < bytes.length; at += 65536) hasher.update(bytes.subarray(at, at + 65536), file);
  const trailer = judgeTrailer(file.path, shape, hasher.finish());
  if (!shape.meta) throw damage(file.path, 'META', 0);
  return { trailer, ...readSnapshot({ file, meta: shape.meta, memory }, seed) };
}

const nodeSha256 = (hash: Hash): ForkableSha256 => ({
  update: bytes => { hash.update(bytes); },
  digest: () => hash.digest(),
  fork: () => nodeSha256(hash.copy()),
});

/** Adds the trailer a snapshot ends with. */
export const withTrailer = (database: Uint8Array): Uint8Array =>
  concat([database, createHash('sha256').update(database).digest()]);

/** The code a call throws, with the reason where it names one; `undefined` when it throws nothing. A bug passes through. */
export function refusal(action: () => unknown): string | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    if (!(error instanceof KnownError)) throw error;
    const { reason } = error.args;
    return reason === undefined ? error.code : `${error.code} ${reason}`;
  }
}
