import path from 'node:path';
import type * as vscode from 'vscode';
import { systemClock } from '../../node/clock.js';
import type { RunContext } from '../../node/restore/restoreRun.js';
import type { World } from '../world.js';

/** The editor's own folder of journals. */
export const journalsFolder = (context: vscode.ExtensionContext): string => path.join(context.globalStorageUri.fsPath, 'journals');

/** What every run and every question about one needs. */
export const machine = ({ context, hosts, connect }: World): Pick<RunContext, 'hosts' | 'connect' | 'clock' | 'journals'> =>
  ({ hosts, connect, clock: systemClock, journals: journalsFolder(context) });
