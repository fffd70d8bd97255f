import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import type { ExecOptions, Ran } from './lab.js';

/** Runs a command and returns what it printed; rejects on a non-zero exit code, with the last lines of its errors. */
export async function run(argv: readonly string[], options: ExecOptions & { readonly env?: NodeJS.ProcessEnv } = {}): Promise<Ran> {
  const [file, ...args] = argv;
  if (file === undefined) throw new Error('a command needs a name');
  const child = spawn(file, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: options.env ?? process.env,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  // A command may end without reading its input.
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.input ?? '');
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  const code = child.exitCode ?? 128;
  if (code !== 0 && options.anyCode !== true)
    throw new Error(`${argv.join(' ').slice(0, 300)} ended with code ${code}: ${(stderr.trim() === '' ? stdout : stderr).trim().slice(-2000)}`);
  return { code, stdout, stderr };
}
