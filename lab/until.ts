import { setTimeout as sleep } from 'node:timers/promises';

/** Tries until something succeeds; after `patience` milliseconds, rejects with its last error. */
export async function until<T>(what: string, attempt: () => Promise<T>, signal?: AbortSignal, patience = 120_000): Promise<T> {
  for (const end = Date.now() + patience; ;) {
    signal?.throwIfAborted();
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > end) throw new Error(`${what}: not within ${patience / 1000} s: ${String(error)}`, { cause: error });
      await sleep(150, undefined, { ...(signal === undefined ? {} : { signal }) });
    }
  }
}
