import path from 'node:path';
import type * as vscode from 'vscode';
import type { Host } from '../../core/host/host.js';
import { systemClock } from '../../node/clock.js';
import { connectEtcd } from '../../node/etcd/connectEtcd.js';
import { localHost } from '../../node/host/localHost.js';
import type { RunContext } from '../../node/restore/restoreRun.js';

/** The hosts a restore can reach: by now the machine the extension runs on. */
export const hosts: ReadonlyMap<string, Host> = new Map([['local', localHost()]]);

/** Opens a client of one member. */
export const connect: RunContext['connect'] = ({ endpoint, tls }) => connectEtcd(endpoint, tls);

/** The editor's own folder of journals. */
export const journalsFolder = (context: vscode.ExtensionContext): string => path.join(context.globalStorageUri.fsPath, 'journals');

/** What every run and every question about one needs. */
export const machine = (context: vscode.ExtensionContext): Pick<RunContext, 'hosts' | 'connect' | 'clock' | 'journals'> =>
  ({ hosts, connect, clock: systemClock, journals: journalsFolder(context) });
