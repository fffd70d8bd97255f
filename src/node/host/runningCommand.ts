import type { Readable, Writable } from 'node:stream';
import { failureOf, said } from '../../core/host/outcome.js';
import type { HostKeep, HostOutcome, HostRun, HostScript } from '../../core/host/host.js';
import { abortable } from './abortable.js';
import { readTail } from './readTail.js';

/** A command that runs on a host: a process of this machine, or a channel to another one. */
export interface RunningCommand {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /**
   * The exit code when the command has ended and its output has arrived, undefined when a signal ended it.
   * Rejects with HOST_LOST when the connection went first: then nobody knows.
   */
  readonly ended: Promise<number | undefined>;
  /** Gives the command up; at the other end of a connection it may go on. */
  destroy(): void;
}

/** Gives a command its input, waits for its end, and collects what it prints. */
export async function outcomeOf(
  command: RunningCommand, input: HostScript['input'], { onOutput, signal }: Partial<Pick<HostRun, 'onOutput' | 'signal'>> = {},
): Promise<HostOutcome> {
  const stdout = readTail(command.stdout, onOutput);
  const stderr = readTail(command.stderr, onOutput);
  // Whoever has ended, or has been told to, takes no more.
  const enough = new AbortController();
  const stop = () => { enough.abort(); };
  signal?.addEventListener('abort', stop, { once: true });
  try {
    const [code] = await Promise.all([command.ended.finally(stop), feed(command, input, enough.signal)]);
    return { code, stdout: stdout.text(), stderr: stderr.text() };
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

async function feed(command: RunningCommand, input: HostScript['input'], enough: AbortSignal): Promise<void> {
  // A command that ends without reading everything is no error here: its exit code tells.
  command.stdin.on('error', () => undefined);
  if (input === undefined || typeof input === 'string') {
    command.stdin.end(input);
    return;
  }
  const pieces = input[Symbol.asyncIterator]();
  try {
    for (let piece = await abortable(pieces.next(), enough); piece.done !== true; piece = await abortable(pieces.next(), enough)) {
      if (!command.stdin.write(piece.value)) await drained(command.stdin, enough);
    }
    command.stdin.end();
  } catch (error) {
    if (enough.aborted) return;
    command.destroy();
    throw error;
  } finally {
    if (enough.aborted) void pieces.return?.();
  }
}

async function drained(stdin: Writable, enough: AbortSignal): Promise<void> {
  const drain = Promise.withResolvers<undefined>();
  const done = () => drain.resolve(undefined);
  stdin.once('drain', done).once('close', done);
  try {
    await abortable(drain.promise, enough);
  } finally {
    stdin.off('drain', done).off('close', done);
  }
}

/** Milliseconds between two signs of life to what holds something. */
const BEAT = 5_000;

/** Holds on to a command that said HOLDS, until its input is closed. `end` ends it on its host, wherever the connection is. */
export async function keepOf(host: string, command: RunningCommand, end: () => Promise<void>): Promise<HostKeep> {
  command.stdin.on('error', () => undefined);
  const stderr = readTail(command.stderr);
  const line = Promise.withResolvers<string | undefined>();
  const stdout = readTail(command.stdout, () => {
    const first = stdout.text().split('\n').slice(0, -1).find(each => each.startsWith('@'));
    if (first !== undefined) line.resolve(first);
  });
  const ended = command.ended.finally(() => line.resolve(undefined));
  ended.catch(() => undefined);
  const first = await line.promise;
  if (first !== undefined && said(first)?.code === 'HOLDS') {
    const beat = setInterval(() => { command.stdin.write('.'); }, BEAT).unref();
    // A connection that was lost has let go already.
    const over = ended.then(() => undefined, () => undefined).finally(() => { clearInterval(beat); });
    return {
      said: first, ended: over, end,
      [Symbol.asyncDispose]: () => {
        clearInterval(beat);
        command.stdin.end();
        return over;
      },
    };
  }
  command.stdin.end();
  const code = await ended;
  throw failureOf(host, { code, stdout: stdout.text(), stderr: stderr.text() });
}
