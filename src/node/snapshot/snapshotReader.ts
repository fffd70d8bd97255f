import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { KnownError, textOf } from '../../core/errors.js';
import type { FileShape } from '../../core/snapshot/examineFile.js';
import type { HashKvResult } from '../../core/snapshot/hashKv.js';
import type { ReadOptions, SnapshotReader } from '../../core/snapshot/reader.js';
import type { SnapshotContent } from '../../core/snapshot/readSnapshot.js';
import type { LastRevision, SnapshotReport } from '../../core/snapshot/report.js';
import type { FileHashes } from '../../core/snapshot/trailer.js';
import { judgeTrailer } from '../../core/snapshot/trailer.js';
import type { Control } from './control.js';
import { blockSize, control, ended } from './control.js';
import { inWorker } from './workerThread.js';
import type { WorkerDir } from './workerThread.js';
import type { HashTask } from './snapshotHashWorker.js';
import type { ContentTask } from './snapshotContentWorker.js';

const PROGRESS_MS = 100;

/** Reads snapshots in worker threads, whose bundles lie in `workerDir`. */
export const snapshotReader = (workerDir: WorkerDir): SnapshotReader => ({
  verify: (path, options) => verify(workerDir, path, options),

  async hashKv(path, request, { signal, onProgress }) {
    const { size } = await statOf(path);
    const shared = control();
    shared.advance(ended);
    const task: ContentTask = { kind: 'hashKv', path, shared: shared.shared, request };
    const { hash, revision, compactRevision } = await watched(size, onProgress, () => shared.walked() * blockSize / 2,
      inWorker<HashKvResult>(workerDir, 'snapshotContentWorker', task, signal));
    return { hash, revision, compactRevision };
  },

  async lastRevision(path, { signal }) {
    await statOf(path);
    const task: ContentTask = { kind: 'lastRevision', path };
    return inWorker<LastRevision>(workerDir, 'snapshotContentWorker', task, signal);
  },
});

/** One worker hashes the file in its own order, one reads its content; the hash has the first word on what is wrong. */
async function verify(workerDir: WorkerDir, path: string, { signal, onProgress }: ReadOptions): Promise<SnapshotReport> {
  const { size, mtimeMs } = await statOf(path);
  const shared = control();
  const hashTask: HashTask = { path, shared: shared.shared };
  const contentTask: ContentTask = { kind: 'content', path, shared: shared.shared };
  const [hashed, content] = await watched(size, onProgress, () => progressOf(shared, size), Promise.allSettled([
    inWorker<{ readonly shape: FileShape; readonly hashes: FileHashes }>(workerDir, 'snapshotHashWorker', hashTask, signal)
      // However it ended: nobody may wait for it any more.
      .finally(() => { shared.advance(ended); }),
    inWorker<SnapshotContent>(workerDir, 'snapshotContentWorker', contentTask, signal),
  ]));
  const after = await statOf(path);
  if (after.size !== size || after.mtimeMs !== mtimeMs) throw new KnownError('SNAPSHOT_CHANGED', { path });
  if (hashed.status === 'rejected') throw hashed.reason;
  const { shape, hashes } = hashed.value;
  const trailer = judgeTrailer(path, shape, hashes);
  if (content.status === 'rejected') throw content.reason;
  return {
    file: { path, size, mtimeMs, sha256: hashes.sha256 },
    kind: trailer === 'matches' ? 'snapshot' : 'database',
    trailer,
    ...content.value,
  };
}

/** Half for hashing, half for the content, whose two passes read the file about twice. */
function progressOf(shared: Control, size: number): number {
  const hashed = Math.min(shared.frontier() * blockSize, size);
  return (hashed + Math.min(shared.walked() * blockSize / 2, size)) / 2;
}

async function statOf(path: string): Promise<Stats> {
  const stats = await stat(path).catch((error: unknown) => {
    throw new KnownError('FILE_UNREADABLE', { path, reason: textOf(error) }, { cause: error });
  });
  if (!stats.isFile()) throw new KnownError('FILE_UNREADABLE', { path, reason: 'not a regular file' });
  return stats;
}

/** Awaits `work` and tells now and then how far it has come. */
async function watched<T>(total: number, onProgress: ReadOptions['onProgress'], done: () => number, work: Promise<T>): Promise<T> {
  const timer = onProgress && setInterval(() => { onProgress({ done: Math.min(done(), total), total }); }, PROGRESS_MS);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}
