import * as vscode from 'vscode';
import { KnownError } from '../core/errors.js';
import { connectMember, type ConnectMember } from '../node/etcd/connectMember.js';
import { hostPool, type HostPool } from './hosts/hostPool.js';
import { showError } from './showError.js';

/** What every feature is given; made once, in `activate`. */
export interface World {
  readonly context: vscode.ExtensionContext;
  readonly extensionUri: vscode.Uri;
  /** Never gets a value of a key, a password or a private key. */
  readonly log: vscode.LogOutputChannel;
  /** This machine and those behind SSH. */
  readonly hosts: HostPool;
  /** Opens a client of a member, straight or through its host. */
  readonly connect: ConnectMember;
  /** Runs something and shows what it throws. */
  attempt(what: () => unknown): Promise<void>;
  /** Registers a command whose errors are shown. */
  command(id: string, handler: (...args: unknown[]) => unknown): void;
  /** Registers a command that runs something or changes a cluster: refused in Restricted Mode, however it is called. */
  trustedCommand(id: string, handler: (...args: unknown[]) => unknown): void;
}

/** Builds the world of an activation; everything in it ends with the extension. */
export function makeWorld(context: vscode.ExtensionContext): World {
  const log = vscode.window.createOutputChannel('etcd Recovery', { log: true });
  const hosts = hostPool();
  context.subscriptions.push(log, hosts);
  const attempt = async (what: () => unknown): Promise<void> => {
    try {
      await what();
    } catch (error) {
      await showError(error, log);
    }
  };
  const command: World['command'] = (id, handler) => {
    context.subscriptions.push(vscode.commands.registerCommand(id, async (...args: unknown[]) => {
      log.debug(id);
      await attempt(() => hosts.asking(() => handler(...args)));
    }));
  };
  const trustedCommand: World['trustedCommand'] = (id, handler) => command(id, (...args) => {
    if (!vscode.workspace.isTrusted) throw new KnownError('RESTRICTED_MODE');
    return handler(...args);
  });
  return { context, extensionUri: context.extensionUri, log, hosts, connect: connectMember(hosts), attempt, command, trustedCommand };
}
