import assert from 'node:assert/strict';
import type { Action } from '../../../src/core/action.js';
import type { Entry, Journal, Opening, RunRecord } from '../../../src/core/journal.js';
import { journalLine, readJournal } from '../../../src/core/journal.js';
import type { Plan } from '../../../src/core/plan.js';
import type { Probe, Verdict } from '../../../src/core/probe.js';
import type { RestoreFacts } from '../../../src/core/restore/facts.js';
import type { RestorePlan } from '../../../src/core/restore/planRestore.js';
import { checksBefore } from '../../../src/core/restore/stages.js';
import type { Hands, RunEnd } from '../../../src/core/runner.js';
import { carryOn, goBack, type Carrying } from '../../../src/core/takeBack.js';

/** The machine is off: nothing after it reaches the world. */
export class PowerCut extends Error {}

export const digestOf = (plan: Plan): string => `digest of ${JSON.stringify(plan).length} ${plan.kind}`;

/**
 * Data directories, processes and journal copies, which die at the k-th touch: a journal write (with a torn line on
 * the disk), an effect (before or after it), or a probe. Every rule that must always hold is asserted at every effect.
 */
export class SimulatedWorld implements Hands, Journal {
  /** Path of each `member` directory → what is in it. */
  readonly data = new Map<string, 'old' | 'new'>();
  /** Data directory → what its etcd was started on. */
  readonly running = new Map<string, 'old' | 'new'>();
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
    this.dataDirs = facts.cluster.members.map(member => member.dataDir);
    facts.members.forEach((member, at) => {
      const dir = this.dataDirs[at] ?? '';
      if (member.disk.member.kind === 'directory') this.data.set(`${dir}/member`, 'old');
      if (member.disk.heldBy.length > 0) this.running.set(dir, 'old');
    });
    this.hadData = [...this.data.keys()].map(path => path.replace(/\/member$/, ''));
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
    // After a reboot somebody else may have stopped or started etcd; a step then finds nothing left to do.
    if (this.rebooted && action.do === 'stop' && !this.running.has(action.etcd.dataDir)) return;
    if (this.rebooted && action.do === 'start' && this.running.get(action.etcd.dataDir) === this.data.get(`${action.etcd.dataDir}/member`)) return;
    switch (action.do) {
      case 'stage':
        assert(!this.data.has(`${action.staging.target}/member`), 'staged twice');
        this.data.set(`${action.staging.target}/member`, 'new');
        this.effects.push(`stage ${action.staging.target}`);
        break;
      case 'move': {
        const what = this.data.get(action.from);
        assert(!this.running.has(action.etcd.dataDir), 'data renamed under a running etcd');
        assert(what !== undefined && !this.data.has(action.to), `move ${action.from} → ${action.to}`);
        this.data.delete(action.from);
        this.data.set(action.to, what);
        this.effects.push(`move ${action.from} ${action.to}`);
        break;
      }
      case 'stop':
        assert(this.running.delete(action.etcd.dataDir), 'stopped twice');
        this.effects.push(`stop ${action.etcd.dataDir}`);
        break;
      case 'start': {
        const what = this.data.get(`${action.etcd.dataDir}/member`);
        assert(what !== undefined && !this.running.has(action.etcd.dataDir), 'started twice, or on nothing');
        // Members of two kinds alive together would be two clusters, or one that undoes the restore.
        assert([...this.running.values()].every(other => other === what), 'old and restored members run together');
        this.running.set(action.etcd.dataDir, what);
        this.effects.push(`start ${action.etcd.dataDir}`);
      }
    }
    for (const dir of this.hadData) assert([...this.data].some(([path, what]) => path.startsWith(`${dir}/`) && what === 'old'), `old data of ${dir} lost`);
  }

  async holds(probe: Probe): Promise<Verdict> {
    this.spark();
    await Promise.resolve();
    return this.answer(probe) ? { holds: true } : { holds: false, why: { code: 'PATH_MISSING', args: {} } };
  }

  private answer(probe: Probe): boolean {
    const on = (name: string) => this.running.get(this.dataDirs[this.facts.members.findIndex(member => member.name === name)] ?? '');
    switch (probe.is) {
      case 'exists': return this.data.has(probe.path) || this.data.has(`${probe.path}/member`);
      case 'absent': return !this.data.has(probe.path);
      case 'folder': return !this.data.has(probe.path);
      case 'sameFile': return true;
      case 'stopped': return !this.running.has(probe.dataDir);
      case 'running': return this.running.has(probe.dataDir);
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
  back = (): Promise<RunEnd> => goBack(this.reopen(), 'me@here', checksBefore(this.plan.subject), this.job());

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

  /** The machine comes up again: etcd stays down, or is started on whatever is there. */
  reboot(etcd: 'stays down' | 'starts'): void {
    this.rebooted = true;
    this.running.clear();
    if (etcd === 'starts') for (const dir of this.hadData) this.running.set(dir, this.data.get(`${dir}/member`) ?? assert.fail('etcd would begin a new cluster'));
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

  picture = (): unknown => ({ data: [...this.data].sort(), running: [...this.running].sort() });
}
