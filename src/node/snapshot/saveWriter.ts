import type { WorkerDir } from './workerThread.js';
import { startWorker } from './workerThread.js';

/** What the worker is started with: where to write, and how much of what comes is to be hashed. */
export interface SaveTask {
  readonly fd: number;
  readonly dbBytes: number;
}

/** The buffer changes hands with the message, so nothing is copied. */
export type SaveRequest = { readonly buffer: Uint8Array<ArrayBuffer>; readonly length: number } | { readonly finish: true };
export type SaveReply =
  | { readonly free: Uint8Array<ArrayBuffer> }
  | { readonly sha256: string }
  | { readonly code: string; readonly reason: string };

/** Writes and hashes in a thread of its own, while this one receives. */
export interface SaveWriter extends AsyncDisposable {
  /** Resolves when the bytes are taken over, which waits while the disk is behind. Rejects with the error of the disk. */
  write(blobs: readonly Uint8Array[]): Promise<void>;
  /** The sha256 of the database, in hex, when all is written. Not flushed yet. */
  finish(): Promise<string>;
}

const BUFFER_BYTES = 256 << 10;
/** Enough to go on receiving while the disk pauses for a moment: 4 MiB. */
const BUFFERS = 16;

/** Starts the writer; disposing of it ends its thread, and only then may the file be closed. */
export function startSaveWriter(workerDir: WorkerDir, task: SaveTask): SaveWriter {
  const worker = startWorker(workerDir, 'saveSnapshotWorker', task);
  const free = Array.from({ length: BUFFERS }, () => new Uint8Array(BUFFER_BYTES));
  const state: { failure?: Error; sha256?: string; filled: number; current?: Uint8Array<ArrayBuffer> | undefined } = { filled: 0 };
  let news = Promise.withResolvers();
  const tell = (): void => { news.resolve(undefined); news = Promise.withResolvers(); };
  worker.on('message', (message: SaveReply) => {
    if ('free' in message) free.push(message.free);
    else if ('sha256' in message) state.sha256 = message.sha256;
    else state.failure = Object.assign(new Error(message.reason), { code: message.code });
    tell();
  });
  worker.on('error', error => { state.failure = error instanceof Error ? error : new Error(String(error)); tell(); });
  worker.on('exit', () => { state.failure ??= new Error('the thread that writes has ended'); tell(); });

  const until = async <T>(get: () => T | undefined): Promise<T> => {
    for (;;) {
      if (state.failure !== undefined) throw state.failure;
      const got = get();
      if (got !== undefined) return got;
      await news.promise;
    }
  };
  const send = (): void => {
    const { current: buffer, filled: length } = state;
    if (buffer !== undefined && length > 0) worker.postMessage({ buffer, length } satisfies SaveRequest, [buffer.buffer]);
    Object.assign(state, { current: undefined, filled: 0 });
  };
  return {
    write: async blobs => {
      for (const blob of blobs) {
        for (let done = 0; done < blob.length;) {
          const buffer = state.current ??= free.pop() ?? await until(() => free.pop());
          const part = blob.subarray(done, done + buffer.length - state.filled);
          buffer.set(part, state.filled);
          state.filled += part.length;
          done += part.length;
          if (state.filled === buffer.length) send();
        }
      }
    },
    finish: () => {
      send();
      worker.postMessage({ finish: true } satisfies SaveRequest);
      return until(() => state.sha256);
    },
    [Symbol.asyncDispose]: async () => { await worker.terminate(); },
  };
}
