import * as vscode from 'vscode';
import type { ClusterDefinition } from '../../core/cluster/definition.js';
import { KnownError } from '../../core/errors.js';
import type { ClusterSettings } from '../settings/clusterSettings.js';
import { runWord } from './clusterItem.js';

/** Lets the person choose a cluster; a single one needs no question. `undefined`: they changed their mind. */
export async function pickCluster(settings: ClusterSettings, title: string): Promise<ClusterDefinition | undefined> {
  const { definitions } = settings;
  if (definitions.length === 0) throw new KnownError('NO_CLUSTER');
  if (definitions.length === 1) return definitions[0];
  const items = definitions.map(cluster => ({
    label: cluster.name, description: runWord(cluster.run), detail: cluster.members.map(member => member.clientUrls[0] ?? '').join(', '), cluster,
  }));
  return (await vscode.window.showQuickPick(items, { title, matchOnDetail: true }))?.cluster;
}
