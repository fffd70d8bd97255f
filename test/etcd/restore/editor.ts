import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { EditorTask } from './editorProcess.js';

const program = join(import.meta.dirname, 'editorProcess.ts');
/** In the environment of all that an editor starts, but of what is started with an environment of its own. */
const MARK = 'RESTORE_TEST_EDITOR';

/** A process that carries out a restore as the editor does, and can be killed. */
export class Editor {
  readonly mark = randomUUID();
  /** What it told, line by line. */
  readonly lines: string[] = [];
  private readonly child: ChildProcess;
  private readonly ended: Promise<unknown>;
  private readonly watchers = new Set<() => void>();
  private errors = '';

  constructor(task: EditorTask) {
    this.child = spawn(process.execPath, ['--import', 'tsx', program, JSON.stringify(task)], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, [MARK]: this.mark } });
    this.ended = once(this.child, 'close');
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => { this.errors += text; });
    if (this.child.stdout !== null) createInterface(this.child.stdout).on('line', line => {
      this.lines.push(line);
      for (const watcher of this.watchers) watcher();
    });
    void this.ended.then(() => { for (const watcher of this.watchers) watcher(); });
  }

  /** Waits until it has told this line. */
  async told(line: string): Promise<void> {
    while (!this.lines.includes(line)) {
      if (this.child.exitCode !== null || this.child.signalCode !== null) throw new Error(`ended before "${line}": ${this.report()}`);
      await new Promise<void>(resolve => {
        const watcher = () => {
          this.watchers.delete(watcher);
          resolve();
        };
        this.watchers.add(watcher);
      });
    }
  }

  /** Ends this process alone: what it has started on the host goes on. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }

  /** Waits for its end; rejects unless the run was finished. */
  async finished(): Promise<void> {
    await this.ended;
    if (!this.lines.includes('end {"end":"finished"}')) throw new Error(this.report());
  }

  /** Hash of each member's old data when it had been stopped. */
  get trees(): ReadonlyMap<string, string> {
    return new Map(this.lines.flatMap(line => line.startsWith('tree ') ? [[line.split(' ')[1] ?? '', line.split(' ')[2] ?? ''] as const] : []));
  }

  report(): string {
    return `${this.lines.join(' | ')} ${this.errors}`;
  }
}

/** Processes that an editor started, or that mention a folder, by their ids; `etcds` are those that run this binary. */
export async function processesOf(mark: string, folder: string, etcd: string): Promise<{ readonly etcds: readonly number[]; readonly others: readonly number[] }> {
  const pids = (await readdir('/proc')).filter(name => /^\d+$/.test(name) && Number(name) !== process.pid);
  const found = await Promise.all(pids.map(async pid => {
    const [command, environment] = await Promise.all(['cmdline', 'environ'].map(name => readFile(join('/proc', pid, name), 'utf8').catch(() => '')));
    if (command === '' || (!command?.includes(folder) && !environment?.includes(`${MARK}=${mark}`))) return [];
    const program = await readlink(join('/proc', pid, 'exe')).catch(() => '');
    return [{ pid: Number(pid), isEtcd: program === etcd }];
  }));
  const all = found.flat();
  return { etcds: all.filter(({ isEtcd }) => isEtcd).map(({ pid }) => pid), others: all.filter(({ isEtcd }) => !isEtcd).map(({ pid }) => pid) };
}

/** Kills all that an editor started or that mentions the folder, the etcds too when they are to go; looks again until nothing is left. */
export async function killAll(editor: Editor, folder: string, etcd: string, withEtcds: boolean): Promise<void> {
  for (let quiet = 0; quiet < 2;) {
    const { etcds, others } = await processesOf(editor.mark, folder, etcd);
    const doomed = withEtcds ? [...etcds, ...others] : others;
    for (const pid of doomed) end(pid);
    quiet = doomed.length === 0 ? quiet + 1 : 0;
  }
  await editor.kill();
}

/** Waits until nothing but etcd is left of what an editor started. */
export async function untilQuiet(editor: Editor, folder: string, etcd: string): Promise<void> {
  for (let tries = 0; tries < 1_200; tries++) {
    if ((await processesOf(editor.mark, folder, etcd)).others.length === 0) return;
    await new Promise(resolve => { setTimeout(resolve, 50); });
  }
  throw new Error(`steps of a killed editor still work in ${folder}`);
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}
