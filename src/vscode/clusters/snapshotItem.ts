import * as vscode from 'vscode';
import { humanBytes } from '../../core/cluster/humanBytes.js';
import { hostFoldersOf } from '../../core/snapshot/hostSnapshots.js';
import type { SnapshotEntry } from '../../core/snapshot/snapshotEntry.js';
import { age, moment } from '../age.js';
import { onHost } from '../snapshots/onHost.js';
import type { Verdict } from '../snapshots/verdicts.js';
import { icon, plain } from './look.js';
import type { HostSnapshotNode, SnapshotNode } from './node.js';

/** The line of a snapshot: size, age, and what is known of it. Opening it verifies it. */
export function snapshotItem(node: SnapshotNode, verdict: Verdict | undefined, now: number): vscode.TreeItem {
  const item = lineOf(node, verdict, now);
  item.contextValue = node.entry.partial ? 'partialSnapshot' : hostFoldersOf(node.cluster).length > 0 ? 'snapshotHosts' : 'snapshot';
  item.command = { command: 'etcdRecovery.openSnapshot', title: vscode.l10n.t('Verify Snapshot'), arguments: [node] };
  return item;
}

/** The line of a snapshot on a host. A click does nothing: it would fetch the whole file. */
export function hostSnapshotItem(node: HostSnapshotNode, verdict: Verdict | undefined, now: number): vscode.TreeItem {
  const { place: { host }, entry } = node;
  const item = lineOf({ ...node, entry: onHost(host, entry) }, verdict, now);
  item.contextValue = entry.partial ? 'partialHostSnapshot' : 'hostSnapshot';
  item.accessibilityInformation = { label: vscode.l10n.t('Snapshot {name} on {host}, {details}', { name: entry.name, host, details: String(item.description) }) };
  return item;
}

function lineOf({ id, cluster, entry }: Pick<SnapshotNode, 'id' | 'cluster' | 'entry'>, verdict: Verdict | undefined, now: number): vscode.TreeItem {
  const item = new vscode.TreeItem(shortName(entry.name, cluster.name), vscode.TreeItemCollapsibleState.None);
  const state = stateWord(entry, verdict);
  item.id = id;
  item.description = [humanBytes(entry.size), age(entry.mtimeMs, now), state].join(' · ');
  item.iconPath = stateIcon(entry, verdict);
  item.tooltip = new vscode.MarkdownString([
    `**${plain(entry.name)}** — ${plain(state)}`, '',
    plain(stateSentence(entry, verdict)), '',
    `${plain(moment(entry.mtimeMs))} · ${plain(humanBytes(entry.size))}`,
    ...verdict?.revision === undefined ? [] : ['', plain(vscode.l10n.t('Revision {revision}', { revision: verdict.revision }))],
    '', plain(entry.path),
  ].join('\n'));
  item.accessibilityInformation = { label: vscode.l10n.t('Snapshot {name}, {details}', { name: entry.name, details: item.description }) };
  return item;
}

/** The side bar is narrow and the cluster stands above: its name is left out in front of the rest. */
const shortName = (name: string, cluster: string): string =>
  name.startsWith(`${cluster}-`) && name.length > cluster.length + 4 ? name.slice(cluster.length + 1) : name;

function stateWord(entry: SnapshotEntry, verdict: Verdict | undefined): string {
  if (entry.partial) return vscode.l10n.t('interrupted');
  switch (verdict?.outcome) {
    case undefined: return vscode.l10n.t('not verified');
    case 'received': return vscode.l10n.t('sha256 compared');
    case 'verified': return vscode.l10n.t('verified');
    case 'unsealed': return vscode.l10n.t('verified, no sha256');
    case 'refused': return vscode.l10n.t('do not use');
  }
}

function stateIcon(entry: SnapshotEntry, verdict: Verdict | undefined): vscode.ThemeIcon {
  if (entry.partial) return icon('circle-slash', 'list.warningForeground');
  switch (verdict?.outcome) {
    case undefined: return icon('question', 'disabledForeground');
    case 'received': return icon('pass', 'testing.iconPassed');
    case 'verified': return icon('verified-filled', 'testing.iconPassed');
    case 'unsealed': return icon('verified', 'list.warningForeground');
    case 'refused': return icon('error', 'list.errorForeground');
  }
}

function stateSentence(entry: SnapshotEntry, verdict: Verdict | undefined): string {
  if (entry.partial) return vscode.l10n.t('A download that did not finish. It cannot be restored; if no snapshot is being taken now, it can be deleted.');
  const when = verdict ? moment(Date.parse(verdict.at)) : '';
  switch (verdict?.outcome) {
    case undefined: return vscode.l10n.t('Nobody has verified this file yet, or it has changed since.');
    case 'received': return vscode.l10n.t('Its sha256 was compared with what the member sent when it was taken, {when}. Verify also reads every page and value.', { when });
    case 'verified': return vscode.l10n.t('sha256, structure and every value were verified {when}.', { when });
    case 'unsealed': return vscode.l10n.t('Structure and every value were verified {when}, but the file ends in no sha256: nothing vouches for the values.', { when });
    case 'refused': return vscode.l10n.t('It was found damaged {when}. Verify it again for the reason.', { when });
  }
}
