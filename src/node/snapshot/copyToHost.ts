import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { KnownError, textOf } from '../../core/errors.js';
import type { Host, HostUpload } from '../../core/host/host.js';
import { incomingPath } from '../../core/host/snapshotScripts.js';
import type { HostPlace } from '../../core/snapshot/hostSnapshots.js';
import { discardOnHost, prepareOnHost, publishOnHost } from './receiveOnHost.js';

/**
 * Copies a snapshot of this machine to a host. It gets its name, and the time of the one here, when the host has hashed what lies
 * on its disk and found the sha256 of the file here; nothing is replaced. After a lost connection the next attempt goes on where
 * this one ended; cancelling leaves nothing.
 */
export async function copyToHost(host: Pick<Host, 'name' | 'run' | 'upload'>, from: string, place: HostPlace, { signal, onProgress }: HostUpload): Promise<void> {
  signal.throwIfAborted();
  const { size, mtimeMs } = await stat(from).catch((error: unknown) => { throw unreadable(from, error); });
  await prepareOnHost(host, place, size, signal);
  try {
    await host.upload(from, incomingPath(place), { signal, ...onProgress && { onProgress } });
    await publishOnHost(host, place, await sha256Of(from, signal), signal, mtimeMs);
  } catch (error) {
    if (signal.aborted) await discardOnHost(host, place);
    throw error;
  }
}

/** The sha256 of a file of this machine, hex. */
export async function sha256Of(file: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const piece of createReadStream(file, { signal, highWaterMark: 2 ** 20 })) hash.update(piece as Buffer);
  } catch (error) {
    signal.throwIfAborted();
    throw unreadable(file, error);
  }
  return hash.digest('hex');
}

const unreadable = (path: string, error: unknown): KnownError => new KnownError('FILE_UNREADABLE', { path, reason: textOf(error) }, { cause: error });
