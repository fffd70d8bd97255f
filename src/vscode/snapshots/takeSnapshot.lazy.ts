import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { chooseMember } from '../../core/cluster/chooseMember.js';
import type { ClusterDefinition, MemberDefinition } from '../../core/cluster/definition.js';
import { humanBytes } from '../../core/cluster/humanBytes.js';
import { viewsOf, type ObservedMember } from '../../core/cluster/observation.js';
import { summarizeMembers } from '../../core/cluster/summary.js';
import { KnownError, textOf } from '../../core/errors.js';
import { hostFoldersOf, type HostFolder } from '../../core/snapshot/hostSnapshots.js';
import { defaultSnapshotName, snapshotName } from '../../core/snapshot/snapshotName.js';
import { endpointOf } from '../../core/cluster/endpointOf.js';
import { saveOnHost } from '../../node/snapshot/saveOnHost.js';
import { saveSnapshot, type SavedSnapshot, type SaveOptions } from '../../node/snapshot/saveSnapshot.js';
import { byteProgress } from '../byteProgress.js';
import { memberDescription } from '../clusters/clusterItem.js';
import type { Clusters } from '../clusters/index.js';
import { textSetting } from '../settings/userSetting.js';
import { choose } from '../steps/questions.js';
import { next, pass, runSteps, type Step } from '../steps/runSteps.js';
import { unlinked } from '../unlinked.js';
import type { World } from '../world.js';
import { askFile, askMachine, askName, newSnapshotFolder } from './askPlace.js';
import { hostNamed, rememberOnHost } from './hostCopies.js';

/** What is asked before a snapshot is taken. */
interface Wish {
  readonly cluster: ClusterDefinition;
  readonly member?: MemberDefinition;
  /** The machine it is to lie on. */
  readonly on?: HostFolder | 'here';
  /** A folder of this machine. */
  readonly folder?: string;
  /** The whole path on this machine, the name on a host. */
  readonly file?: string;
}

/** Takes a snapshot: asks which member and where to, then streams it with progress. Returns its path when it was taken. */
export async function takeSnapshot(world: World, clusters: Clusters, wish: Wish): Promise<string | undefined> {
  const watch = clusters.watches.of(wish.cluster.name);
  const answered = await runSteps(vscode.l10n.t('Take Snapshot of {cluster}', { cluster: wish.cluster.name }), wish, [
    askMember(async () => { await watch?.refresh(); return watch?.members ?? []; }), askWhere, askWhat]);
  if (!answered?.member || answered.file === undefined) return undefined;
  const { cluster, member, on = 'here', file } = answered;
  const saved = await save(world, cluster, member, on, file);
  if (on === 'here') await rememberHere(clusters, saved, member);
  else await rememberThere(clusters, on, saved, member);
  return saved.path;
}

const askMember = (observe: () => Promise<readonly ObservedMember[]>): Step<Wish> => async (state, place) => {
  if (state.member) return pass;
  const members = await vscode.window.withProgress({ location: { viewId: 'etcdRecovery.clusters' } }, observe);
  const best = chooseMember(viewsOf(members));
  if (best === undefined) throw new KnownError('SAVE_NO_MEMBER', { cluster: state.cluster.name });
  const summaries = summarizeMembers(members);
  const items = members.map(({ member }, at) => ({
    label: member.name,
    description: summaries[at] ? memberDescription(summaries[at]) : '',
    detail: member.clientUrls[0] === best ? vscode.l10n.t('Recommended: it spares the leader and is up to date') : '',
    picked: member.clientUrls[0] === best, value: member, best: member.clientUrls[0] === best, usable: summaries[at]?.answer !== undefined,
  })).filter(item => item.usable).sort((a, b) => Number(b.best) - Number(a.best));
  const answer = await choose(place, vscode.l10n.t('Which member shall send it?'), items);
  return answer.kind === 'next' ? next({ ...state, member: answer.state }) : answer;
};

const askWhere: Step<Wish> = async (state, place) => {
  if (state.on !== undefined || state.folder !== undefined || hostFoldersOf(state.cluster).length === 0) return pass;
  const answer = await askMachine(place, state.cluster);
  return answer.kind === 'next' ? next({ ...state, on: answer.state }) : answer;
};

const askWhat: Step<Wish> = async (state, place) => {
  const { cluster, member, on = 'here', folder = newSnapshotFolder(cluster) } = state;
  const name = snapshotName(textSetting('snapshotName', defaultSnapshotName), { cluster: cluster.name, member: member?.name ?? '', now: new Date().toISOString() });
  const answer = await (on === 'here' ? askFile(place, folder, name) : askName(place, on, name));
  return answer.kind === 'next' ? next({ ...state, file: answer.state }) : answer;
};

async function save(world: World, cluster: ClusterDefinition, member: MemberDefinition, on: HostFolder | 'here', file: string): Promise<SavedSnapshot> {
  return byteProgress(vscode.l10n.t('Taking a snapshot of {cluster} from {member}', { cluster: cluster.name, member: member.name }), async (signal, tell) => {
    if (on === 'here') await makeFolder(path.dirname(file));
    const etcd = await world.connect(endpointOf(cluster, member));
    // The bundles lie side by side.
    const options: SaveOptions = { workerDir: __dirname, signal, onProgress: ({ receivedBytes, totalBytes }) => { tell(receivedBytes, totalBytes); } };
    try {
      return await (on === 'here' ? saveSnapshot(etcd, file, options) : saveOnHost(etcd, hostNamed(world, on.host), { folder: on.folder, name: file }, options));
    } finally {
      etcd.close();
    }
  });
}

async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    throw new KnownError('FILE_UNWRITABLE', { path: folder, reason: textOf(error) });
  });
}

async function rememberHere(clusters: Clusters, saved: SavedSnapshot, member: MemberDefinition): Promise<void> {
  const { size, mtimeMs } = await stat(saved.path);
  await clusters.verdicts.remember(saved.path, { size, mtimeMs, at: new Date().toISOString(), outcome: 'received' });
  clusters.tree.refresh();
  void offerNextSteps(saved, member);
}

async function rememberThere(clusters: Clusters, on: HostFolder, saved: SavedSnapshot, member: MemberDefinition): Promise<void> {
  void vscode.window.showInformationMessage(unlinked(vscode.l10n.t('{name} was taken from {member} and lies on {host}: {size}, sha256 compared with what was sent, and once more on the disk of {host}.', {
    name: path.posix.basename(saved.path), member: member.name, host: on.host, size: humanBytes(saved.sizeBytes),
  })));
  await rememberOnHost(clusters, on, saved.path, { at: new Date().toISOString(), outcome: 'received' });
}

async function offerNextSteps(saved: SavedSnapshot, member: MemberDefinition): Promise<void> {
  const verify = vscode.l10n.t('Verify'), reveal = vscode.l10n.t('Reveal');
  const pressed = await vscode.window.showInformationMessage(unlinked(vscode.l10n.t('{name} was taken from {member}: {size}, sha256 compared with what was sent.', {
    name: path.basename(saved.path), member: member.name, size: humanBytes(saved.sizeBytes),
  })), verify, reveal);
  const uri = vscode.Uri.file(saved.path);
  if (pressed === verify) await vscode.commands.executeCommand('etcdRecovery.verifySnapshot', uri);
  if (pressed === reveal) await vscode.commands.executeCommand('etcdRecovery.revealSnapshot', uri);
}
