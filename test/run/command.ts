import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** No part of a run takes this long, in milliseconds: what hangs is ended, and so fails. */
const patience = 40 * 60_000;

/** Runs a command with this process's output and returns its exit code; 1 when a signal ended it. */
export async function runCommand(argv: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<number> {
  const [file, ...args] = argv;
  if (file === undefined) throw new Error('a command needs a name');
  const child = spawn(file, args, { stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, ...env }, shell: process.platform === 'win32', timeout: patience });
  await once(child, 'exit');
  return child.exitCode ?? 1;
}
