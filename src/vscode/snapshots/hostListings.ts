import * as vscode from 'vscode';
import { isKnown, KnownError, textOf } from '../../core/errors.js';
import type { HostFolder } from '../../core/snapshot/hostSnapshots.js';
import type { SnapshotListing } from '../../core/snapshot/snapshotEntry.js';
import { listOnHost } from '../../node/snapshot/receiveOnHost.js';
import type { HostPool } from '../hosts/hostPool.js';

/** What is known of a folder on a host; what was listed before stays while it is asked again. */
export interface KnownFolder {
  readonly asking: boolean;
  readonly listing?: SnapshotListing;
  /** Why the host did not say what lies there. */
  readonly error?: KnownError;
}

/** Milliseconds that a host may take, questions to the person included. */
const PATIENCE = 180_000;

/**
 * What lies in the folders of hosts, as they said when they were last asked. Only a person's wish opens a connection: a folder
 * that is merely shown is asked by itself where its host answers already.
 */
export class HostListings implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<HostFolder>();
  private readonly known = new Map<string, KnownFolder & { readonly place: HostFolder }>();
  private readonly ended = new AbortController();
  private readonly hosts: HostPool;
  readonly onDidChange = this.changed.event;

  constructor(hosts: HostPool) {
    this.hosts = hosts;
  }

  /** What is known of a folder that is shown now. */
  show(place: HostFolder): KnownFolder {
    const known = this.known.get(keyOf(place));
    if (known !== undefined) return known;
    const nothing = { place, asking: false };
    this.known.set(keyOf(place), nothing);
    if (this.hosts.answers(place.host)) void this.hosts.quietly(() => this.ask(place));
    return this.known.get(keyOf(place)) ?? nothing;
  }

  /** Asks the host; ends when it has answered or failed. Never rejects. */
  async ask(place: HostFolder): Promise<KnownFolder> {
    const before = this.known.get(keyOf(place));
    if (before?.asking === true) return before;
    this.set(place, { asking: true, ...before?.listing && { listing: before.listing } });
    const after = await this.list(place);
    this.set(place, after);
    return after;
  }

  /** Asks anew for those of the folders that were ever shown. */
  async askAgain(places: readonly HostFolder[]): Promise<void> {
    await Promise.all(places.filter(place => this.known.has(keyOf(place))).map(place => this.ask(place)));
  }

  dispose(): void {
    this.ended.abort();
    this.changed.dispose();
  }

  private async list({ host, folder }: HostFolder): Promise<KnownFolder> {
    try {
      const opened = this.hosts.get(host);
      if (opened === undefined) throw new KnownError('HOST_UNKNOWN', { host });
      return { asking: false, listing: await listOnHost(opened, folder, AbortSignal.any([this.ended.signal, AbortSignal.timeout(PATIENCE)])) };
    } catch (error) {
      return { asking: false, error: isKnown(error) ? error : new KnownError('FILE_UNREADABLE', { path: `${host}:${folder}`, reason: textOf(error) }) };
    }
  }

  private set(place: HostFolder, state: KnownFolder): void {
    if (this.ended.signal.aborted) return;
    this.known.set(keyOf(place), { ...state, place });
    this.changed.fire(place);
  }
}

const keyOf = ({ host, folder }: HostFolder): string => `${host}:${folder}`;
