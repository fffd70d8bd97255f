import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { KnownError } from '../../core/errors.js';
import type { Answer } from './answer.js';
import { valueOf } from './answer.js';

/** Where the workers lie: the folder of their bundles, or in tests that of their sources. */
export type WorkerDir = string;

/** Starts a worker, which the caller ends. */
export function startWorker(workerDir: WorkerDir, name: string, task: object): Worker {
  const bundle = join(workerDir, `${name}.js`);
  const isBuilt = existsSync(bundle);
  // Sources need the loader the tests run under, which a worker inherits with the arguments of the process.
  return new Worker(isBuilt ? bundle : join(workerDir, `${name}.ts`), { workerData: task, ...(isBuilt && { execArgv: [] }) });
}

/**
 * Runs a worker for one task and answers what it answers. The worker is ended when the signal aborts; that rejects with
 * `CANCELLED`.
 */
export async function inWorker<T>(workerDir: WorkerDir, name: string, task: object, signal: AbortSignal): Promise<T> {
  if (signal.aborted) throw new KnownError('CANCELLED');
  const worker = startWorker(workerDir, name, task);
  const { promise, resolve, reject } = Promise.withResolvers<Answer<T>>();
  const cancel = (): void => { reject(new KnownError('CANCELLED')); };
  signal.addEventListener('abort', cancel, { once: true });
  worker.once('message', resolve);
  worker.once('error', reject);
  worker.once('exit', code => { reject(new Error(`the worker ${name} ended with ${code} and no answer`)); });
  try {
    return valueOf(await promise);
  } finally {
    signal.removeEventListener('abort', cancel);
    await worker.terminate();
  }
}
