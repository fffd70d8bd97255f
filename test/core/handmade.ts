import { KnownError } from '../../src/core/errors.js';
import type { Entry } from '../../src/core/journal.js';
import { stepsOf, type Plan, type Stage, type Step } from '../../src/core/plan.js';
import type { Action } from '../../src/core/action.js';
import type { Probe, Verdict } from '../../src/core/probe.js';
import { run, type Run } from '../../src/core/runner.js';

/** Plans whose steps move `/before/ID` to `/after/ID`, and a world that does so as each test wants it. */

const etcd = { host: 'h', dataDir: '/d', memberDirs: ['member'], sockets: [] };
const message = { code: 'X', args: {} };

export const step = (id: string, lane: string, undo: 'way' | 'nothing' | 'impossible' = 'way'): Step => ({
  id, lane, title: message, act: { do: 'move', etcd, from: `/before/${id}`, to: `/after/${id}` }, done: { is: 'exists', host: 'h', path: `/after/${id}` },
  undo: undo !== 'way' ? undo : { title: message, act: { do: 'move', etcd, from: `/after/${id}`, to: `/before/${id}` }, done: { is: 'exists', host: 'h', path: `/before/${id}` } },
});

/** As much of a restore's subject as a journal must hold to be one. */
const handmadeSubject = {
  run: 'handmade', token: 't', highestRevisionSeen: '1', snapshot: { path: '/s', sha256: '', revision: '1' }, foretold: { clusterId: '1', revision: '1', memberIds: {} },
  members: [], tools: [], space: [], warnings: [],
};

/** `stages[n]` lists lanes, each a list of step ids. */
export const planOf = (...stages: readonly (readonly (readonly string[])[])[]): Plan => ({
  kind: 'restore', run: 'handmade', cluster: 'demo', subject: handmadeSubject,
  stages: stages.map((lanes, n): Stage => ({ id: `s${n}`, title: message, undoTitle: message, steps: lanes.flatMap((ids, lane) => ids.map(id => step(id, `lane${lane}`))) })),
});

export interface Behaviour {
  /** Called instead of only noting that it happened; the effect takes place when it returns. */
  readonly acting?: (id: string, signal: AbortSignal, onOutput: (text: string) => void) => Promise<void> | void;
  readonly probing?: (id: string) => Promise<void> | void;
  /** Steps whose effect never appears. */
  readonly without?: readonly string[];
}

export class HandmadeWorld {
  readonly there = new Set<string>();
  readonly log: string[] = [];
  readonly entries: Entry[] = [];
  readonly output: string[] = [];
  readonly behaviour: Behaviour;

  constructor(plan: Plan, behaviour: Behaviour = {}) {
    this.behaviour = behaviour;
    for (const { id } of stepsOf(plan)) this.there.add(`/before/${id}`);
  }

  async perform(action: Action, signal: AbortSignal, onOutput: (text: string) => void): Promise<undefined> {
    if (action.do !== 'move') throw new Error(`unexpected ${action.do}`);
    const id = action.to.split('/').at(-1) ?? '';
    this.log.push(`act ${id}`);
    await this.behaviour.acting?.(id, signal, onOutput);
    if (this.behaviour.without?.includes(id)) return undefined;
    if (!this.there.delete(action.from)) throw new KnownError('PATH_MISSING', { path: action.from });
    this.there.add(action.to);
    this.log.push(`acted ${id}`);
    return undefined;
  }

  async holds(probe: Probe, signal?: AbortSignal): Promise<Verdict> {
    signal?.throwIfAborted();
    if (probe.is === 'folder') return { holds: true };
    if (probe.is === 'absent') return this.there.has(probe.path) ? { holds: false, why: { code: 'PATH_EXISTS', args: { path: probe.path } } } : { holds: true };
    if (probe.is !== 'exists') throw new Error(`unexpected ${probe.is}`);
    const id = probe.path.split('/').at(-1) ?? '';
    this.log.push(`probe ${id}`);
    await this.behaviour.probing?.(id);
    return this.there.has(probe.path) ? { holds: true } : { holds: false, why: { code: 'PATH_MISSING', args: { path: probe.path } } };
  }

  job(plan: Plan, signal: AbortSignal = new AbortController().signal, approved = digestOf(plan)): Run {
    return {
      plan, approved, digestOf, past: [...this.entries], hands: this, signal,
      journal: { append: async entry => {
        await Promise.resolve();
        this.entries.push(entry);
      } },
      clock: { now: () => 'now', sleep: () => Promise.resolve() }, onEntry: () => undefined, onOutput: (id, text) => this.output.push(`${id}: ${text}`),
    };
  }

  run(plan: Plan, signal?: AbortSignal): ReturnType<typeof run> {
    return run(this.job(plan, signal));
  }

  /** The journal in short: `started a`. */
  get told(): readonly string[] {
    return this.entries.map(entry => 'step' in entry ? `${entry.event} ${entry.step}` : entry.event);
  }
}

export const digestOf = (plan: Plan): string => `digest of ${JSON.stringify(plan)}`;
