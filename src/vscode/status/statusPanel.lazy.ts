import { hostname } from 'node:os';
import * as vscode from 'vscode';
import { renderMarkdown, renderText } from '../../core/cluster/renderTable.js';
import { statusJson } from '../../core/cluster/statusJson.js';
import { sortTable } from '../../core/cluster/table.js';
import { statusProtocol, type StatusRequest } from '../../panel/status.js';
import type { ClusterWatch } from '../clusters/clusterWatch.js';
import type { Clusters } from '../clusters/index.js';
import { openPanel, type Panel } from '../webview/openPanel.js';
import type { World } from '../world.js';
import { reasonOf, shown, tablesOf } from './shown.js';

/** Opens the panel of a cluster's two tables: live while it is visible. */
export function openStatusPanel(world: World, clusters: Clusters, name: string): Panel<ReturnType<typeof shown>> {
  const panel = openPanel(world, {
    viewType: 'etcdRecovery.status', title: vscode.l10n.t('{cluster}: Status', { cluster: name }), folder: 'status', protocol: statusProtocol,
  }, request => answer(world, watch(), request, send));
  // The settings may change while the panel is open: ask for the watch each time.
  const watch = (): ClusterWatch | undefined => clusters.watches.of(name);
  const send = (): void => {
    const time = new Intl.DateTimeFormat(vscode.env.language, { timeStyle: 'medium' }).format(Date.now());
    panel.post(shown(name, watch()?.members ?? [], vscode.l10n.t('asked from {machine} at {time}', { machine: hostname(), time })));
  };
  let live: vscode.Disposable[] = [];
  const follow = (): void => {
    vscode.Disposable.from(...live).dispose();
    const current = panel.visible ? watch() : undefined;
    live = current ? [current.onDidChange(send), current.hold()] : [];
  };
  const subscriptions = [panel.onDidChangeVisibility(follow), clusters.settings.onDidChange(() => { follow(); send(); })];
  panel.onDidDispose(() => { vscode.Disposable.from(...live, ...subscriptions).dispose(); });
  follow();
  return panel;
}

async function answer(world: World, watch: ClusterWatch | undefined, request: StatusRequest, send: () => void): Promise<void> {
  switch (request.type) {
    case 'ready': send(); return;
    case 'refresh': await watch?.refresh(); return;
    case 'copy': {
      if (!watch) return;
      const table = sortTable(tablesOf(watch.members)[request.table], request.sort);
      await vscode.env.clipboard.writeText(request.format === 'text' ? renderText(table) : renderMarkdown(table));
      vscode.window.setStatusBarMessage(vscode.l10n.t('$(check) Copied'), 3000);
      return;
    }
    case 'export': if (watch) await exportJson(world, watch);
  }
}

async function exportJson(world: World, watch: ClusterWatch): Promise<void> {
  const at = new Date().toISOString(), { name } = watch.definition;
  const json = statusJson(name, at, watch.members, reasonOf);
  const target = await vscode.window.showSaveDialog({
    title: vscode.l10n.t('Export the status of {cluster}', { cluster: name }),
    defaultUri: vscode.Uri.joinPath(vscode.workspace.workspaceFolders?.[0]?.uri ?? world.context.globalStorageUri, `${name.replace(/[^\w.-]+/g, '-')}-status.json`),
    filters: { JSON: ['json'] },
  });
  if (target) await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(json));
}
