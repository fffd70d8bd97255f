import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duplex } from 'node:stream';
import { KnownError, textOf } from '../../core/errors.js';
import { readTail } from '../host/readTail.js';
import type { RunningCommand } from '../host/runningCommand.js';
import { targetArgs, type Hop, type OpenSsh } from './hops.js';
import { openSlots } from './slots.js';
import type { Transport } from './transport.js';

/** Exit code of ssh when it is the connection that failed. */
const SSH_FAILED = 255;
const MOST_COMMANDS = 6;

/**
 * A host that the system's own ssh connects to, for what ssh2 cannot do. It asks nothing: keys come from the agent, host keys from
 * known_hosts. One connection serves all commands where there are sockets for it.
 */
export function openSshTransport({ name, target, settings }: Hop, openSsh: OpenSsh & { readonly program: string }): Transport {
  const slots = openSlots(MOST_COMMANDS);
  const socket = controlSocket();
  const options = async (): Promise<readonly string[]> => [
    '-T', '-o', 'BatchMode=yes', '-o', 'StrictHostKeyChecking=yes', '-o', 'ConnectTimeout=20', '-o', 'ServerAliveInterval=10', '-o', 'ServerAliveCountMax=3',
    '-o', 'ForwardAgent=no', '-o', 'ForwardX11=no', '-o', 'ClearAllForwardings=yes', '-o', 'PermitLocalCommand=no', '-o', 'RemoteCommand=none', '-o', 'EscapeChar=none', ...await socket.options(),
  ];
  const start = async (more: readonly string[], command: readonly string[]): Promise<RunningCommand> => {
    const argv = [...await options(), ...more, ...targetArgs(target, openSsh), ...command];
    return sshProcess(name, settings.user, `${settings.hostName}:${settings.port}`, openSsh.program, argv);
  };
  return {
    name,
    user: settings.user,
    exec: async (command, { signal, urgent }) => {
      const release = urgent === true ? () => undefined : await slots.take(signal);
      try {
        signal.throwIfAborted();
        const running = await start([], [command]);
        running.ended.then(release, release);
        return running;
      } catch (error) {
        release();
        throw error;
      }
    },
    dial: async (host, port, signal) => {
      signal.throwIfAborted();
      // `-W` is refused beside ClearAllForwardings; the option that comes first counts.
      const running = await start(['-W', `${host.includes(':') ? `[${host}]` : host}:${port}`], []);
      const stream = Duplex.from({ readable: running.stdout, writable: running.stdin });
      const stderr = readTail(running.stderr);
      running.ended.then(
        code => { if (code !== 0) stream.destroy(new KnownError('HOST_DIAL_FAILED', { host: name, address: `${host}:${port}`, reason: stderr.text().trim() })); },
        (error: unknown) => { stream.destroy(error instanceof Error ? error : new Error(textOf(error))); },
      );
      stream.once('close', () => running.destroy());
      return stream;
    },
    close: async () => {
      await socket.close(async at => {
        const child = spawn(openSsh.program, ['-o', `ControlPath=${at}`, '-O', 'exit', ...targetArgs(target, openSsh)], { stdio: 'ignore' });
        await new Promise(resolve => child.on('close', resolve).on('error', resolve));
      });
    },
  };
}

/** A socket in a directory of this process alone; Windows has none, and connects for each command. */
function controlSocket() {
  let folder: Promise<string> | undefined;
  const path = (): Promise<string> => folder ??= mkdtemp(join(tmpdir(), 'ssh-'));
  return {
    options: async (): Promise<readonly string[]> => process.platform === 'win32' ? []
      : ['-o', 'ControlMaster=auto', '-o', `ControlPath=${join(await path(), 's')}`, '-o', 'ControlPersist=60'],
    close: async (exit: (socket: string) => Promise<void>): Promise<void> => {
      const made = folder;
      folder = undefined;
      if (made === undefined) return;
      await exit(join(await made, 's'));
      await rm(await made, { recursive: true, force: true });
    },
  };
}

function sshProcess(name: string, user: string, address: string, program: string, argv: readonly string[]): RunningCommand {
  const child = spawn(program, argv, { stdio: 'pipe' });
  child.stdin.on('error', () => undefined);
  let last = '';
  child.stderr.on('data', (chunk: Buffer) => { last = (last + chunk.toString('utf8')).slice(-4096); });
  // Heard from the start, but the stream is for whoever reads it next.
  child.stderr.pause();
  const ended = new Promise<number | undefined>((resolve, reject) => {
    child.on('error', error => reject(new KnownError('HOST_UNREACHABLE', { host: name, address, reason: error.message }, { cause: error })));
    child.on('close', code => {
      if (code === SSH_FAILED || code === null) reject(sshFailure(name, user, address, last));
      else resolve(code);
    });
  });
  ended.catch(() => undefined);
  return { stdin: child.stdin, stdout: child.stdout, stderr: child.stderr, ended, destroy: () => { child.kill(); } };
}

/** What ssh says when it cannot connect, in the words of its source. */
function sshFailure(host: string, user: string, address: string, text: string): KnownError {
  const reason = text.trim().split('\n').at(-1)?.trim() ?? '';
  const key = { host, address, type: '', fingerprint: '' };
  const [, file = '', line = ''] = /Offending .*key in (.+):(\d+)/.exec(text) ?? [];
  if (text.includes('REMOTE HOST IDENTIFICATION HAS CHANGED')) return new KnownError('HOST_KEY_CHANGED', { ...key, file, line: Number(line) });
  if (text.includes('REVOKED')) return new KnownError('HOST_KEY_REVOKED', { ...key, file, line: Number(line) });
  if (/host key is known|Host key verification failed/.test(text)) return new KnownError('HOST_KEY_UNKNOWN', key);
  if (/Permission denied|Too many authentication failures/.test(text)) return new KnownError('HOST_AUTH_FAILED', { host, user, methods: /\(([\w,-]+)\)/.exec(text)?.[1] ?? '', reason });
  if (/Could not resolve|Connection refused|No route|Network is unreachable|port \d+: /.test(text)) return new KnownError('HOST_UNREACHABLE', { host, address, reason });
  if (text.includes('timed out')) return new KnownError('HOST_TIMEOUT', { host, address, seconds: 20 });
  return new KnownError('HOST_LOST', { host });
}
