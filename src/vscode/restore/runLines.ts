import * as vscode from 'vscode';
import type { ClusterDefinition } from '../../core/cluster/definition.js';
import { isOpen, standing, type RunRecord } from '../../core/journal.js';
import { age, moment } from '../age.js';
import { icon } from '../clusters/look.js';
import type { ClusterChildren, ExtraNode } from '../clusters/node.js';
import type { World } from '../world.js';

/** The lines in the tree for a cluster's runs: every interrupted one, and the newest finished one, which can be taken back. */
export class RunLines implements ClusterChildren, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<string>();
  private readonly world: World;
  /** The run that this window works on, by cluster: of those on hosts behind SSH nothing on this machine tells. */
  private readonly working = new Map<string, string>();
  readonly onDidChange = this.changed.event;

  constructor(world: World) {
    this.world = world;
  }

  refresh(cluster: string, working: string | undefined): void {
    if (working === undefined) this.working.delete(cluster);
    else this.working.set(cluster, working);
    this.changed.fire(cluster);
  }

  async of(cluster: ClusterDefinition): Promise<readonly ExtraNode[]> {
    const { isUnderWay, journalFolders, runsIn } = await import('./runs.lazy.js');
    const runs = (await runsIn(journalFolders(this.world.context.globalStorageUri.fsPath, [cluster]))).filter(({ opening }) => opening.plan.cluster === cluster.name);
    const finished = runs.find(({ entries }) => standing(entries) === 'finished');
    return Promise.all(runs.filter(record => isOpen(record) || record === finished).map(async record =>
      line(record, this.working.get(cluster.name) === record.opening.plan.run || await isUnderWay(record))));
  }

  dispose(): void {
    this.changed.dispose();
  }
}

function line({ opening, entries }: RunRecord, underWay: boolean): ExtraNode {
  const { run, cluster } = opening.plan;
  const where = standing(entries);
  const label = where === 'finished' ? vscode.l10n.t('Restored')
    : where === 'takingBack' ? underWay ? vscode.l10n.t('Taking a restore back') : vscode.l10n.t('Taking back not finished')
    : underWay ? vscode.l10n.t('Restore under way') : vscode.l10n.t('Restore not finished');
  const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.None);
  item.id = `run:${cluster}:${run}`;
  item.description = age(Date.parse(opening.at), Date.now());
  item.tooltip = vscode.l10n.t('Begun {time} by {by}', { time: moment(Date.parse(opening.at)), by: opening.by });
  item.iconPath = where === 'finished' ? icon('history') : underWay ? icon('sync~spin') : icon('debug-pause', 'list.warningForeground');
  item.contextValue = 'run';
  item.command = { command: 'etcdRecovery.openRun', title: vscode.l10n.t('Open Restore'), arguments: [run] };
  item.accessibilityInformation = { label: `${label}, ${item.description}` };
  return { kind: 'extra', id: item.id, item };
}
