import { createHash, type Hash } from 'node:crypto';
import { futimes, read, write } from 'node:fs';
import { promisify } from 'node:util';
import { codeOf, KnownError } from '../../core/errors.js';
import type { Host, HostUpload } from '../../core/host/host.js';
import { checkRoom, openPartFile, writeError, type GoOn } from './savePartFile.js';
import { sumOnHost, type FileOnHost } from './receiveOnHost.js';

const readInto = promisify(read), writeFrom = promisify(write), setTimes = promisify(futimes);
const PIECE = 2 ** 20;

type Source = Pick<Host, 'name' | 'run' | 'stream'>;

/**
 * Copies a snapshot of a host to a file of this machine, mode 0600. It gets its name, and the time of the one there, when the
 * sha256 of what came is the one that the host computed of its file; nothing is replaced. What a lost connection left is gone on
 * with, if it is the beginning of that very file by its sha256; cancelling leaves nothing.
 */
export async function copyFromHost(host: Source, from: string, to: string, { signal, onProgress }: HostUpload): Promise<void> {
  signal.throwIfAborted();
  const whole = await sumOnHost(host, from, signal);
  const found = { hash: createHash('sha256') };
  await using part = await openPartFile(to, isBeginningOf(host, from, whole, signal, found));
  await checkRoom(to, whole.size - part.kept);
  onProgress?.(part.kept);
  try {
    let at = part.kept;
    for await (const piece of host.stream(from, signal, part.kept)) {
      found.hash.update(piece);
      await writeAll(part.fd, piece, at).catch((error: unknown) => { throw writeError(to, error); });
      at += piece.length;
      onProgress?.(at);
    }
  } catch (error) {
    const code = codeOf(error);
    if (!signal.aborted && (code === 'HOST_LOST' || code === 'HOST_UNREACHABLE' || code === 'HOST_TIMEOUT')) part.keep();
    throw error;
  }
  const sha256 = found.hash.digest('hex');
  if (sha256 !== whole.sha256) throw new KnownError('SAVE_COPY_DIFFERS', { path: to, found: sha256, expected: whole.sha256 });
  await setTimes(part.fd, new Date(), new Date(whole.mtimeMs)).catch((error: unknown) => { throw writeError(to, error); });
  signal.throwIfAborted();
  await part.publish();
}

/** Goes on with a part whose bytes are the file's first ones; its hash is then the one to go on with. */
const isBeginningOf = (host: Source, from: string, whole: FileOnHost, signal: AbortSignal, found: { hash: Hash }): GoOn => async (fd, size) => {
  if (size > whole.size) return false;
  const hash = createHash('sha256');
  for (let at = 0; at < size;) {
    const length = Math.min(PIECE, size - at);
    const { bytesRead, buffer } = await readInto(fd, Buffer.allocUnsafe(length), 0, length, at);
    if (bytesRead === 0) return false;
    hash.update(buffer.subarray(0, bytesRead));
    at += bytesRead;
  }
  const there = await sumOnHost(host, from, signal, size);
  if (there.sha256 !== hash.copy().digest('hex')) return false;
  found.hash = hash;
  return true;
};

async function writeAll(fd: number, piece: Uint8Array, at: number): Promise<void> {
  for (let done = 0; done < piece.length;) {
    const { bytesWritten } = await writeFrom(fd, piece, done, piece.length - done, at + done);
    done += bytesWritten;
  }
}
