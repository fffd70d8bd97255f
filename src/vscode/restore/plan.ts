import * as vscode from 'vscode';
import type { ClusterDefinition } from '../../core/cluster/definition.js';
import { KnownError } from '../../core/errors.js';
import type { RestoreChoice, RestoreFacts } from '../../core/restore/facts.js';
import { planRestore } from '../../core/restore/planRestore.js';
import { refuseByDefinition } from '../../core/restore/refuseByCluster.js';
import type { SnapshotReport } from '../../core/snapshot/report.js';
import { gatherFacts } from '../../node/restore/gatherFacts.js';
import { digestOf } from '../../node/restore/restoreRun.js';
import { snapshotReader } from '../../node/snapshot/snapshotReader.js';
import { randomBytes } from 'node:crypto';
import { toolFolders } from '../settings/clusterSettings.js';
import type { World } from '../world.js';
import { journalsFolder } from './machine.js';
import { runsIn } from './runs.lazy.js';
import type { RestoreState } from './state.js';
import { unfinishedRun } from './unfinished.js';

/** What is to be restored. */
export interface Wish {
  readonly cluster: ClusterDefinition;
  readonly snapshot: string;
  readonly insists: readonly 'OTHER_CLUSTER'[];
  readonly kubelets?: RestoreChoice['kubelets'];
}

/**
 * Verifies the snapshot, asks every member and host, and plans; each stage is told as it comes. A run that was not finished comes
 * before all of it: what it has left behind has to be gone on with, or taken back, before anything else can be restored.
 */
export async function plan(world: World, wish: Wish, signal: AbortSignal, tell: (state: RestoreState) => void, verified: (report: SnapshotReport) => unknown): Promise<RestoreState> {
  const { hosts, connect, context } = world;
  // Whether etcd is stopped is read from /proc: where there is none, everything would look stopped.
  if (process.platform !== 'linux' && wish.cluster.members.some(({ host }) => host === 'local')) throw new KnownError('UNSUPPORTED_PLATFORM', { platform: process.platform });
  // A host that cannot be reached can be asked nothing; and what cannot be restored here needs no minutes of reading first.
  const refusals = refuseByDefinition(wish.cluster);
  if (refusals.length > 0) return { phase: 'refused', refusals, mayInsist: false };
  tell({ phase: 'gathering', text: vscode.l10n.t('Looking for a restore that was not finished'), fraction: -1 });
  const unfinished = await unfinishedRun(world, wish.cluster, signal);
  if (unfinished !== undefined) return { phase: 'resting', record: unfinished };
  const reader = snapshotReader(__dirname);
  const verifying = vscode.l10n.t('Verifying the snapshot: sha256, structure and every value');
  tell({ phase: 'gathering', text: verifying, fraction: 0 });
  const report = await reader.verify(wish.snapshot, {
    signal, onProgress: ({ done, total }) => { tell({ phase: 'gathering', text: verifying, fraction: total > 0 ? done / total : -1 }); },
  });
  await verified(report);
  tell({ phase: 'gathering', text: vscode.l10n.t('Asking every member and host'), fraction: -1 });
  const sources = { hosts, connect, toolFolders: toolFolders(), lastRevision: (file: string) => reader.lastRevision(file, { signal }), earlierRuns: await runsIn([journalsFolder(context)]) };
  const facts = await gatherFacts(sources, wish.cluster, { path: wish.snapshot, report }, signal);
  return plannedFrom(facts, { run: newRun(), bump: 'auto', insists: wish.insists, ...wish.kubelets && { kubelets: wish.kubelets } });
}

/** Plans from facts that are known. */
export function plannedFrom(facts: RestoreFacts, choice: RestoreChoice): Extract<RestoreState, { readonly phase: 'preview' | 'refused' }> {
  const planned = planRestore(facts, choice);
  if ('plan' in planned) return { phase: 'preview', plan: planned.plan, digest: digestOf(planned.plan), facts, choice };
  return { phase: 'refused', refusals: planned.refusals, mayInsist: planned.refusals.every(({ code }) => code === 'SNAPSHOT_OF_OTHER_CLUSTER') };
}

/** When it was planned, in UTC, and a few random letters: unique, and sorts by time. */
const newRun = (): string => `${new Date().toISOString().replace(/[-:]|\.\d+/g, '').toLowerCase()}-${randomBytes(2).toString('hex')}`;
