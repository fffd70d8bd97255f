import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Lab, LabHost } from '../../../lab/lab.js';
import { etcdVersions } from '../../../scripts/etcdVersions.js';
import type { ClusterDefinition } from '../../../src/core/cluster/definition.js';
import type { HashKv } from '../../../src/core/cluster/status.js';
import { endpointOf } from '../../../src/core/cluster/endpointOf.js';
import { memberDefinition } from '../../../src/core/config/memberDefinition.js';
import { readConfig } from '../../../src/core/config/readConfig.js';
import type { SecretQuestion } from '../../../src/core/host/prompts.js';
import type { Entry, RunRecord } from '../../../src/core/journal.js';
import type { RestoreChoice } from '../../../src/core/restore/facts.js';
import { planRestore, type RestorePlan } from '../../../src/core/restore/planRestore.js';
import type { RunEnd } from '../../../src/core/runner.js';
import { systemClock } from '../../../src/node/clock.js';
import { connectMember } from '../../../src/node/etcd/connectMember.js';
import type { DialingHost } from '../../../src/node/host/dialingHost.js';
import { laterHost } from '../../../src/node/host/laterHost.js';
import { localHost } from '../../../src/node/host/localHost.js';
import { gatherFacts } from '../../../src/node/restore/gatherFacts.js';
import { journalsOnHosts } from '../../../src/node/restore/journalsOnHosts.js';
import { readEtcdManifest } from '../../../src/node/restore/readEtcdManifest.js';
import { beginRestore, digestOf, takeRestoreBack, wayBack, type RunContext } from '../../../src/node/restore/restoreRun.js';
import { saveSnapshot } from '../../../src/node/snapshot/saveSnapshot.js';
import { snapshotReader } from '../../../src/node/snapshot/snapshotReader.js';
import { openSshHosts } from '../../../src/node/ssh/sshHosts.lazy.js';

const never = new AbortController().signal;
const workers = join(import.meta.dirname, '../../../src/node/snapshot');
const dir = '/etc/kubernetes/manifests';

interface LabEditorOptions {
  readonly user?: 'ops' | 'ops-nopass';
  readonly known?: ClusterDefinition;
  readonly login?: { readonly configFile: string; readonly answer: (question: SecretQuestion) => string | undefined };
}

/** Where this machine has a tool that can raise revisions: given to hosts whose own cannot. */
export const toolFolders: readonly string[] = etcdVersions().flatMap(({ etcdutl }) => etcdutl === undefined || !existsSync(etcdutl) ? [] : [dirname(etcdutl)]);

/** An editor's engine without its window: it reaches a lab's hosts over ssh, as the extension does. */
export class LabEditor implements AsyncDisposable {
  readonly folder: string;
  readonly cluster: ClusterDefinition;
  private readonly lab: Lab;
  private readonly ssh: ReturnType<typeof openSshHosts>;
  private readonly hosts = new Map<string, DialingHost>([['local', localHost()]]);
  private readonly toolFolders: readonly string[];

  private constructor(lab: Lab, folder: string, ssh: ReturnType<typeof openSshHosts>, cluster: ClusterDefinition, hosts: readonly DialingHost[], toolFolders: readonly string[]) {
    this.lab = lab;
    this.folder = folder;
    this.ssh = ssh;
    this.cluster = cluster;
    this.toolFolders = toolFolders;
    for (const host of hosts) this.hosts.set(host.name, host);
  }

  /**
   * Opens one that knows the cluster from its settings, or else from each host's own manifest, whether etcd runs or not. `user` may need
   * sudo; `login` is another configuration of ssh than the lab's, and who answers what is asked.
   */
  static async open(lab: Lab, toolFolders: readonly string[] = [], { user, known, login }: LabEditorOptions = {}): Promise<LabEditor> {
    const [first] = lab.hosts;
    assert(first !== undefined);
    const ssh = openSshHosts({
      openSsh: { program: 'ssh', configFile: login?.configFile ?? first.ssh.configFile },
      prompts: { unknownHostKey: () => Promise.resolve(false), secret: question => Promise.resolve(login !== undefined ? login.answer(question) : user === 'ops' ? first.ssh.password : undefined) },
    });
    const hosts = lab.hosts.map(({ name }) => laterHost(name, signal => ssh.host(user === undefined ? name : `${user}@${name}`, { sudo: 'auto', name }, signal)));
    const cluster = known ?? await clusterOf(hosts);
    return new LabEditor(lab, await mkdtemp(join(tmpdir(), 'lab-editor-')), ssh, cluster, hosts, toolFolders);
  }

  /** One of the lab's hosts, as the engine reaches it. */
  host(name: string): DialingHost {
    return this.hosts.get(name) ?? assert.fail(`no host ${name}`);
  }

  get connect() { return connectMember(this.hosts); }

  context(change: Partial<RunContext> = {}): RunContext {
    return { hosts: this.hosts, connect: this.connect, clock: systemClock, journals: join(this.folder, 'journals'), signal: never, onEntry: () => undefined, onOutput: () => undefined, ...change };
  }

  /** Takes a snapshot through a host. */
  async snapshot(name: string, from = this.cluster.members.at(-1)): Promise<string> {
    assert(from !== undefined);
    const path = join(this.folder, `${name}.db`);
    const etcd = await this.connect(endpointOf(this.cluster, from));
    try {
      await saveSnapshot(etcd, path, { workerDir: workers, signal: never, onProgress: () => undefined });
    } finally {
      etcd.close();
    }
    return path;
  }

  async plan(snapshot: string, run: string, chosen: Pick<RestoreChoice, 'kubelets'> = {}): Promise<RestorePlan> {
    const reader = snapshotReader(workers);
    const report = await reader.verify(snapshot, { signal: never });
    const facts = await gatherFacts({ hosts: this.hosts, connect: this.connect, toolFolders: this.toolFolders, lastRevision: path => reader.lastRevision(path, { signal: never }) }, this.cluster, { path: snapshot, report }, never);
    const planned = planRestore(facts, { run, bump: 'auto', insists: [], ...chosen });
    assert('plan' in planned, JSON.stringify('refusals' in planned ? planned.refusals : undefined));
    return planned.plan;
  }

  /** Carries a run out, or on; returns how it ended and every entry it wrote. Rejects when it failed, with what did. */
  async finish(work: (context: RunContext) => Promise<RunEnd>, change: Partial<RunContext> = {}): Promise<readonly Entry[]> {
    const entries: Entry[] = [];
    const end = await work(this.context({ onEntry: entry => { entries.push(entry); }, ...change }));
    assert.deepEqual(end, { end: 'finished' }, JSON.stringify(entries.filter(entry => entry.event === 'failed')));
    return entries;
  }

  restore(plan: RestorePlan): Promise<readonly Entry[]> {
    return this.finish(context => beginRestore(context, plan, digestOf(plan)));
  }

  /** Begins a restore and cancels it once a stage is over. */
  async restoreUntil(plan: RestorePlan, stage: string): Promise<RunEnd> {
    const steps = plan.stages.find(({ id }) => id === stage)?.steps.map(({ id }) => id) ?? [];
    const done = new Set<string>(), cancel = new AbortController();
    return beginRestore(this.context({
      signal: cancel.signal, onEntry: entry => { if (entry.event === 'done') done.add(entry.step); if (steps.every(step => done.has(step))) cancel.abort(); },
    }), plan, digestOf(plan));
  }

  /** Takes a run back, by what the hosts' journals alone tell of it. */
  async takeBack(run: string): Promise<void> {
    const record = await this.onHosts(run);
    const { digest } = await wayBack(this.context(), record);
    await this.finish(context => takeRestoreBack(context, record, digest));
  }

  /** The run as the hosts' journals alone tell it. */
  async onHosts(run: string): Promise<RunRecord> {
    const found = (await journalsOnHosts(this.hosts, this.cluster, never)).find(({ opening }) => opening.plan.run === run);
    return found ?? assert.fail(`no host has the journal of ${run}`);
  }

  /** Who each member is and how far it is. */
  async identities(): Promise<readonly { readonly name: string; readonly clusterId: bigint; readonly memberId: bigint; readonly revision: bigint; readonly hash: number }[]> {
    return Promise.all(this.cluster.members.map(async member => {
      const etcd = await this.connect(endpointOf(this.cluster, member));
      try {
        const { clusterId, memberId, revision } = await etcd.status(never);
        return { name: member.name, clusterId, memberId, revision, hash: (await etcd.hashKv(revision, never)).hash };
      } finally {
        etcd.close();
      }
    }));
  }

  /** Every member's HashKV at one revision. */
  async hashesAt(revision: bigint): Promise<readonly HashKv[]> {
    return Promise.all(this.cluster.members.map(async member => {
      const etcd = await this.connect(endpointOf(this.cluster, member));
      try {
        return await etcd.hashKv(revision, never);
      } finally {
        etcd.close();
      }
    }));
  }

  /** Every manifest of every host, by host and file. */
  async manifests(): Promise<ReadonlyMap<string, string>> {
    const of = async (host: LabHost): Promise<readonly (readonly [string, string])[]> => {
      const { stdout } = await this.lab.script(host, `cd ${dir} && for file in *; do printf '%s ' "$file"; sha256sum <"$file"; done`);
      return stdout.trim().split('\n').map(line => [`${host.name} ${line.split(' ')[0] ?? ''}`, line] as const);
    };
    return new Map((await Promise.all(this.lab.hosts.map(of))).flat());
  }

  async journal(run: string): Promise<string> {
    return readFile(join(this.folder, 'journals', `restore-${run}.journal`), 'utf8');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.ssh.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** The cluster as the hosts' own manifests tell it. */
async function clusterOf(hosts: readonly DialingHost[]): Promise<ClusterDefinition> {
  const drafts = await Promise.all(hosts.map(async host => {
    const reading = readConfig((await readEtcdManifest(host, host.name, dir, never)).text);
    assert(reading.ok, JSON.stringify(reading.findings));
    return { host: host.name, ...memberDefinition(reading.config) };
  }));
  const [draft] = drafts;
  assert(draft?.tls !== undefined);
  return {
    name: 'lab', run: 'staticPod', snapshotFolders: [], tls: { ...draft.tls, at: 'host' },
    members: drafts.map(({ host, member }) => ({ ...member, host, dataDir: member.dataDir ?? '' })),
  };
}
