import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import type { ErrorCode, MessageArgs } from '../../core/errors.js';
import { isKnown, KnownError } from '../../core/errors.js';

/** What a worker sends back: cloning loses the class of an error, so it travels as data. */
export type Answer<T> =
  | { readonly value: T }
  | { readonly code: ErrorCode; readonly args: MessageArgs }
  | { readonly bug: string };

/** Runs a worker's one task on what it was started with, and sends its outcome. */
export async function answer<T>(run: (task: unknown) => T | Promise<T>): Promise<void> {
  if (isMainThread) return;
  parentPort?.postMessage(await outcome(run));
}

async function outcome<T>(run: (task: unknown) => T | Promise<T>): Promise<Answer<T>> {
  try {
    return { value: await run(workerData) };
  } catch (error) {
    if (isKnown(error)) return { code: error.code, args: error.args };
    return { bug: error instanceof Error ? error.stack ?? error.message : String(error) };
  }
}

/** The value of an answer; throws what the worker threw. */
export function valueOf<T>(reply: Answer<T>): T {
  if ('value' in reply) return reply.value;
  if ('code' in reply) throw new KnownError(reply.code, reply.args);
  throw new Error(reply.bug);
}
