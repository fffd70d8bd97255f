import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { realpath, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { RestorePlan } from '../../../src/core/restore/planRestore.js';
import { etcdVersions, type EtcdVersion } from '../../../scripts/etcdVersions.js';
import { Gateway } from '../snapshot/gateway.js';
import { startCommandCluster, type CommandCluster } from './commandCluster.js';
import type { EditorTask } from './editorProcess.js';
import { planFor } from './restoreKit.js';

const exec = promisify(execFile);

/** HashKV and the revision it was computed at. */
export interface Content {
  readonly revision: bigint;
  readonly hash: number;
}

export type Verdict = 'old' | 'restored' | 'does not start' | 'runs and does not serve' | 'loses writes' | 'neither old nor restored';

const RUN = '20261122t030000z-aaaa';

/** A cluster with little in it and a large snapshot from before, which is put back as it was before each kill. */
export class KillScene implements AsyncDisposable {
  readonly cluster: CommandCluster;
  readonly version: EtcdVersion;
  /** The binary as /proc knows it. */
  readonly etcd: string;
  readonly plan: RestorePlan;
  readonly old: Content;
  private rounds = 0;

  private constructor(made: Pick<KillScene, 'cluster' | 'version' | 'etcd' | 'plan' | 'old'>) {
    ({ cluster: this.cluster, version: this.version, etcd: this.etcd, plan: this.plan, old: this.old } = made);
  }

  /** `megabytes` of values in the snapshot. */
  static async make(version: EtcdVersion, size: number, megabytes: number): Promise<KillScene> {
    // Elections that do not take most of a round's time.
    const flags = ['--heartbeat-interval', '20', '--election-timeout', '200', ...version.version.startsWith('3.4.') ? [] : ['--unsafe-no-fsync']];
    const cluster = await startCommandCluster(version, size, flags);
    const gateway = new Gateway(cluster.definition.members[0]?.clientUrls[0] ?? '');
    for (let n = 0; n < megabytes; n++) await gateway.put(`/large/${n}`, randomBytes(700_000).toString('base64'));
    await gateway.putAll(Array.from({ length: 100 }, (_, n) => [`/registry/pods/${n}`, `restored ${n}`]));
    await cluster.etcdctl(['snapshot', 'save', join(cluster.dir, 'snapshots/demo.db')], ['m1']);
    await gateway.deleteAll('/');
    await gateway.putAll(Array.from({ length: 100 }, (_, n) => [`/registry/pods/${n}`, `old ${n}`]));
    await gateway.compact(await gateway.revision());
    await cluster.etcdctl(['defrag']);
    const plan = await planned(cluster, version);
    await writeFile(join(cluster.dir, 'plan.json'), JSON.stringify(plan));
    const old = await contentOf(cluster, 'm1');
    const scene = new KillScene({ cluster, version, etcd: await realpath(version.etcd), plan, old });
    await cluster.stop();
    for (const name of scene.names) await exec('cp', ['-a', '--sparse=always', scene.dataDir(name), join(cluster.dir, `template-${name}`)]);
    await scene.reset();
    return scene;
  }

  get names(): readonly string[] {
    return this.plan.subject.members.map(({ name }) => name);
  }

  dataDir(name: string): string {
    return join(this.cluster.dir, name);
  }

  /** Where a member's data from before lies now: aside, or still in place. */
  oldData(name: string): string {
    const aside = join(this.dataDir(name), `rescue-${RUN}`);
    return existsSync(aside) ? aside : join(this.dataDir(name), 'member');
  }

  /** Whether the restored data was renamed in. */
  swapped(name: string): boolean {
    return existsSync(join(this.dataDir(name), `rescue-${RUN}`)) && this.hasData(name);
  }

  hasData(name: string): boolean {
    return existsSync(join(this.dataDir(name), 'member'));
  }

  /** Everything as it was before the restore, and running. */
  async reset(): Promise<void> {
    this.rounds++;
    await this.emptied();
    for (const name of this.names) await exec('cp', ['-a', '--sparse=always', join(this.cluster.dir, `template-${name}`), this.dataDir(name)]);
    await this.cluster.start();
    await this.cluster.untilHealthy();
  }

  /** Nothing runs, and no member has a data directory. */
  async emptied(): Promise<void> {
    await this.cluster.kill();
    for (const name of this.names) await exec('rm', ['-rf', '--', this.dataDir(name)]);
  }

  task(verb: EditorTask['verb'], change: Partial<EditorTask> = {}): EditorTask {
    return { verb, plan: join(this.cluster.dir, 'plan.json'), journals: join(this.cluster.dir, `journals-${this.rounds}`), ...change };
  }

  /** The journal of this round's run beside the data, or undefined when nothing was begun. */
  journalBeside(): string | undefined {
    return this.names.map(name => join(this.dataDir(name), `restore-${RUN}.journal`)).find(path => existsSync(path));
  }

  /**
   * Starts what does not run, and says what it is by its content, and by writing and reading everything back. Looks for
   * `seconds` whether it serves.
   */
  async judge(seconds = 40): Promise<Verdict> {
    await this.cluster.start();
    const end = performance.now() + seconds * 1000;
    for (let starts = 1; !await this.serves();) {
      if (!await this.cluster.running()) {
        // Those that were told to stop just before the kill may still have been ending, each in its time, when they were to be started.
        if (starts++ === 6) return 'does not start';
        await this.cluster.start();
      }
      if (performance.now() > end) return 'runs and does not serve';
      await new Promise(resolve => { setTimeout(resolve, 50); });
    }
    const contents = await Promise.all(this.names.map(name => contentOf(this.cluster, name)));
    const { foretold } = this.plan.subject;
    const is = (wanted: Content) => contents.every(({ revision, hash }) => revision === wanted.revision && hash === wanted.hash);
    if (!await writesStay(this.cluster)) return 'loses writes';
    if (is(this.old)) return 'old';
    return is({ revision: BigInt(foretold.revision), hash: foretold.hashKv }) ? 'restored' : 'neither old nor restored';
  }

  private serves(): Promise<boolean> {
    return this.cluster.etcdctl(['endpoint', 'health', '--command-timeout=2s']).then(() => true, () => false);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.cluster[Symbol.asyncDispose]();
  }
}

async function planned(cluster: CommandCluster, version: EtcdVersion): Promise<RestorePlan> {
  const newest35 = etcdVersions().findLast(each => each.version.startsWith('3.5'));
  const folders = [version, ...newest35 === undefined ? [] : [newest35]].map(({ etcdctl }) => dirname(etcdctl));
  const result = await planFor(cluster.definition, join(cluster.dir, 'snapshots/demo.db'), RUN, folders);
  assert('plan' in result, JSON.stringify(result));
  return result.plan;
}

async function contentOf(cluster: CommandCluster, name: string): Promise<Content> {
  const text = await cluster.etcdctl(['endpoint', 'hashkv', '-w', 'json'], [name]);
  const number = (key: string) => new RegExp(`"${key}":(\\d+)`).exec(text)?.[1] ?? '0';
  return { revision: BigInt(number('revision')), hash: Number(number('hash')) };
}

/** Whether writes are accepted and all of them are there afterwards: a restore that was cut short takes them and forgets. */
async function writesStay(cluster: CommandCluster): Promise<boolean> {
  const keys = Array.from({ length: 6 }, (_, n) => `/written/${n}`);
  try {
    for (const key of keys) await cluster.etcdctl(['put', key, 'x', '--command-timeout=3s']);
    const found = await cluster.etcdctl(['get', '/written/', '--prefix', '--keys-only', '--command-timeout=3s']);
    return keys.every(key => found.split('\n').includes(key));
  } catch {
    return false;
  }
}
