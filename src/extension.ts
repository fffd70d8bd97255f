import type * as vscode from 'vscode';
import { registerClusters } from './vscode/clusters/index.js';
import { registerRestore, runLines } from './vscode/restore/index.js';
import { registerSnapshots } from './vscode/snapshots/index.js';
import { registerStatus } from './vscode/status/index.js';
import { makeWorld } from './vscode/world.js';

/** Builds the world and registers the features; nothing heavy is loaded here. */
export function activate(context: vscode.ExtensionContext): void {
  const world = makeWorld(context);
  world.command('etcdRecovery.showLog', () => world.log.show());
  const runs = runLines(world);
  const clusters = registerClusters(world, [runs]);
  registerStatus(world, clusters);
  registerSnapshots(world, clusters);
  registerRestore(world, clusters, runs);
}
