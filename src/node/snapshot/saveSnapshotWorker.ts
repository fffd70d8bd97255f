import { createHash } from 'node:crypto';
import { writeSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import type { SaveReply, SaveRequest, SaveTask } from './saveWriter.js';

const { fd, dbBytes } = workerData as SaveTask;
const hash = createHash('sha256');
let taken = 0;

/** Writes a batch, hashes what of it belongs to the database, and gives the buffer back. */
function take(buffer: Uint8Array<ArrayBuffer>, length: number): void {
  for (let done = 0; done < length;) done += writeSync(fd, buffer, done, length - done);
  hash.update(buffer.subarray(0, Math.min(length, Math.max(0, dbBytes - taken))));
  taken += length;
  reply({ free: buffer }, [buffer.buffer]);
}

const reply = (message: SaveReply, transfer: readonly ArrayBuffer[] = []): void => { parentPort?.postMessage(message, [...transfer]); };

parentPort?.on('message', (request: SaveRequest) => {
  try {
    if ('finish' in request) reply({ sha256: hash.digest('hex') });
    else take(request.buffer, request.length);
  } catch (error) {
    const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
    reply({ code, reason: error instanceof Error ? error.message : String(error) });
    parentPort?.close();
  }
});
