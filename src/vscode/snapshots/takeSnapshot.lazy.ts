import { access, mkdir, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { chooseMember } from '../../core/cluster/chooseMember.js';
import type { ClusterDefinition, MemberDefinition } from '../../core/cluster/definition.js';
import { humanBytes } from '../../core/cluster/humanBytes.js';
import { viewsOf, type ObservedMember } from '../../core/cluster/observation.js';
import { summarizeMembers } from '../../core/cluster/summary.js';
import { KnownError, textOf } from '../../core/errors.js';
import { defaultSnapshotName, snapshotName } from '../../core/snapshot/snapshotName.js';
import { endpointOf } from '../../core/cluster/endpointOf.js';
import type { ConnectMember } from '../../node/etcd/connectMember.js';
import { saveSnapshot, type SavedSnapshot } from '../../node/snapshot/saveSnapshot.js';
import { abortSignal } from '../abortSignal.js';
import { memberDescription } from '../clusters/clusterItem.js';
import type { Clusters } from '../clusters/index.js';
import { snapshotFoldersOf } from '../settings/clusterSettings.js';
import { textSetting } from '../settings/userSetting.js';
import { askText, choose } from '../steps/questions.js';
import { next, pass, runSteps, type Step } from '../steps/runSteps.js';
import { unlinked } from '../unlinked.js';

/** What is asked before a snapshot is taken. */
interface Wish {
  readonly cluster: ClusterDefinition;
  readonly member?: MemberDefinition;
  readonly folder?: string;
  readonly file?: string;
}

/** Takes a snapshot: asks which member and where to, then streams it with progress. Returns its path when it was taken. */
export async function takeSnapshot(connect: ConnectMember, clusters: Clusters, wish: Wish): Promise<string | undefined> {
  const watch = clusters.watches.of(wish.cluster.name);
  const answered = await runSteps(vscode.l10n.t('Take Snapshot of {cluster}', { cluster: wish.cluster.name }), wish, [
    askMember(async () => { await watch?.refresh(); return watch?.members ?? []; }), askFile]);
  if (!answered?.member || answered.file === undefined) return undefined;
  const saved = await save(connect, answered.cluster, answered.member, answered.file);
  const { size, mtimeMs } = await stat(saved.path);
  await clusters.verdicts.remember(saved.path, { size, mtimeMs, at: new Date().toISOString(), outcome: 'received' });
  clusters.tree.refresh();
  void offerNextSteps(saved, answered.member);
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

const askFile: Step<Wish> = async (state, place) => {
  const folder = state.folder ?? snapshotFoldersOf(state.cluster)[0] ?? path.join(homedir(), 'etcd-snapshots');
  const name = snapshotName(textSetting('snapshotName', defaultSnapshotName),
    { cluster: state.cluster.name, member: state.member?.name ?? '', now: new Date().toISOString() });
  const answer = await askText(place, {
    prompt: vscode.l10n.t('Where to? The file holds every Secret of the cluster, unless Kubernetes encrypts them; only you will be able to read it.'),
    value: path.join(folder, name),
    refuse: refuseFile,
    browse: {
      label: vscode.l10n.t('Choose…'),
      open: async () => (await vscode.window.showSaveDialog({ defaultUri: vscode.Uri.file(path.join(folder, name)), filters: { etcd: ['db'] } }))?.fsPath,
    },
  });
  return answer.kind === 'next' ? next({ ...state, file: answer.state }) : answer;
};

async function refuseFile(file: string): Promise<string | undefined> {
  if (!path.isAbsolute(file)) return vscode.l10n.t('Give the whole path, from the root folder on.');
  if (!/^[A-Za-z0-9_][\w.-]{0,199}\.db$/.test(path.basename(file))) return vscode.l10n.t('The name must end in .db and hold only letters, digits, dots, dashes and underscores.');
  const exists = await access(file).then(() => true, () => false);
  return exists ? vscode.l10n.t('This file exists already; nothing is overwritten. Choose another name.') : undefined;
}

async function save(connect: ConnectMember, cluster: ClusterDefinition, member: MemberDefinition, file: string): Promise<SavedSnapshot> {
  const title = vscode.l10n.t('Taking a snapshot of {cluster} from {member}', { cluster: cluster.name, member: member.name });
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, cancellable: true, title: unlinked(title) }, async (progress, token) => {
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 }).catch((error: unknown) => {
      throw new KnownError('FILE_UNWRITABLE', { path: path.dirname(file), reason: textOf(error) });
    });
    const etcd = await connect(endpointOf(cluster, member));
    let percent = 0;
    try {
      return await saveSnapshot(etcd, file, {
        // The bundles lie side by side.
        workerDir: __dirname,
        signal: abortSignal(token),
        onProgress: ({ receivedBytes, totalBytes }) => {
          const reached = totalBytes === undefined ? 0 : receivedBytes / totalBytes * 100;
          progress.report({ increment: reached - percent, message: totalBytes === undefined ? '' : vscode.l10n.t('{received} of {total}', { received: humanBytes(receivedBytes), total: humanBytes(totalBytes) }) });
          percent = reached;
        },
      });
    } finally {
      etcd.close();
    }
  });
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
