import type { EtcdEndpoint } from '../../core/cluster/status.js';
import { checkRoom, openPartFile, writeError } from './savePartFile.js';
import type { PartFile } from './savePartFile.js';
import { beginStream, type SaveStreamCheck } from './saveStreamCheck.js';
import { startSaveWriter } from './saveWriter.js';
import type { WorkerDir } from './workerThread.js';

/** Bytes received so far and in all, the trailer included. */
export interface SaveProgress {
  readonly receivedBytes: number;
  /** Known from the first message on. */
  readonly totalBytes: number | undefined;
}

/** A snapshot that lies on disk, its trailer compared with what was received. */
export interface SavedSnapshot {
  readonly path: string;
  /** Of the file, the 32 bytes of the trailer included. */
  readonly sizeBytes: number;
  /** sha256 of the database in hex: what the trailer says. */
  readonly sha256: string;
  readonly endpoint: string;
  /** The database's storage version; from servers of 3.6 and later. */
  readonly storageVersion?: string;
}

export interface SaveOptions {
  /** Where the bundles of the worker threads lie. */
  readonly workerDir: WorkerDir;
  readonly signal: AbortSignal;
  /** Called before the first byte and then at most once per MiB. */
  readonly onProgress?: (progress: SaveProgress) => void;
}

const PROGRESS_BYTES = 1 << 20;

/**
 * Streams a snapshot of the endpoint's member to `file`. What arrives is hashed on its way into `file.part` and compared
 * with the server's sha256 before anything is called saved; then it is flushed and renamed, replacing nothing. Mode 0600.
 * On failure or cancel nothing is left. Rejects with a `SAVE_…` code, `FILE_EXISTS`, or the endpoint's own codes.
 */
export async function saveSnapshot(etcd: EtcdEndpoint, file: string, options: SaveOptions): Promise<SavedSnapshot> {
  options.signal.throwIfAborted();
  await using part = await openPartFile(file);
  options.onProgress?.({ receivedBytes: 0, totalBytes: undefined });
  const { check, version, sha256 } = await receive(etcd, part, file, options);
  options.signal.throwIfAborted();
  await part.publish();
  return { path: file, sizeBytes: check.totalBytes, sha256, endpoint: etcd.endpoint, ...(version !== undefined && { storageVersion: version }) };
}

interface Received {
  readonly check: SaveStreamCheck;
  readonly version: string | undefined;
  readonly sha256: string;
}

async function receive(etcd: EtcdEndpoint, part: PartFile, file: string, { workerDir, signal, onProgress }: SaveOptions): Promise<Received> {
  const batches = etcd.snapshot(signal)[Symbol.asyncIterator]();
  try {
    let next = await batches.next();
    const { check, version } = beginStream(etcd.endpoint, next);
    // Whether it fits is asked before anything is written.
    await checkRoom(file, check.totalBytes);
    await using writer = startSaveWriter(workerDir, { fd: part.fd, dbBytes: check.dbBytes });
    for (let told = 0; next.done !== true; next = await batches.next()) {
      for (const chunk of next.value) check.add(chunk);
      await writer.write(next.value.flatMap(({ blobs }) => blobs)).catch((error: unknown) => { throw writeError(file, error); });
      if (check.received - told < PROGRESS_BYTES) continue;
      told = check.received;
      onProgress?.({ receivedBytes: told, totalBytes: check.totalBytes });
    }
    check.finish();
    const sha256 = await writer.finish().catch((error: unknown) => { throw writeError(file, error); });
    check.compare(sha256);
    return { check, version, sha256 };
  } finally {
    await batches.return?.();
  }
}
