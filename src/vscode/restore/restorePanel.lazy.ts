import path from 'node:path';
import * as vscode from 'vscode';
import type { RunRecord } from '../../core/journal.js';
import { restoreProtocol, type RestoreRequest, type RestoreShown } from '../../panel/restore.js';
import type { Clusters } from '../clusters/index.js';
import { openPanel, type Panel } from '../webview/openPanel.js';
import type { World } from '../world.js';
import type { Wish } from './plan.js';
import { restoreMarkdown } from './markdown.js';
import { RestoreSession } from './session.js';
import { shownOf } from './shown.js';

/** Starts a session for a wish, or opens one for a run that was begun before. */
export const startSession = (world: World, clusters: Clusters, start: Wish | RunRecord): RestoreSession =>
  new RestoreSession(world, start, {
    find: name => clusters.settings.find(name),
    verified: report => clusters.verdicts.remember(report.file.path, {
      size: report.file.size, mtimeMs: report.file.mtimeMs, at: new Date().toISOString(), sha256: report.file.sha256,
      outcome: report.trailer === 'matches' ? 'verified' : 'unsealed', revision: String(report.status.revision),
    }),
  });

/** Opens the panel of a session: preview, progress and report in one place. */
export function openRestorePanel(world: World, session: RestoreSession): Panel<RestoreShown> {
  const panel = openPanel(world, {
    viewType: 'etcdRecovery.restore', title: vscode.l10n.t('Restore {cluster}', { cluster: session.cluster || path.basename(session.snapshot) }), folder: 'restore', protocol: restoreProtocol,
  }, request => answer(world, session, request, () => { panel.post(shownOf(session)); }));
  const subscription = session.onDidChange(() => { panel.post(shownOf(session)); });
  panel.onDidDispose(() => { subscription.dispose(); });
  return panel;
}

async function answer(world: World, session: RestoreSession, request: RestoreRequest, send: () => void): Promise<void> {
  if (request.type === 'ready') { send(); return; }
  if (!vscode.workspace.isTrusted) { await world.attempt(() => vscode.commands.executeCommand('workbench.trust.manage')); return; }
  switch (request.action) {
    case 'approve': await session.approve(request.digest); return;
    case 'resume': await session.resume(request.digest); return;
    case 'takeBack': await session.showWayBack(request.digest); return;
    case 'leave': session.leaveWayBack(); return;
    case 'insist': await session.insist(); return;
    case 'kubelets': session.chooseKubelets(request.digest); return;
    case 'planAgain': await session.planAgain(); return;
    case 'generate': await session.generate(request.digest); return;
    case 'cancel': session.cancel(); return;
    case 'copyPlan':
      await vscode.env.clipboard.writeText(restoreMarkdown(shownOf(session)));
      vscode.window.setStatusBarMessage(vscode.l10n.t('$(check) Copied'), 3000);
  }
}
