import * as vscode from 'vscode';
import { codeOf, isKnown, textOf } from '../core/errors.js';
import { nextStep } from './nextStep.js';
import { unlinked } from './unlinked.js';
import { sentence } from './words/index.js';

/**
 * The one place that shows errors. Cancelled: silence. Known: its sentence and, where there is one, the next step as
 * a button. Anything else is a bug of ours: its stack goes to the log, and the person is told where.
 */
export async function showError(error: unknown, log: vscode.LogOutputChannel): Promise<void> {
  if (codeOf(error) === 'CANCELLED' || error instanceof vscode.CancellationError) return;
  if (isKnown(error)) {
    log.warn(error.message);
    const next = nextStep(error);
    const pressed = await vscode.window.showErrorMessage(unlinked(sentence(error)), ...next ? [next.label] : []);
    if (next && pressed !== undefined) await vscode.commands.executeCommand(next.command, ...next.args);
    return;
  }
  log.error(error instanceof Error ? error : textOf(error));
  const showLog = vscode.l10n.t('Show Log');
  const pressed = await vscode.window.showErrorMessage(
    vscode.l10n.t('etcd Recovery made a mistake of its own and stopped what it was doing. The log says where.'), showLog);
  if (pressed === showLog) log.show();
}
