import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ClusterDefinition } from '../../../src/core/cluster/definition.js';
import type { Message } from '../../../src/core/errors.js';
import { shellFiles } from '../../../src/core/generate/shellFiles.js';
import { planRestore, type RestorePlan } from '../../../src/core/restore/planRestore.js';
import { localHost } from '../../../src/node/host/localHost.js';
import { gatherFacts } from '../../../src/node/restore/gatherFacts.js';
import { digestOf } from '../../../src/node/restore/restoreRun.js';
import type { EtcdVersion } from '../../../scripts/etcdVersions.js';
import { writeFiles } from '../../core/generate/generated.js';
import type { CommandCluster } from '../restore/commandCluster.js';
import { contextOf, reader } from '../restore/restoreKit.js';

const never = new AbortController().signal;

/** Names of hosts that are all this machine: one for each member. */
export const hostNames = ['node-1', 'node-2', 'node-3'];
const hosts = new Map([...hostNames, 'local'].map(name => [name, localHost(name)]));
const { connect } = contextOf('');

/** The same cluster with its members on hosts of their own. */
export const onHosts = ({ definition }: CommandCluster): ClusterDefinition =>
  ({ ...definition, members: definition.members.map((member, at) => ({ ...member, host: hostNames[at] ?? '' })) });

/** Verifies, gathers and plans as the editor does. */
export async function planOn(cluster: CommandCluster, definition: ClusterDefinition, version: EtcdVersion, run: string): Promise<RestorePlan> {
  const snapshot = join(cluster.dir, 'snapshots/demo.db');
  const report = await reader.verify(snapshot, { signal: never });
  const lastRevision = (path: string) => reader.lastRevision(path, { signal: never });
  const facts = await gatherFacts({ hosts, connect, toolFolders: [dirname(version.etcdctl)], lastRevision }, definition, { path: snapshot, report }, never);
  const result = planRestore(Object.assign({ silentHosts: new Map<string, Message>() }, facts), { run, bump: 'auto', insists: [] });
  assert('plan' in result, JSON.stringify(result));
  return result.plan;
}

/** A folder of generated scripts, and how they are run: a stand-in for ssh runs on this machine what it is told to run on a host. */
export class Scripts {
  readonly folder: string;
  private readonly ssh: string;

  private constructor(folder: string, ssh: string) {
    this.folder = folder;
    this.ssh = ssh;
  }

  static async of(folder: string, plan: RestorePlan): Promise<Scripts> {
    await mkdir(folder);
    const ssh = join(folder, 'ssh-here');
    // What ssh does: the words after the host's name are one line for the login shell.
    await writeFile(ssh, '[ "$1" = -- ] || exit 255\n[ ! -e "$(dirname "$0")/down-$2" ] || exit 255\nshift 2\nexec /bin/sh -c "$*"\n');
    writeFiles(join(folder, 'made'), shellFiles(plan, digestOf(plan)));
    return new Scripts(folder, ssh);
  }

  /** Starts one of them; what is typed is the cluster's name. Ends with its exit code and all it printed. */
  start(name: string, { typed = 'demo', env = {} }: { readonly typed?: string; readonly env?: Readonly<Record<string, string>> } = {}) {
    const child = spawn('/bin/sh', [join(this.folder, 'made', name)], { cwd: '/', env: { ...process.env, SSH: `/bin/sh ${this.ssh}`, SUDO: '', ...env }, detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
    const out = { text: '' };
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => { out.text += text; });
    child.stdin.on('error', () => undefined);
    child.stdin.end(`${typed}\n`);
    const ended = new Promise<number | null>(resolve => child.on('exit', code => { resolve(code); }));
    return { child, out, ended };
  }

  /** Starts one, and kills it once it has printed this: the driver alone, whose steps go on, or all that it started, but for etcd. */
  async killAt(name: string, mark: string, steps: 'too' | 'go on', folder: string): Promise<string> {
    const { child, out, ended } = this.start(name);
    let over = false;
    void ended.then(() => { over = true; });
    while (!out.text.includes(mark)) {
      assert(!over, `ended before "${mark}": ${out.text}`);
      await new Promise(resolve => { setTimeout(resolve, 5); });
    }
    process.kill(-(child.pid ?? 0), 'SIGKILL');
    await ended;
    if (steps === 'too') await killSteps(folder);
    return out.text;
  }

  async run(name: string, options: Parameters<Scripts['start']>[1] = {}): Promise<{ readonly code: number | null; readonly text: string }> {
    const { ended, out } = this.start(name, options);
    const code = await ended;
    // What a killed or detached step leaves in the pipe is not waited for.
    await new Promise(resolve => { setTimeout(resolve, 50); });
    return { code, text: out.text };
  }
}

/** Kills every process whose command line or environment names the folder, but for etcd itself. */
async function killSteps(folder: string): Promise<void> {
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) continue;
    const command = await readFile(join('/proc', pid, 'cmdline'), 'utf8').catch(() => '');
    if (!command.includes(folder) || /^[^\0]*\/etcd\0/.test(command)) continue;
    try {
      process.kill(Number(pid), 'SIGKILL');
    } catch {
      // It has ended.
    }
  }
}
