import * as vscode from 'vscode';
import { humanBytes } from '../core/cluster/humanBytes.js';
import { abortSignal } from './abortSignal.js';
import { unlinked } from './unlinked.js';

/** Tells how many bytes are done, of how many where that is known. */
export type TellBytes = (done: number, total: number | undefined) => void;

/** A notification with the bytes that are done and a button that cancels. */
export const byteProgress = <T>(title: string, work: (signal: AbortSignal, tell: TellBytes) => Promise<T>): Thenable<T> =>
  vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, cancellable: true, title: unlinked(title) }, (progress, token) => {
    let percent = 0;
    return work(abortSignal(token), (done, total) => {
      const reached = total === undefined || total === 0 ? 0 : done / total * 100;
      progress.report({ increment: reached - percent, message: total === undefined ? '' : vscode.l10n.t('{received} of {total}', { received: humanBytes(done), total: humanBytes(total) }) });
      percent = reached;
    });
  });
