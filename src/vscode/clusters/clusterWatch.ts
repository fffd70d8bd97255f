import * as vscode from 'vscode';
import type { ClusterDefinition, MemberDefinition } from '../../core/cluster/definition.js';
import { endpointOf } from '../../core/cluster/endpointOf.js';
import type { MemberAnswer, Observation, ObservedMember } from '../../core/cluster/observation.js';
import type { EtcdEndpoint } from '../../core/cluster/status.js';
import { isKnown, KnownError, textOf } from '../../core/errors.js';
import type { ConnectMember } from '../../node/etcd/connectMember.js';

/** What a watch asks with. */
export interface WatchSources {
  readonly connect: ConnectMember;
  /** Runs what nobody asked for. */
  readonly quietly: <T>(work: () => T) => T;
  readonly everyMs: () => number;
}

/**
 * Watches one cluster: asks every member by itself, so that one that hangs keeps nobody waiting, and says whose answer
 * changed. The timer runs only while somebody holds the watch.
 */
export class ClusterWatch implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<string>();
  private readonly observations = new Map<string, Observation>();
  private readonly clients = new Map<string, EtcdEndpoint>();
  private readonly asking = new Set<string>();
  private readonly ended = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  private holders = 0;
  /** The name of the member whose observation changed. */
  readonly onDidChange = this.changed.event;
  readonly definition: ClusterDefinition;
  private readonly sources: WatchSources;

  constructor(definition: ClusterDefinition, sources: WatchSources) {
    this.definition = definition;
    this.sources = sources;
  }

  /** Every member with what is known of it now. */
  get members(): readonly ObservedMember[] {
    return this.definition.members.map(member => ({ member, observation: this.observations.get(member.name) ?? { kind: 'asking' } }));
  }

  /** Keeps the watch awake until the result is disposed of. */
  hold(): vscode.Disposable {
    this.holders++;
    if (this.holders === 1) this.tick();
    return new vscode.Disposable(() => {
      this.holders--;
      if (this.holders === 0) clearTimeout(this.timer);
    });
  }

  /** Asks every member now; ends when all have answered or failed. A member still being asked is not asked twice. */
  async refresh(): Promise<void> {
    await Promise.all(this.definition.members.map(member => this.ask(member)));
  }

  dispose(): void {
    this.ended.abort();
    clearTimeout(this.timer);
    for (const client of this.clients.values()) client.close();
    this.changed.dispose();
  }

  private tick(): void {
    void this.sources.quietly(() => this.refresh()).finally(() => {
      clearTimeout(this.timer);
      if (this.holders > 0 && !this.ended.signal.aborted) this.timer = setTimeout(() => this.tick(), this.sources.everyMs());
    });
  }

  private async ask(member: MemberDefinition): Promise<void> {
    if (this.asking.has(member.name)) return;
    this.asking.add(member.name);
    try {
      const client = await this.client(member);
      await this.listen(member, client);
    } catch (error) {
      // A client that failed waits longer and longer before it dials again; a new one dials at once.
      this.clients.get(member.name)?.close();
      this.clients.delete(member.name);
      const endpoint = member.clientUrls[0] ?? '';
      this.observe(member, { kind: 'unreachable', error: isKnown(error) ? error : new KnownError('ETCD_UNREACHABLE', { endpoint, reason: textOf(error) }) });
    } finally {
      this.asking.delete(member.name);
    }
  }

  /** The status first, since it is answered without quorum; health may take until its time-out. */
  private async listen(member: MemberDefinition, client: EtcdEndpoint): Promise<void> {
    const { signal } = this.ended;
    const before = this.observations.get(member.name);
    const status = await client.status(signal);
    const last: Partial<MemberAnswer> = before?.kind === 'answered' ? before.answer : {};
    this.observe(member, { kind: 'answered', answer: { ...last, status } });
    const [health, members] = await Promise.allSettled([client.health(signal), client.members(signal)]);
    this.observe(member, {
      kind: 'answered',
      answer: {
        status,
        ...health.status === 'fulfilled' && { health: health.value },
        ...members.status === 'fulfilled' && { members: members.value },
      },
    });
  }

  private async client(member: MemberDefinition): Promise<EtcdEndpoint> {
    const open = this.clients.get(member.name);
    if (open) return open;
    const made = await this.sources.connect(endpointOf(this.definition, member));
    if (this.ended.signal.aborted) made.close();
    this.clients.set(member.name, made);
    return made;
  }

  private observe(member: MemberDefinition, observation: Observation): void {
    if (this.ended.signal.aborted) return;
    this.observations.set(member.name, observation);
    this.changed.fire(member.name);
  }
}
