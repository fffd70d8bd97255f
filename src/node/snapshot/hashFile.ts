import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import { read } from 'node:fs';
import { promisify } from 'node:util';
import { KnownError, textOf } from '../../core/errors.js';
import type { FileHashes, ForkableSha256 } from '../../core/snapshot/trailer.js';
import { FileHasher } from '../../core/snapshot/trailer.js';
import { blockSize, ended } from './control.js';
import type { Control } from './control.js';
import type { OpenFile } from './openFile.js';

const readInto = promisify(read);
const BLOCK = 1024 * 1024;

const forkable = (hash: Hash): ForkableSha256 => ({
  update: bytes => { hash.update(bytes); },
  digest: () => hash.digest(),
  fork: () => forkable(hash.copy()),
});

/**
 * The sha256 of a file and of the pieces before each of `places`, read once, in order, in big blocks; the next block is read
 * while one is hashed. Tells `control` how far it has come.
 */
export async function hashFile(file: OpenFile, places: readonly number[], control: Control): Promise<FileHashes> {
  const hasher = new FileHasher(forkable(createHash('sha256')), places);
  const fill = async (buffer: Buffer, offset: number): Promise<Buffer> => {
    try {
      const { bytesRead } = await readInto(file.fd, buffer, 0, Math.min(BLOCK, file.size - offset), offset);
      return buffer.subarray(0, bytesRead);
    } catch (error) {
      throw new KnownError('FILE_UNREADABLE', { path: file.path, reason: textOf(error) }, { cause: error });
    }
  };
  let [current, spare] = [Buffer.allocUnsafeSlow(BLOCK), Buffer.allocUnsafeSlow(BLOCK)];
  try {
    let block = await fill(current, 0);
    for (let offset = 0; offset < file.size;) {
      if (block.length === 0) throw new KnownError('SNAPSHOT_CHANGED', { path: file.path });
      offset += block.length;
      control.advance(Math.floor(offset / blockSize));
      const next = fill(spare, offset);
      hasher.update(block, file);
      block = await next;
      [current, spare] = [spare, current];
    }
    return hasher.finish();
  } finally {
    control.advance(ended);
  }
}
