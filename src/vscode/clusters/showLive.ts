import * as vscode from 'vscode';
import type { Clusters } from './index.js';

/** Keeps the tree live: the clusters are watched while it is visible, and each answer is shown as it comes. */
export function showLive({ settings, watches, tree, view }: Pick<Clusters, 'settings' | 'watches' | 'tree' | 'view'>): vscode.Disposable {
  let live: vscode.Disposable[] = [];
  const pending = new Map<string, NodeJS.Timeout>();
  const stop = (): void => {
    vscode.Disposable.from(...live).dispose();
    live = [];
  };
  const start = (): void => {
    stop();
    if (!view.visible) return;
    live = settings.definitions.flatMap(({ name }) => {
      const watch = watches.of(name);
      return watch ? [watch.onDidChange(() => { redraw(name); }), watch.hold()] : [];
    });
  };
  // The cluster's line sums its members up, and drawing it draws what is below anew. Answers come in bursts: one drawing for each.
  const redraw = (cluster: string): void => {
    if (pending.has(cluster)) return;
    pending.set(cluster, setTimeout(() => { pending.delete(cluster); tree.refresh(`cluster:${cluster}`); }, 50));
  };
  const subscriptions = [
    view.onDidChangeVisibility(start),
    settings.onDidChange(() => { tree.refresh(); start(); }),
  ];
  start();
  return new vscode.Disposable(() => { stop(); pending.forEach(timer => { clearTimeout(timer); }); vscode.Disposable.from(...subscriptions).dispose(); });
}
