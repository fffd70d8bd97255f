import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { HostPrompts, SecretQuestion, UnknownHostKey } from '../../src/core/host/prompts.js';
import { openSshHosts, type SshHosts } from '../../src/node/ssh/sshHosts.lazy.js';

const run = promisify(execFile);
export const never = new AbortController().signal;

/** A folder of a test that other users can pass through, and what lies in it. */
export interface Place extends AsyncDisposable {
  readonly dir: string;
  at(name: string): string;
  write(name: string, text: string, mode?: number): Promise<string>;
  /** Makes a key pair and returns the path of the private one. */
  key(name: string, ...options: string[]): Promise<string>;
  read(name: string): Promise<string>;
}

export async function openPlace(): Promise<Place> {
  const dir = await mkdtemp(join(tmpdir(), 'ssh-test-'));
  await chmod(dir, 0o711);
  const at = (name: string): string => join(dir, name);
  return {
    dir,
    at,
    read: name => readFile(at(name), 'utf8'),
    write: async (name, text, mode = 0o600) => {
      await writeFile(at(name), text, { mode });
      await chmod(at(name), mode);
      return at(name);
    },
    key: async (name, ...options) => {
      await run('ssh-keygen', ['-q', '-C', name, '-f', at(name), ...options.includes('-t') ? [] : ['-t', 'ed25519'], ...options.includes('-N') ? [] : ['-N', ''], ...options]);
      return at(name);
    },
    [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true }),
  };
}

/** OpenSSH's own server on a free loopback port. */
export interface RealSshd extends AsyncDisposable {
  readonly port: number;
  /** A line of known_hosts for it. */
  readonly known: string;
  log(): Promise<string>;
  /** Kills the processes that serve connections, as if the network were cut; the server goes on. */
  cut(): Promise<void>;
}

export interface SshdOptions {
  readonly name?: string;
  /** Private key files of the host. */
  readonly hostKeys?: readonly string[];
  /** Lines for authorized_keys. */
  readonly authorized?: string;
  readonly config?: readonly string[];
}

export async function startSshd(place: Place, { name = 'sshd', hostKeys, authorized = '', config = [] }: SshdOptions): Promise<RealSshd> {
  const keys = hostKeys ?? [await place.key(`${name}-host`)];
  const keysFile = await place.write(`${name}-authorized`, authorized, 0o644);
  const port = await freePort();
  const text = [
    ...config, `Port ${port}`, 'ListenAddress 127.0.0.1', 'ListenAddress ::1', ...keys.map(key => `HostKey ${key}`), `AuthorizedKeysFile ${keysFile}`, 'StrictModes no',
    `PidFile ${place.at(`${name}.pid`)}`, 'PermitRootLogin prohibit-password', 'UsePAM no', 'PasswordAuthentication no', 'KbdInteractiveAuthentication no',
    'LogLevel DEBUG1', 'MaxStartups 100', 'Subsystem sftp internal-sftp', '',
  ].join('\n');
  await mkdir('/run/sshd', { recursive: true, mode: 0o755 });
  const log = place.at(`${name}.log`);
  const child = spawn('/usr/sbin/sshd', ['-D', '-E', log, '-f', await place.write(`${name}.conf`, text)], { stdio: 'ignore' });
  const ended = new Promise<void>(resolve => child.once('exit', () => resolve()));
  await answers(port, child, log);
  const [, type = '', blob = ''] = /^(\S+) (\S+)/.exec(await readFile(`${keys[0] ?? ''}.pub`, 'utf8')) ?? [];
  const cut = async () => {
    const { stdout } = await run('ps', ['-e', '-o', 'pid=,ppid=,comm=']);
    const all = stdout.trim().split('\n').map(line => line.trim().split(/\s+/));
    const below = (pid: string): string[] => all.filter(([, parent, comm]) => parent === pid && comm === 'sshd').flatMap(([own = '']) => [own, ...below(own)]);
    for (const pid of below(String(child.pid)).reverse()) {
      try {
        process.kill(Number(pid), 'SIGKILL');
      } catch {
        // It ended with its parent.
      }
    }
  };
  return {
    port,
    known: `[127.0.0.1]:${port} ${type} ${blob}\n`,
    log: () => readFile(log, 'utf8'),
    cut,
    [Symbol.asyncDispose]: async () => {
      await cut();
      child.kill();
      await ended;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise(resolve => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise(resolve => server.close(resolve));
  return port;
}

async function answers(port: number, child: { readonly exitCode: number | null }, log: string): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`sshd did not start: ${await readFile(log, 'utf8').catch(() => '')}`);
    const open = await new Promise<boolean>(resolve => {
      const socket = connect(port, '127.0.0.1', () => { socket.destroy(); resolve(true); }).on('error', () => resolve(false));
    });
    if (open) return;
    await new Promise(resolve => { setTimeout(resolve, 50); });
  }
}

/** A person who answers as told, and remembers what was asked. */
export interface Person extends HostPrompts {
  readonly asked: (SecretQuestion | ({ readonly is: 'hostKey' } & UnknownHostKey))[];
}

export function person(answer: (question: SecretQuestion) => string | undefined = () => undefined, trusts = false): Person {
  const asked: Person['asked'] = [];
  return {
    asked,
    unknownHostKey: key => {
      asked.push({ is: 'hostKey', ...key });
      return Promise.resolve(trusts);
    },
    secret: question => {
      asked.push(question);
      return Promise.resolve(answer(question));
    },
  };
}

/** One `Host` of an ssh configuration of the test's own. */
export const hostEntry = (alias: string, port: number, more: Readonly<Record<string, string>>): string =>
  [`Host ${alias}`, ...Object.entries({
    HostName: '127.0.0.1', Port: String(port), User: 'root', IdentityAgent: 'none', GlobalKnownHostsFile: '/dev/null', ...more,
  }).map(([key, value]) => `  ${key} ${value}`), ''].join('\n');

/** The adapter with a configuration of the test's own. */
export async function hostsWith(place: Place, config: string, prompts: HostPrompts = person(), openSsh: 'there' | 'missing' = 'there'): Promise<SshHosts> {
  const configFile = await place.write(`config-${randomBytes(4).toString('hex')}`, config);
  return openSshHosts({ prompts, openSsh: { configFile, ...(openSsh === 'there' && { program: '/usr/bin/ssh' }) } });
}

/** A user of this machine who has a password, for as long as the test lasts. */
export interface TemporaryUser extends AsyncDisposable {
  readonly name: string;
  readonly password: string;
  readonly home: string;
}

export async function addUser(options: { readonly sudoers?: string; readonly shell?: string } = {}): Promise<TemporaryUser> {
  const name = `etcdrec${randomBytes(4).toString('hex')}`;
  const password = `pw-${randomBytes(12).toString('hex')}`;
  await run('useradd', ['--create-home', '--shell', options.shell ?? '/bin/bash', name]);
  const child = spawn('chpasswd', [], { stdio: ['pipe', 'ignore', 'inherit'] });
  child.stdin.end(`${name}:${password}\n`);
  await new Promise(resolve => child.once('exit', resolve));
  const sudoers = `/etc/sudoers.d/${name}`;
  if (options.sudoers !== undefined) await writeFile(sudoers, options.sudoers.replaceAll('USER', name), { mode: 0o440 });
  return {
    name, password, home: `/home/${name}`,
    [Symbol.asyncDispose]: async () => {
      await rm(sudoers, { force: true });
      await run('pkill', ['-KILL', '-u', name]).catch(() => undefined);
      await run('userdel', ['--remove', '--force', name]).catch(() => undefined);
    },
  };
}
