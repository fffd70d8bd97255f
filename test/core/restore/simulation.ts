import assert from 'node:assert/strict';
import type { Action } from '../../../src/core/action.js';
import type { Entry, Journal, Opening, RunRecord } from '../../../src/core/journal.js';
import { journalLine, readJournal } from '../../../src/core/journal.js';
import { stepsOf, type Plan } from '../../../src/core/plan.js';
import type { Probe, StaticPod, Verdict } from '../../../src/core/probe.js';
import type { RestoreFacts } from '../../../src/core/restore/facts.js';
import type { RestorePlan } from '../../../src/core/restore/planRestore.js';
import { checksBefore } from '../../../src/core/restore/stages.js';
import type { Hands, RunEnd } from '../../../src/core/runner.js';
import { carryOn, goBack, planBack, type Carrying } from '../../../src/core/takeBack.js';

/** The machine is off: nothing after it reaches the world. */
export class PowerCut extends Error {}

export const digestOf = (plan: Plan): string => `digest of ${JSON.stringify(plan).length} ${plan.kind}`;

/**
 * Data directories, processes and journal copies, which die at the k-th touch: a journal write (with a torn line on
 * the disk), an effect (before or after it), or a probe. Every rule that must always hold is asserted at every effect.
 */
export class SimulatedWorld implements Hands, Journal {
  /** `HOST:PATH` of each `member` directory → what is in it. */
  readonly data = new Map<string, 'old' | 'new'>();
  /** `HOST:PATH` of each data directory → what its etcd was started on. */
  readonly running = new Map<string, 'old' | 'new'>();
  /** Static pod, as `HOST NAME` → where its manifest lies, and whether it runs. Of etcd, `running` tells that. */
  readonly pods = new Map<string, 'parked' | 'placed' | 'runs'>();
  /** Hosts whose kubelet was restarted since etcd's manifest is back. */
  private readonly kubelets = new Set<string>();
  private readonly copied = new Set<string>();
  readonly effects: string[] = [];
  /** One text beside the data, one of the editor's own: the first is written first. */
  readonly journals = ['', ''];
  private lines = 1;
  private rebooted = false;
  readonly dataDirs: readonly string[];
  readonly hadData: readonly string[];
  fuse = Infinity;
  touches = 0;

  readonly facts: RestoreFacts;
  readonly plan: RestorePlan;

  constructor(facts: RestoreFacts, plan: RestorePlan) {
    this.facts = facts;
    this.plan = plan;
    this.dataDirs = facts.cluster.members.map(member => `${member.host}:${member.dataDir}`);
    facts.members.forEach((member, at) => {
      const dir = this.dataDirs[at] ?? '';
      if (member.disk.member.kind === 'directory') this.data.set(`${dir}/member`, 'old');
      if (member.disk.heldBy.length > 0) this.running.set(dir, 'old');
    });
    this.hadData = [...this.data.keys()].map(path => path.replace(/\/member$/, ''));
    for (const { act } of stepsOf(plan)) if (act.do === 'park' && !this.pods.has(podKey(act.pod))) this.pods.set(podKey(act.pod), facts.live === undefined ? 'placed' : 'runs');
    const opening: Opening = { event: 'opened', at: '', by: 'me@here', digest: digestOf(plan), plan };
    this.journals.fill(journalLine(0, opening));
  }

  private spark(): void {
    this.touches++;
    if (this.fuse-- <= 0) throw new PowerCut();
  }

  async append(entry: Entry): Promise<void> {
    await Promise.resolve();
    const line = journalLine(this.lines++, entry);
    for (const copy of this.journals.keys()) {
      try {
        this.spark();
      } catch (cut) {
        if (this.fuse === -1) this.journals[copy] = `${this.journals[copy] ?? ''}${line.slice(0, line.length / 2)}`;
        throw cut;
      }
      this.journals[copy] = `${this.journals[copy] ?? ''}${line}`;
    }
    this.spark();
  }

  async perform(action: Action): Promise<undefined> {
    this.spark();
    await Promise.resolve();
    if (action.do === 'expect') {
      const verdict = await this.holds(action.probe);
      assert(verdict.holds, `expectation ${JSON.stringify(action.probe)}`);
      return undefined;
    }
    this.effect(action);
    this.spark();
    return undefined;
  }

  private effect(action: Exclude<Action, { readonly do: 'expect' }>): void {
    switch (action.do) {
      case 'upload':
        assert(!this.copied.has(at(action.host, action.to)), 'copied twice');
        this.copied.add(at(action.host, action.to));
        this.effects.push(`upload ${at(action.host, action.to)}`);
        break;
      case 'stage': this.stage(at(action.host, action.staging.target), action.staging.snapshot, action.host); break;
      case 'move': if (action.ifThere !== true || this.data.has(at(action.etcd.host, action.from))) this.move(at(action.etcd.host, action.etcd.dataDir), at(action.etcd.host, action.from), at(action.etcd.host, action.to)); break;
      case 'stop':
      case 'start': this.command(action.do, at(action.etcd.host, action.etcd.dataDir)); break;
      case 'park': this.park(action.pod); break;
      case 'restartKubelet': this.restartKubelet(action.pod); break;
      case 'putBack': this.putBack(action.pod, action.running);
    }
    for (const dir of this.hadData) assert([...this.data].some(([path, what]) => path.startsWith(`${dir}/`) && what === 'old'), `old data of ${dir} lost`);
  }

  private stage(target: string, snapshot: string, host: string): void {
    assert(!this.data.has(`${target}/member`), 'staged twice');
    assert(host === 'local' || this.copied.has(at(host, snapshot)), 'restored from a snapshot that is not there');
    this.data.set(`${target}/member`, 'new');
    this.effects.push(`stage ${target}`);
  }

  private move(dataDir: string, from: string, to: string): void {
    const what = this.data.get(from);
    assert(!this.running.has(dataDir), 'data renamed under a running etcd');
    this.nobodyWrites();
    assert(what !== undefined && !this.data.has(to), `move ${from} → ${to}`);
    this.data.delete(from);
    this.data.set(to, what);
    this.effects.push(`move ${from} ${to}`);
  }

  private command(verb: 'stop' | 'start', dataDir: string): void {
    // After a reboot somebody else may have stopped or started etcd; a step then finds nothing left to do.
    if (this.rebooted && verb === 'start' && (this.running.get(dataDir) === this.data.get(`${dataDir}/member`))) return;
    // A stop is told to whatever may start it again, too.
    if (verb === 'stop' && !this.running.delete(dataDir)) return;
    if (verb === 'start') this.begins(dataDir);
    this.effects.push(`${verb} ${dataDir}`);
  }

  private begins(dataDir: string): void {
    const what = this.data.get(`${dataDir}/member`);
    assert(what !== undefined && !this.running.has(dataDir), 'started twice, or on nothing');
    // Members of two kinds alive together would be two clusters, or one that undoes the restore.
    assert([...this.running.values()].every(other => other === what), 'old and restored members run together');
    this.running.set(dataDir, what);
    // What needs etcd, and tried in vain so far, runs now.
    for (const [key, state] of this.pods) if (state === 'placed' && !key.endsWith(' etcd')) this.pods.set(key, 'runs');
  }

  /** An API server that runs while etcd is exchanged writes to what it should not, and remembers what is gone. */
  private nobodyWrites(): void {
    assert([...this.pods].every(([key, state]) => !key.endsWith(' kube-apiserver') || state !== 'runs'), 'an API server runs meanwhile');
  }

  private isParked(path: string): boolean {
    const pod = stepsOf(this.plan).flatMap(({ act }) => act.do === 'park' && at(act.pod.host, act.pod.parked) === path ? [act.pod] : [])[0];
    return pod !== undefined && this.pods.get(podKey(pod)) === 'parked';
  }

  private park(pod: StaticPod): void {
    // What was to be put back and was not is parked still.
    if (this.pods.get(podKey(pod)) === 'parked') return;
    if (pod.name === 'etcd') {
      this.nobodyWrites();
      this.running.delete(at(pod.host, pod.seen.dataDir));
    }
    this.pods.set(podKey(pod), 'parked');
    this.effects.push(`park ${podKey(pod)}`);
  }

  private putBack(pod: StaticPod, running: boolean): void {
    const state = this.pods.get(podKey(pod));
    // After a reboot the manifest may be in its place, and the kubelet still about to start it.
    assert(state === 'parked' || this.rebooted && state === 'placed', `${podKey(pod)} was not parked`);
    if (pod.name === 'etcd' && state === 'parked') this.nobodyWrites();
    if (pod.name === 'etcd' && running) this.begins(at(pod.host, pod.seen.dataDir));
    // What needs etcd runs once there is one.
    this.pods.set(podKey(pod), running || pod.name !== 'etcd' && this.running.size > 0 ? 'runs' : 'placed');
    if (state === 'parked') this.effects.push(`put back ${podKey(pod)}`);
  }

  /** The last thing of all: whoever acts on what it has in memory runs on the restored data by then. */
  private restartKubelet(pod: StaticPod): void {
    assert([...this.pods].every(([key, state]) => !key.startsWith(`${pod.host} `) || state !== 'parked'), 'a kubelet restarted before its pods are back');
    assert([...this.running.values()].every(what => what === 'new'), 'a kubelet restarted on old data');
    assert(!this.kubelets.has(pod.host), 'restarted twice');
    this.kubelets.add(pod.host);
    this.effects.push(`restart kubelet ${pod.host}`);
  }

  async holds(probe: Probe): Promise<Verdict> {
    this.spark();
    await Promise.resolve();
    return this.answer(probe) ? { holds: true } : { holds: false, why: { code: 'PATH_MISSING', args: {} } };
  }

  private answer(probe: Probe): boolean {
    const on = (name: string) => this.running.get(this.dataDirs[this.facts.members.findIndex(member => member.name === name)] ?? '');
    switch (probe.is) {
      case 'exists': return this.isParked(at(probe.host, probe.path)) || this.data.has(at(probe.host, probe.path)) || this.data.has(`${at(probe.host, probe.path)}/member`);
      case 'absent': return !this.data.has(at(probe.host, probe.path));
      case 'folder': return !this.data.has(at(probe.host, probe.path));
      case 'sameFile': return probe.host === 'local' || this.copied.has(at(probe.host, probe.path));
      case 'stopped': return !this.running.has(at(probe.host, probe.dataDir));
      case 'running': return this.running.has(at(probe.host, probe.dataDir));
      case 'parked': return this.pods.get(podKey(probe.pod)) === 'parked';
      case 'placed': return ['runs', ...probe.running ? [] : ['placed']].includes(this.pods.get(podKey(probe.pod)) ?? '');
      case 'kubeletRestarted': return this.kubelets.has(probe.pod.host);
      case 'ready': return this.pods.get(`${probe.host} kube-apiserver`) !== 'parked' && this.running.size > 0;
      case 'identity': return probe.orSilent === true && on(probe.member.name) === undefined || on(probe.member.name) === (probe.clusterId === this.plan.subject.foretold.clusterId ? 'new' : 'old');
      case 'hashKv': return probe.members.every(member => on(member.name) === 'new');
      case 'healthy': return this.running.size > this.dataDirs.length / 2;
      case 'all': return probe.probes.every(each => this.answer(each));
    }
  }

  /** What a fresh editor finds: the copy that got furthest, and all copies mended to it. */
  private reopen(): RunRecord {
    const best = this.journals.map(text => readJournal(text)).reduce((a, b) => (b?.record.entries.length ?? -1) > (a?.record.entries.length ?? -1) ? b : a);
    assert(best !== undefined);
    const text = [best.record.opening, ...best.record.entries].map((line, n) => journalLine(n, line)).join('');
    this.journals.fill(text);
    this.lines = best.record.entries.length + 1;
    return best.record;
  }

  private job(): Carrying {
    const clock = { now: () => '', sleep: () => Promise.resolve() };
    return { digestOf, journal: this, hands: this, clock, signal: new AbortController().signal, onEntry: () => undefined, onOutput: () => undefined };
  }

  forward = (): Promise<RunEnd> => carryOn(this.reopen(), this.job());
  back = async (): Promise<RunEnd> => {
    const checks = checksBefore(this.plan.subject);
    const shown = await planBack(this.reopen(), checks, probe => this.holds(probe));
    return goBack(this.reopen(), 'me@here', digestOf(shown), checks, this.job());
  };

  /** Works until the power is cut at the k-th touch; false when it ended before. */
  async cutAt(k: number, work: () => Promise<RunEnd>): Promise<boolean> {
    this.fuse = k;
    try {
      await work();
      return false;
    } catch (error) {
      if (!(error instanceof PowerCut)) throw error;
      return true;
    } finally {
      this.fuse = Infinity;
    }
  }

  /** The machines come up again: etcd stays down, or is started on whatever is there; so is every pod whose manifest is in its place. */
  reboot(etcd: 'stays down' | 'starts'): void {
    this.rebooted = true;
    this.running.clear();
    for (const [key, state] of this.pods) if (state === 'runs') this.pods.set(key, etcd === 'starts' ? 'runs' : 'placed');
    if (etcd === 'stays down') return;
    for (const dir of this.hadData) {
      const pod = this.pods.get(`${dir.split(':')[0] ?? ''} etcd`);
      if (pod === undefined || pod === 'runs') this.running.set(dir, this.data.get(`${dir}/member`) ?? assert.fail('etcd would begin a new cluster'));
    }
  }

  /** Members whose etcd has no data to start on. */
  get without(): readonly string[] {
    return this.hadData.filter(dir => !this.data.has(`${dir}/member`));
  }

  /** A copy of the journal says that it is over. */
  get isOver(): boolean {
    return this.journals.some(text => readJournal(text)?.record.entries.at(-1)?.event === 'finished');
  }

  /** A copy of the journal knows that a step is done. */
  isDone = (step: string): boolean => this.journals.some(text => readJournal(text)?.record.entries.some(entry => entry.event === 'done' && entry.step === step));

  picture = (): unknown => ({ data: [...this.data].sort(), running: [...this.running].sort(), pods: [...this.pods].sort() });
}

const at = (host: string, path: string): string => `${host}:${path}`;
const podKey = ({ host, name }: StaticPod): string => `${host} ${name}`;
