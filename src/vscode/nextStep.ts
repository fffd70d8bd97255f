import * as vscode from 'vscode';
import type { KnownError } from '../core/errors.js';

/** A button beside an error: what to do about it. */
export interface NextStep {
  readonly label: string;
  readonly command: string;
  readonly args: readonly unknown[];
}

/** The next step for a known error, where one command can be it. */
export function nextStep(error: KnownError): NextStep | undefined {
  if (error.code === 'INVALID_SETTING') {
    return { label: vscode.l10n.t('Open Settings'), command: 'workbench.action.openSettings', args: [String(error.args['setting'])] };
  }
  if (error.code === 'NO_CLUSTER') {
    return { label: vscode.l10n.t('Add Cluster…'), command: 'etcdRecovery.addCluster', args: [] };
  }
  if (error.code === 'COMMAND_FAILED') {
    return { label: vscode.l10n.t('Show Log'), command: 'etcdRecovery.showLog', args: [] };
  }
  return undefined;
}
