import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Action } from '../../../src/core/action.js';
import { KnownError } from '../../../src/core/errors.js';
import type { EtcdProcess } from '../../../src/core/probe.js';
import { systemClock } from '../../../src/node/clock.js';
import { localHost } from '../../../src/node/host/localHost.js';
import { realHands } from '../../../src/node/restore/hands.js';

export const run = '20261122t030000z-4f2a';

/** A place of its own below the system's folder for such, and what was started in it; all is gone afterwards. */
export class Scratch implements AsyncDisposable {
  readonly dir: string;
  private readonly children: ChildProcess[] = [];
  private readonly closers: (() => Promise<unknown>)[] = [];

  private constructor(dir: string) {
    this.dir = dir;
  }

  static async make(): Promise<Scratch> {
    return new Scratch(await mkdtemp(join(tmpdir(), 'etcd-scripts-')));
  }

  /** A data directory with a member's database and WAL in it. */
  async dataDir(name: string, member = 'member'): Promise<EtcdProcess> {
    const dataDir = join(this.dir, name);
    await mkdir(join(dataDir, member, 'snap'), { recursive: true });
    await mkdir(join(dataDir, member, 'wal'));
    await writeFile(join(dataDir, member, 'snap/db'), 'database');
    await writeFile(join(dataDir, member, 'wal/0.wal'), 'wal');
    return { host: 'local', dataDir, memberDirs: ['member', `rescue-${run}`, `.restore-${run}/member`], sockets: [] };
  }

  /** Starts a process that has the file open, and locked when it shall; returns it once it has. */
  async hold(path: string, how: 'open' | 'locked' = 'open'): Promise<ChildProcess> {
    const lock = how === 'locked' ? 'flock -n 3 || exit 1;' : '';
    return this.child('/bin/sh', ['-c', `exec 3<>"$1"; ${lock} echo ready; exec sleep 60`, 'hold', path]);
  }

  /** Starts a process that prints a line when it is ready. */
  async child(command: string, args: readonly string[]): Promise<ChildProcess> {
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'], detached: true });
    this.children.push(child);
    await once(child.stdout, 'data');
    return child;
  }

  /** Listens on a free port; returns the socket as /proc/net/tcp writes it. */
  async listen(): Promise<string> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    this.closers.push(() => new Promise(resolve => { server.close(resolve); }));
    return `0100007F:${(server.address() as AddressInfo).port.toString(16).toUpperCase().padStart(4, '0')}`;
  }

  async script(name: string, text: string): Promise<string> {
    const path = join(this.dir, name);
    await writeFile(path, `#!/bin/sh\n${text}`);
    await chmod(path, 0o700);
    return path;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { pid } of this.children) endGroup(pid);
    for (const close of this.closers) await close();
    for (const name of await readdir(this.dir)) if (name.endsWith('.pid')) await this.endFrom(name);
    await rm(this.dir, { recursive: true, force: true, maxRetries: 5 });
  }

  /** Commands of a test's own write the id of what they leave running into a file. */
  private async endFrom(name: string): Promise<void> {
    const text = await localHost().read(join(this.dir, name)) ?? '';
    for (const pid of text.trim().split('\n')) if (/^\d+$/.test(pid)) endGroup(Number(pid), false);
  }
}

function endGroup(pid: number | undefined, group = true): void {
  try {
    if (pid !== undefined) process.kill(group ? -pid : pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

/** Hands on this machine that know no etcd. */
export const hands = realHands({
  hosts: new Map([['local', localHost()]]), clock: systemClock,
  connect: () => Promise.reject(new KnownError('ETCD_UNREACHABLE', { endpoint: '', reason: '' })),
});

export const perform = (action: Action, signal = new AbortController().signal): Promise<unknown> => hands.perform(action, signal, () => undefined);

export const move = (etcd: EtcdProcess, from: string, to: string): Promise<unknown> => perform({ do: 'move', etcd, from, to });
