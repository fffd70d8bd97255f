import * as vscode from 'vscode';
import type { ClusterDefinition } from '../../core/cluster/definition.js';
import { codeOf, isKnown, textOf } from '../../core/errors.js';
import { standing, type Entry, type RunRecord } from '../../core/journal.js';
import type { RestoreSubject } from '../../core/restore/subject.js';
import type { RunEnd } from '../../core/runner.js';
import type { SnapshotReport } from '../../core/snapshot/report.js';
import { operator } from '../../node/restore/lock.js';
import { oldDataGone } from '../../node/restore/oldDataGone.js';
import { beginRestore, resumeRun, subjectOf, takeRestoreBack, wayBack, type RunContext } from '../../node/restore/restoreRun.js';
import { failureSentence } from '../words/index.js';
import type { World } from '../world.js';
import { askAfter } from './after.js';
import { confirmOtherCluster, confirmRestore, confirmResume, confirmTakeBack } from './confirm.js';
import { journalsFolder, machine } from './machine.js';
import { plan, plannedFrom, type Wish } from './plan.js';
import type { MemberAfter, RestoreState } from './state.js';

/** What a session is told by the other features. */
export interface SessionSources {
  /** The cluster as the settings define it now. */
  readonly find: (name: string) => ClusterDefinition | undefined;
  /** Hears of each snapshot that was verified. */
  readonly verified: (report: SnapshotReport) => unknown;
}

/** One restore from its first question to its report. It outlives its panel: closing a page stops nothing. */
export class RestoreSession implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly world: World;
  private readonly sources: SessionSources;
  private wish: Wish | undefined;
  private current: RestoreState;
  private work: AbortController | undefined;
  private asking = false;
  private ended = false;
  /** Fires with every change of the state. */
  readonly onDidChange = this.changed.event;

  constructor(world: World, start: Wish | RunRecord, sources: SessionSources) {
    this.world = world;
    this.sources = sources;
    this.wish = 'opening' in start ? undefined : start;
    this.current = 'opening' in start ? { phase: 'resting', record: start } : { phase: 'gathering', text: '', fraction: -1 };
  }

  get state(): RestoreState { return this.current; }

  get running(): boolean { return this.work !== undefined; }

  /** The name of the cluster it is about. */
  get cluster(): string {
    return this.record?.opening.plan.cluster ?? this.wish?.cluster.name ?? '';
  }

  /** The file name of the snapshot. */
  get snapshot(): string {
    return this.record === undefined ? this.wish?.snapshot ?? '' : subjectOf(this.record).snapshot.path;
  }

  /** The snapshot that was to be restored, while another run is shown that stands or stood in the way. */
  get waiting(): string | undefined { return this.record === undefined ? undefined : this.wish?.snapshot; }

  private get record(): RunRecord | undefined { return 'record' in this.current ? this.current.record : undefined; }

  /** Verifies, asks and plans; whatever cannot be done is part of the state, to be read where one looks. */
  async prepare(): Promise<void> {
    if (this.wish === undefined || this.running || this.asking || this.ended) return;
    // Whoever plans again may have corrected the settings meanwhile.
    const { name } = this.wish.cluster;
    const cluster = this.sources.find(name);
    if (cluster === undefined) {
      this.set({ phase: 'unready', reason: vscode.l10n.t('{cluster} is not in the settings any more, or cannot be used as it stands there. Correct the setting "etcdRecovery.clusters", then plan again.', { cluster: name }) });
      return;
    }
    const wish = { ...this.wish, cluster };
    this.wish = wish;
    await this.busy(async signal => {
      this.set(await plan(this.world, wish, signal, state => { this.set(state); }, this.sources.verified));
    }, reason => { this.set({ phase: 'unready', reason }); });
    await this.look();
  }

  /** Looks how the members of a run that is not under way are now. */
  async look(): Promise<void> {
    if (this.current.phase !== 'resting') return;
    const { record } = this.current;
    const signal = AbortSignal.timeout(10_000);
    const [after, gone] = await Promise.all([
      askAfter(this.world.connect, subjectOf(record), signal),
      standing(record.entries) === 'finished' ? oldDataGone(machine(this.world), record, signal) : [],
    ]);
    const now = this.state;
    if (now.phase === 'resting' && now.record === record) this.set({ ...now, after, gone });
  }

  /** Plans again although the snapshot is another cluster's. */
  async insist(): Promise<void> {
    if (this.wish === undefined || this.current.phase !== 'refused' || !this.current.mayInsist) return;
    const { wish } = this;
    if (!await this.agreed(() => confirmOtherCluster(wish.cluster.name))) return;
    this.wish = { ...wish, insists: ['OTHER_CLUSTER'] };
    await this.prepare();
  }

  /**
   * Plans again from the same facts, with a restart of the kubelets or without. Where a host refuses it, that is shown, and the next
   * plan is one without.
   */
  chooseKubelets(digest: string): void {
    if (this.wish === undefined || this.current.phase !== 'preview' || this.current.digest !== digest || this.running || this.asking || this.ended) return;
    const { facts, choice: { kubelets, ...choice } } = this.current;
    const next = plannedFrom(facts, kubelets === undefined ? { ...choice, kubelets: 'restart' } : choice);
    const { cluster, snapshot, insists } = this.wish;
    this.wish = { cluster, snapshot, insists, ...next.phase === 'preview' && next.choice.kubelets && { kubelets: next.choice.kubelets } };
    this.set(next);
  }

  /** Plans again what is shown: the restore, or the way back. */
  async planAgain(): Promise<void> {
    if (this.current.phase !== 'wayBack') return this.prepare();
    const { opening: { digest } } = this.current.record;
    this.leaveWayBack();
    return this.showWayBack(digest);
  }

  /** Carries out the plan that is shown, forward or back, once the person has confirmed it. */
  async approve(digest: string): Promise<void> {
    if (this.current.phase === 'wayBack' && this.current.digest === digest) return this.takeBack(this.current.record, digest);
    if (this.current.phase !== 'preview' || this.current.digest !== digest) return;
    const { plan: approved } = this.current;
    if (!await this.agreed(async () => confirmRestore(approved, await this.askBriefly(approved.subject)))) return;
    const record: RunRecord = { opening: { event: 'opened', at: new Date().toISOString(), by: operator(), digest, plan: approved }, entries: [] };
    const { wish } = this;
    this.wish = undefined;
    await this.carry(record, vscode.l10n.t('Restoring {cluster}', { cluster: this.cluster }), context => beginRestore(context, approved, digest), wish);
  }

  /** Goes on with an interrupted run, forward or back. */
  async resume(digest: string): Promise<void> {
    const record = await this.shownRun(digest);
    if (record === undefined) return;
    const backwards = standing(record.entries) === 'takingBack';
    if (!await this.agreed(async () => confirmResume(record, await this.askBriefly(subjectOf(record))))) return;
    await this.carry(record, backwards ? this.takingBackTitle : vscode.l10n.t('Restoring {cluster}', { cluster: this.cluster }), context => resumeRun(context, record, digest));
  }

  /** Plans the way back of the run that is shown, to be looked at and approved; changes nothing. */
  async showWayBack(digest: string): Promise<void> {
    const record = await this.shownRun(digest);
    if (record === undefined || this.running || this.asking || this.ended) return;
    await this.busy(async signal => {
      this.set({ phase: 'gathering', record, text: vscode.l10n.t('Asking every member and host'), fraction: -1 });
      const [after, back] = await Promise.all([this.askBriefly(subjectOf(record)), wayBack({ ...machine(this.world), signal }, record)]);
      signal.throwIfAborted();
      this.set({ phase: 'wayBack', record, ...back, after });
    }, reason => { this.set({ phase: 'resting', record, ...this.work?.signal.aborted === true ? {} : { reason } }); });
    await this.look();
  }

  /** Back to the report of the run whose way back is shown. */
  leaveWayBack(): void {
    if (this.current.phase === 'wayBack' && !this.asking) this.set({ phase: 'resting', record: this.current.record, after: this.current.after });
  }

  /** Writes the plan that is shown as scripts or as a playbook. */
  async generate(digest: string): Promise<void> {
    if (this.current.phase !== 'preview' || this.current.digest !== digest) return;
    const { plan: shown } = this.current;
    await this.world.attempt(async () => { await (await import('./generate.lazy.js')).generateFiles(shown, digest); });
  }

  cancel(): void {
    if (this.current.phase === 'running') this.set({ ...this.current, cancelling: true });
    this.work?.abort();
  }

  /** Nothing can be begun any more; what is under way goes on. */
  dispose(): void {
    this.ended = true;
    this.changed.dispose();
  }

  private async takeBack(record: RunRecord, approved: string): Promise<void> {
    if (!await this.agreed(async () => confirmTakeBack(record, await this.askBriefly(subjectOf(record))))) return;
    await this.carry(record, this.takingBackTitle, context => takeRestoreBack(context, record, approved));
  }

  private readonly askBriefly = (subject: RestoreSubject): Promise<readonly MemberAfter[]> => askAfter(this.world.connect, subject, AbortSignal.timeout(5_000));

  private get takingBackTitle(): string { return vscode.l10n.t('Taking back the restore of {cluster}', { cluster: this.cluster }); }

  /** One question at a time, however often a button is pressed; no answer counts once something else was begun. */
  private async agreed(ask: () => Promise<boolean>): Promise<boolean> {
    if (this.asking || this.running || this.ended) return false;
    this.asking = true;
    try {
      return await ask() && !this.ended;
    } finally {
      this.asking = false;
    }
  }

  /**
   * The run as its journal has it now. Another window may have gone on with it since it was shown: then that is shown, and
   * nothing is asked, since the button meant something else.
   */
  private async shownRun(digest: string): Promise<RunRecord | undefined> {
    if (this.current.phase !== 'resting' || this.running || this.asking || this.current.record.opening.digest !== digest) return undefined;
    const { record } = this.current;
    const latest = await this.latest(record);
    if (standing(latest.entries) === standing(record.entries)) return latest;
    this.set({ phase: 'resting', record: latest });
    await this.look();
    return undefined;
  }

  private async latest(record: RunRecord): Promise<RunRecord> {
    const { latest } = await import('./runs.lazy.js');
    return latest(journalsFolder(this.world.context), record);
  }

  /** `wish` is what comes of it when it could not even be begun: there is no run then that could be gone on with. */
  private async carry(start: RunRecord, title: string, run: (context: RunContext) => Promise<RunEnd>, wish?: Wish): Promise<void> {
    let record = start;
    let end: RunEnd | undefined;
    let failure: string | undefined;
    this.set({ phase: 'running', record, cancelling: false });
    const onEntry = (entry: Entry): void => {
      record = { ...record, entries: [...record.entries, entry] };
      this.set({ phase: 'running', record, cancelling: this.work?.signal.aborted ?? false });
    };
    const onOutput = (step: string, text: string): void => { this.world.log.debug(`${step}: ${text.trimEnd()}`); };
    await this.busy(async signal => {
      end = await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title },
        () => run({ ...machine(this.world), signal, onEntry, onOutput }));
    }, reason => { failure = reason; });
    // What the journal says counts: it may hold more than this window did.
    record = await this.latest(record).catch(() => record);
    if (wish !== undefined && failure !== undefined && record.entries.length === 0) {
      this.wish = wish;
      this.set({ phase: 'unready', reason: failure, approved: true });
      return;
    }
    this.set({ phase: 'resting', record, ...end === undefined ? {} : { end }, ...failure === undefined ? {} : { reason: failure } });
    await this.look();
  }

  private async busy(work: (signal: AbortSignal) => Promise<void>, failed: (reason: string) => void): Promise<void> {
    const controller = new AbortController();
    this.work = controller;
    try {
      await work(controller.signal);
    } catch (error) {
      if (!isKnown(error) && codeOf(error) === undefined) this.world.log.error(error instanceof Error ? error : textOf(error));
      failed(isKnown(error) ? failureSentence(error) : codeOf(error) === 'CANCELLED' ? vscode.l10n.t('Cancelled.') : vscode.l10n.t('A mistake of this extension: {reason}. The log has more.', { reason: textOf(error) }));
    } finally {
      this.work = undefined;
    }
  }

  private set(state: RestoreState): void {
    this.current = state;
    this.changed.fire();
  }
}
