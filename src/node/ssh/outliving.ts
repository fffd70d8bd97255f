import { randomBytes } from 'node:crypto';
import { isKnown, KnownError } from '../../core/errors.js';
import type { HostOutcome, HostRun, HostScript } from '../../core/host/host.js';
import { failureOf, said } from '../../core/host/outcome.js';
import { beginScript, bootScript, endScript, followScript, forgetScript } from '../../core/host/outlivingScripts.js';
import { NO_FILE } from '../../core/host/fileScripts.js';
import { outcomeOf } from '../host/runningCommand.js';
import { readTail } from '../host/readTail.js';
import { followedOutput, type FollowedOutput } from './followedOutput.js';
import { startScript, type RemoteShell } from './remoteShell.js';

/** Milliseconds in which a lost host must be back, and between two attempts. */
const PATIENCE = 60_000;
const PAUSE = 1_000;

/**
 * Runs a script that goes on when the connection is lost. It begins at most once: its directory on the host can be made only once,
 * and who finds none there makes it, so that nothing can begin late. Rejects with HOST_LOST or HOST_REBOOTED where nobody knows the outcome.
 */
export async function runOutliving(shell: RemoteShell, script: HostScript, { signal, onOutput }: HostRun): Promise<HostOutcome> {
  if (script.input !== undefined) throw new Error('A script that outlives its connection has no input');
  signal.throwIfAborted();
  const id = randomBytes(16).toString('hex');
  const host = shell.transport.name;
  const output = followedOutput(id, onOutput);
  const boot = await begin(shell, id, script, signal);
  // Ending goes another way than following, and following then comes to its end.
  const abort = () => { void quietly(shell, endScript(id)); };
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  try {
    const outcome = await followToEnd(shell, id, boot, output, signal);
    if (!output.ended()) throw outcome.code === NO_FILE ? new KnownError('HOST_LOST', { host }) : failureOf(host, outcome);
    await quietly(shell, forgetScript(id));
    signal.throwIfAborted();
    return output.outcome();
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** Follows it over as many connections as it takes, as long as the host is never away for longer than a minute. */
async function followToEnd(shell: RemoteShell, id: string, begun: string | undefined, output: FollowedOutput, signal: AbortSignal): Promise<HostOutcome> {
  let boot = begun;
  for (let lost = boot === undefined ? performance.now() : undefined; ;) {
    try {
      if (lost !== undefined) boot = await sameBoot(shell, boot);
      // Without a connection, nothing could be ended.
      if (lost !== undefined && signal.aborted) await quietly(shell, endScript(id));
      return await follow(shell, id, output, () => { lost = undefined; });
    } catch (error) {
      if (!mayComeBack(error)) throw error;
      lost ??= performance.now();
      if (performance.now() - lost > PATIENCE) throw new KnownError('HOST_LOST', { host: shell.transport.name }, { cause: error });
      output.cut();
      await new Promise(resolve => { setTimeout(resolve, PAUSE); });
    }
  }
}

/** A connection that is lost may come back; an answer of the host's does not become another. */
const mayComeBack = (error: unknown): boolean =>
  isKnown(error) && (error.code === 'HOST_LOST' || error.code === 'HOST_UNREACHABLE' || error.code === 'HOST_TIMEOUT');

/** The boot's id; undefined when the connection was lost, so that nobody knows whether the script has begun. */
async function begin(shell: RemoteShell, id: string, script: HostScript, signal: AbortSignal): Promise<string | undefined> {
  const remote = await startScript(shell, beginScript(id, script), signal);
  try {
    const outcome = await outcomeOf(remote, beginScript(id, script).input);
    const answer = said(outcome.stdout);
    if (outcome.code !== 0 || answer?.code !== 'BEGUN') throw failureOf(shell.transport.name, outcome);
    return String(answer.args['boot']);
  } catch (error) {
    if (isKnown(error) && error.code === 'HOST_LOST') return undefined;
    throw error;
  }
}

/** A host that was started anew keeps nothing of what ran on it. */
async function sameBoot(shell: RemoteShell, boot: string | undefined): Promise<string | undefined> {
  const signal = AbortSignal.timeout(PATIENCE);
  const { stdout } = await outcomeOf(await startScript(shell, bootScript, signal), undefined);
  const now = String(said(stdout)?.args['boot'] ?? '');
  if (boot !== undefined && now !== boot) throw new KnownError('HOST_REBOOTED', { host: shell.transport.name });
  return now;
}

async function follow(shell: RemoteShell, id: string, output: FollowedOutput, onConnected: () => void): Promise<HostOutcome> {
  const remote = await startScript(shell, followScript(id, output.offsets.out, output.offsets.err), new AbortController().signal);
  onConnected();
  remote.stdin.end();
  remote.stdout.on('data', output.takeOut).resume();
  remote.stderr.on('data', output.takeErr).resume();
  const stderr = readTail(remote.stderr);
  return { code: await remote.ended, stdout: '', stderr: stderr.text() };
}

/** Runs a script whose failure changes nothing any more. */
async function quietly(shell: RemoteShell, script: HostScript): Promise<void> {
  try {
    await outcomeOf(await startScript(shell, script, AbortSignal.timeout(PATIENCE), true), undefined);
  } catch {
    // What is left of it lies in a directory of its own, which the host's next boot clears.
  }
}
