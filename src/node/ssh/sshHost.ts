import type { Duplex } from 'node:stream';
import { KnownError } from '../../core/errors.js';
import { appendScript, INPUT_CUT, NO_FILE, streamScript, writeScript } from '../../core/host/fileScripts.js';
import type { HostOutcome, HostRun, HostScript } from '../../core/host/host.js';
import { readAddress, type DialingHost } from '../host/dialingHost.js';
import { readTail } from '../host/readTail.js';
import { keepOf, outcomeOf } from '../host/runningCommand.js';
import { placeOf, upload } from '../host/upload.js';
import { endRemote } from './endRemote.js';
import { runOutliving } from './outliving.js';
import { startScript, type RemoteShell } from './remoteShell.js';

/** A host behind SSH: everything it does is a script in a shell there, so that sudo and any kind of connection serve all of it. */
export function sshHost(shell: RemoteShell): DialingHost {
  const { transport } = shell;
  const name = transport.name;
  const run = (script: HostScript, options: HostRun) =>
    options.outlives === true ? runOutliving(shell, script, options) : runScript(shell, script, options);
  return {
    name,
    run,
    keep: async (script, signal) => {
      // Not among the commands that wait for each other: it is what they wait for.
      const remote = await startScript(shell, { ...script, input: '' }, signal, true);
      return keepOf(name, remote, () => endRemote(shell, remote));
    },
    read: async path => {
      const pieces: Uint8Array[] = [];
      const found = await eachPiece(shell, path, 0, forever(), piece => pieces.push(piece));
      return found ? Buffer.concat(pieces).toString('utf8') : undefined;
    },
    stream: (path, signal, from = 0) => stream(shell, path, signal, from),
    append: (path, text) => change({ name, run }, path, appendScript(path, text)),
    write: (path, text) => change({ name, run }, path, writeScript(path, text)),
    upload: (from, to, options) => upload({ name, run }, from, to, options),
    dial: (address, signal) => dial(shell, address, signal),
    behind: gate => sshHost({ ...shell, gate }),
    close: () => transport.close(),
  };
}

const forever = (): AbortSignal => new AbortController().signal;

/** Runs a script to its end, over a connection that must hold as long. */
export async function runScript(shell: RemoteShell, script: HostScript, options: HostRun): Promise<HostOutcome> {
  const { signal } = options;
  signal.throwIfAborted();
  const remote = await startScript(shell, script, signal);
  const ending = { done: Promise.resolve() };
  const abort = () => { ending.done = endRemote(shell, remote); };
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  try {
    const outcome = await outcomeOf(remote, script.input, options);
    signal.throwIfAborted();
    return outcome;
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', abort);
    await ending.done;
  }
}

async function change(host: Pick<DialingHost, 'name' | 'run'>, path: string, script: HostScript): Promise<void> {
  const { code, stderr } = await host.run(script, { signal: forever() });
  if (code === INPUT_CUT) throw new KnownError('HOST_LOST', { host: host.name });
  if (code !== 0) throw new KnownError('FILE_UNWRITABLE', { path: placeOf(host, path), reason: lastLine(stderr) });
}

const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? '';

async function* stream(shell: RemoteShell, path: string, signal: AbortSignal, from: number): AsyncGenerator<Uint8Array> {
  signal.throwIfAborted();
  const remote = await startScript(shell, streamScript(path, from), signal);
  const giveUp = () => remote.destroy();
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    remote.stdin.end();
    const stderr = readTail(remote.stderr);
    for await (const piece of remote.stdout) yield piece as Buffer;
    const code = await remote.ended;
    if (code !== 0) throw new KnownError('FILE_UNREADABLE', { path: placeOf(shell.transport, path), reason: code === NO_FILE ? 'ENOENT' : lastLine(stderr.text()) });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', giveUp);
    remote.destroy();
  }
}

/** Whether there is such a file; gives its bytes. */
async function eachPiece(shell: RemoteShell, path: string, from: number, signal: AbortSignal, take: (piece: Uint8Array) => void): Promise<boolean> {
  try {
    for await (const piece of stream(shell, path, signal, from)) take(piece);
    return true;
  } catch (error) {
    if (error instanceof KnownError && error.code === 'FILE_UNREADABLE' && error.args['reason'] === 'ENOENT') return false;
    throw error;
  }
}

async function dial({ transport }: RemoteShell, address: string, signal: AbortSignal): Promise<Duplex> {
  const { host, port } = readAddress(transport.name, address);
  return transport.dial(host, port, signal);
}
