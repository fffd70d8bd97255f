import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

/** What a member is started with. */
export interface MemberSettings {
  readonly name: string;
  readonly clientUrl: string;
  readonly peerUrl: string;
  /** Absolute; holds `member/` once it has run. */
  readonly dataDir: string;
  readonly logFile: string;
  readonly etcd: string;
  readonly flags: readonly string[];
}

/** How long an etcd may take to end after SIGTERM, in milliseconds; then it is killed and the stop fails. */
const patience = 20_000;

/** One etcd process on this machine that can be stopped, killed and started again on the same data directory. */
export class RealMember {
  readonly name: string;
  readonly clientUrl: string;
  readonly peerUrl: string;
  readonly dataDir: string;
  private readonly settings: MemberSettings;
  private child: ChildProcess | undefined;

  constructor(settings: MemberSettings) {
    this.settings = settings;
    ({ name: this.name, clientUrl: this.clientUrl, peerUrl: this.peerUrl, dataDir: this.dataDir } = settings);
  }

  /** Of the running process; nothing when it does not run (any more). */
  get pid(): number | undefined {
    return this.child?.exitCode === null && this.child.signalCode === null ? this.child.pid : undefined;
  }

  /** The arguments it is started with, for running it by other means. */
  get argv(): readonly string[] {
    return [this.settings.etcd, ...this.settings.flags];
  }

  /** Starts the process and returns at once: a member serves only when enough of the others do. */
  async start(): Promise<void> {
    if (this.pid !== undefined) throw new Error(`${this.name} runs already`);
    const log = openSync(this.settings.logFile, 'a');
    const child = spawn(this.settings.etcd, this.settings.flags, { stdio: ['ignore', log, log], env: withoutEtcdVariables() });
    closeSync(log);
    await once(child, 'spawn');
    this.child = child;
  }

  /** Asks it to end and waits until it has. */
  async stop(): Promise<void> {
    const ended = await this.signal('SIGTERM', patience);
    if (ended) return;
    await this.kill();
    throw new Error(`${this.name} did not end within ${patience} ms of SIGTERM`);
  }

  /** Ends it as a lost machine would, and waits until the process is gone. */
  async kill(): Promise<void> {
    await this.signal('SIGKILL', patience);
  }

  /** All it has logged since the cluster was made. */
  log(): Promise<string> {
    return readFile(this.settings.logFile, 'utf8');
  }

  private async signal(signal: NodeJS.Signals, waitMs: number): Promise<boolean> {
    if (this.child === undefined || this.pid === undefined) return true;
    const exit = once(this.child, 'exit', { signal: AbortSignal.timeout(waitMs) });
    this.child.kill(signal);
    return exit.then(() => true, () => false);
  }
}

/** The environment without the variables that etcd and etcdctl read as flags. */
export function withoutEtcdVariables(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^ETCD(CTL)?_/.test(name)));
}
