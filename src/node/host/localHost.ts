import { spawn } from 'node:child_process';
import { constants, createReadStream } from 'node:fs';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { KnownError, textOf } from '../../core/errors.js';
import { checkArgs } from '../../core/host/checkArgs.js';
import type { HostOutcome, HostRun, HostScript } from '../../core/host/host.js';
import { dialTcp } from './dialTcp.js';
import type { DialingHost, Gate } from './dialingHost.js';
import { keepOf, outcomeOf, type RunningCommand } from './runningCommand.js';
import { upload } from './upload.js';

/** The machine the extension runs on. */
export const localHost = (name = 'local', gate: Gate = () => Promise.resolve()): DialingHost => {
  const run = async (script: HostScript, options: HostRun) => {
    await gate();
    return runScript(name, script, options);
  };
  return {
    name,
    run,
    keep: async (script, signal) => {
      signal.throwIfAborted();
      await gate();
      const command = startScript(name, { ...script, input: '' });
      return keepOf(name, command, async () => {
        command.terminate();
        await command.ended.catch(() => undefined);
      });
    },
    read: path => readFile(path, 'utf8').catch((error: unknown) => {
      if (isMissing(error)) return undefined;
      throw unreadable(path, error);
    }),
    stream,
    append: async (path, text) => {
      await gate();
      await flushed(path, constants.O_WRONLY | constants.O_APPEND | constants.O_NOFOLLOW, text);
    },
    write: async (path, text) => {
      await gate();
      const part = `${path}.part`;
      await rm(part, { force: true }).catch((error: unknown) => { throw unwritable(path, error); });
      await flushed(part, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, text);
      await rename(part, path).catch((error: unknown) => { throw unwritable(path, error); });
      await flushFolder(dirname(path));
    },
    upload: (from, to, options) => upload({ name, run }, from, to, options),
    dial: (address, signal) => dialTcp(name, address, signal),
    behind: before => localHost(name, before),
    close: () => Promise.resolve(),
  };
};

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';

const unreadable = (path: string, error: unknown): KnownError => new KnownError('FILE_UNREADABLE', { path, reason: textOf(error) }, { cause: error });
const unwritable = (path: string, error: unknown): KnownError => new KnownError('FILE_UNWRITABLE', { path, reason: textOf(error) }, { cause: error });

async function* stream(path: string, signal: AbortSignal, from = 0): AsyncGenerator<Uint8Array> {
  signal.throwIfAborted();
  try {
    for await (const piece of createReadStream(path, { start: from, signal, highWaterMark: 2 ** 20 })) yield piece as Buffer;
  } catch (error) {
    signal.throwIfAborted();
    throw unreadable(path, error);
  }
}

async function flushed(path: string, flags: number, text: string): Promise<void> {
  try {
    await using file = await open(path, flags, 0o600);
    await file.writeFile(text);
    await file.sync();
  } catch (error) {
    throw unwritable(path, error);
  }
}

async function flushFolder(path: string): Promise<void> {
  await using folder = await open(path, 'r');
  await folder.sync();
}

async function runScript(host: string, script: HostScript, options: HostRun): Promise<HostOutcome> {
  const { signal } = options;
  signal.throwIfAborted();
  const command = startScript(host, script);
  signal.addEventListener('abort', command.terminate, { once: true });
  try {
    const outcome = await outcomeOf(command, script.input ?? wholeText(script), options);
    signal.throwIfAborted();
    return outcome;
  } finally {
    signal.removeEventListener('abort', command.terminate);
  }
}

/** As one command, so that nothing of it runs before all of it has arrived, and nothing it calls can read the rest. */
const wholeText = ({ text }: HostScript): string => `{\n${text}\n} </dev/null\n`;

/**
 * In a session of its own, so that the end of the editor does not take a step down half way. Waits for the shell
 * itself and not for its pipes: what it started may keep them open for as long as etcd runs.
 */
function startScript(host: string, script: HostScript): RunningCommand & { readonly terminate: () => void } {
  checkArgs(host, script, 'any');
  // Standard input brings the script, unless it has an input of its own: then it is an argument itself.
  const argv = script.input === undefined ? ['-s', '--', ...script.args] : ['-c', script.text, '/bin/sh', ...script.args];
  const child = spawn('/bin/sh', argv, { cwd: '/', env: scriptEnv(), detached: true, stdio: 'pipe' });
  const ended = new Promise<number | undefined>((resolve, reject) => {
    child.on('error', error => reject(new KnownError('COMMAND_FAILED', { command: '/bin/sh', host, reason: error.message }, { cause: error })));
    // After the exit, what is in the pipes already still arrives; a daemon that inherited them would keep them open.
    child.on('exit', code => {
      // One more look at the pipes when the time is up: this process may have been busy with something else.
      const grace = setTimeout(() => setImmediate(finish), 200);
      child.on('close', finish);
      function finish() {
        clearTimeout(grace);
        child.stdin.destroy();
        child.stdout.destroy();
        child.stderr.destroy();
        resolve(code ?? undefined);
      }
    });
  });
  const terminate = () => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
    } catch {
      // It has ended by itself meanwhile.
    }
    child.stdin.destroy();
  };
  return { stdin: child.stdin, stdout: child.stdout, stderr: child.stderr, ended, terminate, destroy: terminate };
}

/** The person's own environment, without what belongs to the editor's process. */
const scriptEnv = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(ELECTRON_|VSCODE_|NODE_|ETCDCTL_)/.test(name)));
