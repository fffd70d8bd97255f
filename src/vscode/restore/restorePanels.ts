import type * as vscode from 'vscode';
import type { RunRecord } from '../../core/journal.js';
import type { Clusters } from '../clusters/index.js';
import type { Panel } from '../webview/openPanel.js';
import type { World } from '../world.js';
import type { Wish } from './plan.js';
import type * as lazyModule from './restorePanel.lazy.js';
import type { RestoreSession } from './session.js';

type Lazy = typeof lazyModule;

interface Opened {
  readonly session: RestoreSession;
  panel: Panel<unknown> | undefined;
}

/** Is told when what is done on a cluster changes, with the run that is worked on. */
type Changed = (cluster: string, working: string | undefined) => void;

/** The restores of this window, one for each cluster at a time; a session that works outlives its panel. */
export class RestorePanels implements vscode.Disposable {
  private readonly opened = new Map<string, Opened>();
  private readonly world: World;
  private readonly clusters: Clusters;
  private readonly changed: Changed;

  constructor(world: World, clusters: Clusters, changed: Changed) {
    this.world = world;
    this.clusters = clusters;
    this.changed = changed;
  }

  /** Shows the panel of what works on this cluster; else begins anew. */
  async open(start: Wish | RunRecord): Promise<void> {
    // Loaded first: nothing is awaited between the look at what is open and the new entry, so that two calls make one session.
    const lazy = await import('./restorePanel.lazy.js');
    const cluster = 'opening' in start ? start.opening.plan.cluster : start.cluster.name;
    const before = this.opened.get(cluster);
    if (before?.session.state.phase === 'running') {
      if (before.panel === undefined) this.show(lazy, cluster, before);
      else before.panel.reveal();
      return;
    }
    if (before !== undefined) this.end(cluster, before);
    const opened: Opened = { session: this.begin(lazy, cluster, start), panel: undefined };
    this.opened.set(cluster, opened);
    this.show(lazy, cluster, opened);
    await ('opening' in start ? opened.session.look() : opened.session.prepare());
  }

  dispose(): void {
    for (const { session } of this.opened.values()) session.dispose();
    this.opened.clear();
  }

  private begin({ startSession }: Lazy, cluster: string, start: Wish | RunRecord): RestoreSession {
    const session = startSession(this.world, this.clusters, start);
    let { phase } = session.state;
    session.onDidChange(() => {
      const { state } = session;
      if (phase === state.phase) return;
      ({ phase } = state);
      this.changed(cluster, state.phase === 'running' ? state.record.opening.plan.run : undefined);
      // Who is healthy has just changed: the tree is not to wait for its timer.
      if (phase !== 'running') void this.clusters.watches.of(cluster)?.refresh();
    });
    return session;
  }

  private show({ openRestorePanel }: Lazy, cluster: string, opened: Opened): void {
    const panel = openRestorePanel(this.world, opened.session);
    opened.panel = panel;
    panel.onDidDispose(() => {
      opened.panel = undefined;
      // Planning without anybody who looks at it is no use; a restore goes on.
      if (opened.session.state.phase !== 'running') this.end(cluster, opened);
    });
  }

  private end(cluster: string, { session, panel }: Opened): void {
    if (this.opened.get(cluster)?.session === session) this.opened.delete(cluster);
    session.cancel();
    session.dispose();
    panel?.dispose();
  }
}
