import * as vscode from 'vscode';
import type { RunRecord } from '../../core/journal.js';
import type { Clusters } from '../clusters/index.js';
import type { ClusterChildren } from '../clusters/node.js';
import { nodeOf } from '../clusters/node.js';
import { pickCluster } from '../clusters/pickCluster.js';
import { fetchedFrom } from '../snapshots/index.js';
import { unlinked } from '../unlinked.js';
import type { World } from '../world.js';
import { RestorePanels } from './restorePanels.js';
import { RunLines } from './runLines.js';

/** The lines of runs below a cluster; made before the tree that shows them. */
export const runLines = (world: World): RunLines & ClusterChildren => new RunLines(world);

/** Registers restore, resume and take back; tells at the start of a run that was interrupted. */
export function registerRestore(world: World, clusters: Clusters, lines: RunLines): void {
  const panels = new RestorePanels(world, clusters, (cluster, working) => { lines.refresh(cluster, working); });
  world.context.subscriptions.push(panels, lines);
  world.trustedCommand('etcdRecovery.restore', async argument => {
    const node = nodeOf(clusters.tree, argument, 'cluster', 'folder', 'snapshot', 'hostFolder', 'hostSnapshot');
    const cluster = node?.cluster ?? await pickCluster(clusters.settings, vscode.l10n.t('Restore which cluster?'));
    if (!cluster) return;
    const { pickSnapshot } = await import('./pickSnapshot.lazy.js');
    const snapshot = node?.kind === 'snapshot' ? node.entry.path : node?.kind === 'hostSnapshot' ? await fetchedFrom(world, clusters, node) : await pickSnapshot(cluster, clusters.verdicts);
    if (snapshot !== undefined) await panels.open({ cluster, snapshot, insists: [] });
  });
  world.trustedCommand('etcdRecovery.openRun', async argument => {
    const { runs } = await listRuns(clusters, world);
    const record = runs.find(({ opening }) => opening.plan.run === argument);
    // A line may be older than what it stands for: then the person chooses among those there are.
    const chosen = record ?? await choose(world, clusters, runs);
    if (chosen !== undefined) await panels.open(chosen);
  });
  world.trustedCommand('etcdRecovery.resumeRestore', async () => {
    const record = await choose(world, clusters, (await listRuns(clusters, world)).runs);
    if (record !== undefined) await panels.open(record);
  });
  void world.attempt(() => tellInterrupted(clusters, world));
}

const choose = async (world: World, clusters: Clusters, runs: readonly RunRecord[]): Promise<RunRecord | undefined> =>
  (await import('./pickRun.lazy.js')).pickRun(world, clusters.settings, runs);

async function listRuns(clusters: Clusters, world: World): Promise<{ readonly runs: readonly RunRecord[]; readonly interrupted: readonly RunRecord[] }> {
  const { isInterrupted, journalFolders, runsIn } = await import('./runs.lazy.js');
  const runs = await runsIn(journalFolders(world.context.globalStorageUri.fsPath, clusters.settings.definitions));
  const interrupted = await Promise.all(runs.map(isInterrupted));
  return { runs, interrupted: runs.filter((_, at) => interrupted[at]) };
}

/** One notification for what waits; the tree shows it as well. */
async function tellInterrupted(clusters: Clusters, world: World): Promise<void> {
  if (!vscode.workspace.isTrusted) return;
  const [first] = (await listRuns(clusters, world)).interrupted;
  if (first === undefined) return;
  const { cluster, run } = first.opening.plan;
  const look = vscode.l10n.t('Open');
  const pressed = await vscode.window.showWarningMessage(unlinked(vscode.l10n.t('A restore of {cluster} was interrupted. It can be resumed or taken back.', { cluster })), look);
  if (pressed === look) await vscode.commands.executeCommand('etcdRecovery.openRun', run);
}
