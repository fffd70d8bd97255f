import { stat } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { humanBytes } from '../../core/cluster/humanBytes.js';
import { pathOnHost, type HostFolder } from '../../core/snapshot/hostSnapshots.js';
import { snapshotName } from '../../core/snapshot/snapshotName.js';
import { copyFromHost } from '../../node/snapshot/copyFromHost.js';
import { copyToHost, sha256Of } from '../../node/snapshot/copyToHost.js';
import { sumOnHost } from '../../node/snapshot/receiveOnHost.js';
import { byteProgress } from '../byteProgress.js';
import type { Clusters } from '../clusters/index.js';
import type { HostSnapshotNode, SnapshotNode } from '../clusters/node.js';
import { next, pass, runSteps } from '../steps/runSteps.js';
import { unlinked } from '../unlinked.js';
import type { World } from '../world.js';
import { askFile, askHost, askName, newSnapshotFolder } from './askPlace.js';
import { hostNamed, rememberOnHost } from './hostCopies.js';
import { onHost } from './onHost.js';

/** Copies a snapshot of a host to this machine, where the person says. Returns its path when it is there. */
export async function copyToMachine(world: World, clusters: Clusters, node: HostSnapshotNode): Promise<string | undefined> {
  const { cluster, place: { host }, entry } = node;
  const answered = await runSteps<{ readonly file?: string }>(vscode.l10n.t('Copy {name} from {host}', { name: entry.name, host }), {}, [async (state, place) => {
    const answer = await askFile(place, newSnapshotFolder(cluster), asDb(entry.name));
    return answer.kind === 'next' ? next({ ...state, file: answer.state }) : answer;
  }]);
  if (answered?.file === undefined) return undefined;
  await download(world, clusters, node, answered.file);
  void offerNextSteps(node, answered.file);
  return answered.file;
}

/**
 * Fetches a snapshot of a host to be looked at or restored here: beside the cluster's other snapshots, by its own name. A copy
 * that lies there already, by its sha256, is taken as it is.
 */
export async function bringHere(world: World, clusters: Clusters, node: HostSnapshotNode): Promise<string> {
  const { cluster, place: { host }, entry } = node;
  const folder = newSnapshotFolder(cluster);
  for (let number = 1; ; number++) {
    const file = path.join(folder, number === 1 ? asDb(entry.name) : asDb(entry.name).replace(/\.db$/, `-${number}.db`));
    const found = await stat(file).catch(() => undefined);
    if (found === undefined) {
      await download(world, clusters, node, file);
      return file;
    }
    if (found.isFile() && found.size === entry.size && await isSame(world, host, entry.path, file)) return file;
  }
}

/** Copies a snapshot of this machine to a host of its cluster. Returns its path there when it is there. */
export async function copySnapshotToHost(world: World, clusters: Clusters, { cluster, entry }: SnapshotNode): Promise<string | undefined> {
  const wish: { readonly on?: HostFolder; readonly name?: string } = {};
  const answered = await runSteps(vscode.l10n.t('Copy {name} to a Host', { name: entry.name }), wish, [
    async (state, place) => {
      const answer = await askHost(place, cluster);
      return answer.kind === 'next' ? next({ ...state, on: answer.state }) : answer;
    },
    async (state, place) => {
      if (state.on === undefined) return pass;
      const answer = await askName(place, state.on, asDb(entry.name));
      return answer.kind === 'next' ? next({ ...state, name: answer.state }) : answer;
    },
  ]);
  if (answered?.on === undefined || answered.name === undefined) return undefined;
  const { on, name } = answered;
  const target = { folder: on.folder, name };
  await byteProgress(vscode.l10n.t('Copying {name} to {host}', { name, host: on.host }), (signal, tell) =>
    copyToHost(hostNamed(world, on.host), entry.path, target, { signal, onProgress: bytes => { tell(bytes, entry.size); } }));
  void vscode.window.showInformationMessage(unlinked(vscode.l10n.t('{name} lies on {host} now: {size}, sha256 compared there.', { name, host: on.host, size: humanBytes(entry.size) })));
  await rememberOnHost(clusters, on, pathOnHost(target), clusters.verdicts.of(entry));
  return pathOnHost(target);
}

/** Its bytes are the same, so what was found out about it there holds here as well. */
async function download(world: World, clusters: Clusters, { place: { host }, entry }: HostSnapshotNode, file: string): Promise<void> {
  await byteProgress(vscode.l10n.t('Copying {name} from {host}', { name: entry.name, host }), (signal, tell) =>
    copyFromHost(hostNamed(world, host), entry.path, file, { signal, onProgress: bytes => { tell(bytes, entry.size); } }));
  const verdict = clusters.verdicts.of(onHost(host, entry));
  const { size, mtimeMs } = await stat(file);
  if (verdict !== undefined) await clusters.verdicts.remember(file, { ...verdict, size, mtimeMs });
  clusters.tree.refresh();
}

const isSame = (world: World, host: string, there: string, here: string): Thenable<boolean> =>
  byteProgress(vscode.l10n.t('Comparing {name} with the copy on this machine', { name: path.basename(here) }), async signal => {
    const [one, other] = await Promise.all([sumOnHost(hostNamed(world, host), there, signal), sha256Of(here, signal)]);
    return one.sha256 === other;
  });

/** A name as ours are, whatever it was called. */
const asDb = (name: string): string => snapshotName(name.replaceAll(/[{}]/g, '-'), { cluster: '', member: '', now: '' });

async function offerNextSteps({ entry, place: { host } }: HostSnapshotNode, file: string): Promise<void> {
  const verify = vscode.l10n.t('Verify'), reveal = vscode.l10n.t('Reveal');
  const pressed = await vscode.window.showInformationMessage(unlinked(vscode.l10n.t('{name} was copied from {host}: {size}, sha256 compared.', { name: path.basename(file), host, size: humanBytes(entry.size) })), verify, reveal);
  if (pressed === verify) await vscode.commands.executeCommand('etcdRecovery.verifySnapshot', vscode.Uri.file(file));
  if (pressed === reveal) await vscode.commands.executeCommand('etcdRecovery.revealSnapshot', vscode.Uri.file(file));
}
