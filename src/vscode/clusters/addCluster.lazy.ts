import * as vscode from 'vscode';
import { KnownError } from '../../core/errors.js';
import { runSteps, type Step } from '../steps/runSteps.js';
import { problemSentence } from '../words/cluster.js';
import type { World } from '../world.js';
import { askOtherHosts } from './addCluster/askHost.js';
import { askMembers } from './addCluster/askMembers.js';
import { askCommand, askDataDir, askName, askRunKind } from './addCluster/askRun.js';
import { askSource, fromUri } from './addCluster/askSource.js';
import { askTlsFile } from './addCluster/askTls.js';
import { definitionOf, problemsOf } from './addCluster/definitionOf.js';
import type { Draft } from './addCluster/draft.js';
import type { Clusters } from './index.js';

/**
 * Add Cluster: reads what there is, asks etcd for the other members, asks the person only for what neither can tell, and
 * writes the user's settings. `source` may be the URI of a manifest. Returns the name of the cluster that was added.
 */
export async function addCluster({ hosts, connect }: World, { settings }: Clusters, source: unknown): Promise<string | undefined> {
  const nothing: Draft = { members: [], endpoints: [] };
  const given = source instanceof vscode.Uri ? await fromUri(source) : undefined;
  const start: Step<Draft> = given ? () => Promise.resolve({ kind: 'pass' }) : async (_, place) => askSource(hosts, place);
  const existing = settings.definitions;
  const draft = await runSteps(vscode.l10n.t('Add Cluster'), given ?? nothing, [
    start, askTlsFile('caFile'), askTlsFile('certFile'), askTlsFile('keyFile'), askMembers(connect),
    askOtherHosts(hosts), askName(existing), askRunKind, askDataDir(existing), askCommand('start'), askCommand('stop'),
  ]);
  if (!draft) return undefined;
  const definition = definitionOf(draft);
  const [problem] = problemsOf(definition, existing);
  if (problem) throw new KnownError('INVALID_SETTING', { setting: 'etcdRecovery.clusters', reason: problemSentence(problem) });
  await settings.add(definition);
  await vscode.commands.executeCommand('etcdRecovery.clusters.focus');
  return definition.name;
}
