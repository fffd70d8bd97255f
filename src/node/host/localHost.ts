import { spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { KnownError, textOf } from '../../core/errors.js';
import type { Host, HostOutcome, HostRun, HostScript } from '../../core/host/host.js';

/** The machine the extension runs on. */
export const localHost = (name = 'local'): Host => ({
  name,
  run: (script, options) => runScript(name, script, options),
  read: path => readFile(path, 'utf8').catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw unreadable(path, error);
  }),
  append: (path, text) => flushed(path, constants.O_WRONLY | constants.O_APPEND | constants.O_NOFOLLOW, text),
  write: async (path, text) => {
    const part = `${path}.part`;
    await rm(part, { force: true }).catch((error: unknown) => { throw unwritable(path, error); });
    await flushed(part, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, text);
    await rename(part, path).catch((error: unknown) => { throw unwritable(path, error); });
    await flushFolder(dirname(path));
  },
});

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';

const unreadable = (path: string, error: unknown): KnownError => new KnownError('FILE_UNREADABLE', { path, reason: textOf(error) }, { cause: error });
const unwritable = (path: string, error: unknown): KnownError => new KnownError('FILE_UNWRITABLE', { path, reason: textOf(error) }, { cause: error });

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

/**
 * In a session of its own, so that the end of the editor does not take a step down half way. Waits for the shell
 * itself and not for its pipes: what it started may keep them open for as long as etcd runs.
 */
async function runScript(host: string, script: HostScript, { signal, onOutput }: HostRun): Promise<HostOutcome> {
  signal.throwIfAborted();
  const child = spawn('/bin/sh', ['-s', '--', ...script.args], { cwd: '/', env: scriptEnv(), detached: true, stdio: 'pipe' });
  const group = () => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
    } catch {
      // It has ended by itself meanwhile.
    }
  };
  signal.addEventListener('abort', group, { once: true });
  const out = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      out[name] = (out[name] + text).slice(-LONGEST);
      onOutput?.(text);
    });
  }
  child.stdin.on('error', () => { /* The exit code tells. */ });
  // As one command, so that nothing of it runs before all of it has arrived, and nothing it calls can read the rest.
  child.stdin.end(`{\n${script.text}\n} </dev/null\n`);
  try {
    const code = await ended(host, child);
    signal.throwIfAborted();
    return { code, ...out };
  } finally {
    signal.removeEventListener('abort', group);
  }
}

/** Characters of output kept: ours are short, and a user's command may be noisy. */
const LONGEST = 2 ** 20;

function ended(host: string, child: ReturnType<typeof spawn>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    child.on('error', error => reject(new KnownError('COMMAND_FAILED', { command: '/bin/sh', host, reason: error.message }, { cause: error })));
    // After the exit, what is in the pipes already still arrives; a daemon that inherited them would keep them open.
    child.on('exit', code => {
      // One more look at the pipes when the time is up: this process may have been busy with something else.
      const grace = setTimeout(() => setImmediate(finish), 200);
      child.on('close', finish);
      function finish() {
        clearTimeout(grace);
        child.stdout?.destroy();
        child.stderr?.destroy();
        resolve(code ?? undefined);
      }
    });
  });
}

/** The person's own environment, without what belongs to the editor's process. */
const scriptEnv = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(ELECTRON_|VSCODE_|NODE_|ETCDCTL_)/.test(name)));
