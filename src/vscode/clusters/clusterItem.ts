import * as vscode from 'vscode';
import { hexId } from '../../core/cluster/status.js';
import { humanBytes } from '../../core/cluster/humanBytes.js';
import { newestMemberList } from '../../core/cluster/statusTables.js';
import { summarizeCluster, summarizeMembers, type ClusterState, type ClusterSummary, type MemberState, type MemberSummary } from '../../core/cluster/summary.js';
import { sentence } from '../words/index.js';
import { icon, plain } from './look.js';
import type { ClusterNode, MemberNode } from './node.js';
import type { Watches } from './watches.js';

/** etcd itself sends a whole snapshot to a follower 5000 entries behind; a fifth of that is worth a word. */
const noticeableLag = 1000n;

/** The line of a cluster: how many members are healthy, and the version they run. */
export function clusterItem({ id, cluster }: ClusterNode, watches: Watches): vscode.TreeItem {
  const members = watches.of(cluster.name)?.members ?? [];
  const summary = summarizeCluster(members);
  const item = new vscode.TreeItem(cluster.name, vscode.TreeItemCollapsibleState.Expanded);
  item.id = id;
  const state = clusterWord(summary);
  item.description = [state, summary.versions.join(', ')].filter(text => text !== '').join(' · ');
  item.iconPath = clusterIcon(summary.state);
  item.contextValue = 'cluster';
  const list = newestMemberList(members);
  item.tooltip = markdown(cluster.name, state, [
    [vscode.l10n.t('Version'), summary.versions.join(', ')],
    [vscode.l10n.t('Cluster id'), list ? hexId(list.clusterId) : ''],
    [vscode.l10n.t('Run as'), runWord(cluster.run)],
    [vscode.l10n.t('Not in the settings'), summary.unknown.join(', ')],
    [vscode.l10n.t('Not in the member list'), summary.missing.join(', ')],
  ]);
  item.accessibilityInformation = { label: vscode.l10n.t('Cluster {name}, {state}', { name: cluster.name, state }) };
  return item;
}

/** The line of a member: its role, version, size of the database, and lag where it matters. */
export function memberItem({ id, cluster, member }: MemberNode, watches: Watches): vscode.TreeItem {
  const members = watches.of(cluster.name)?.members ?? [];
  const at = members.findIndex(observed => observed.member.name === member.name);
  const summary = summarizeMembers(members)[at] ?? { state: 'asking', role: 'unknown', lag: 0n };
  const observation = members[at]?.observation;
  const reason = observation?.kind === 'unreachable' ? sentence(observation.error)
    : summary.answer?.health?.healthy === false ? sentence(summary.answer.health.reason) : '';
  const item = new vscode.TreeItem(member.name, vscode.TreeItemCollapsibleState.None);
  item.id = id;
  item.description = memberDescription(summary);
  item.iconPath = memberIcon(summary);
  item.contextValue = 'member';
  item.tooltip = markdown(member.name, memberWord(summary.state), memberFacts(summary, member.clientUrls[0] ?? ''), reason);
  item.accessibilityInformation = { label: vscode.l10n.t('Member {name}, {state}, {details}', { name: member.name, state: memberWord(summary.state), details: item.description }) };
  return item;
}

const memberFacts = ({ answer, lag }: MemberSummary, endpoint: string): readonly Fact[] => [
  [vscode.l10n.t('Endpoint'), endpoint],
  ...answer ? [
    [vscode.l10n.t('Member id'), hexId(answer.status.memberId)],
    [vscode.l10n.t('Version'), answer.status.version],
    [vscode.l10n.t('Database'), vscode.l10n.t('{size}, {used} in use', { size: humanBytes(answer.status.dbSize), used: humanBytes(answer.status.dbSizeInUse) })],
    [vscode.l10n.t('Revision'), answer.status.revision.toString()],
    [vscode.l10n.t('Behind the leader'), vscode.l10n.t('{count} entries', { count: lag.toString() })],
    [vscode.l10n.t('Errors'), answer.status.errors.join(', ')],
  ] satisfies readonly Fact[] : [],
];

type Fact = readonly [label: string, value: string];

function markdown(name: string, state: string, facts: readonly Fact[], reason = ''): vscode.MarkdownString {
  const rows = facts.filter(([, value]) => value !== '').map(([label, value]) => `| ${plain(label)} | ${plain(value)} |`);
  return new vscode.MarkdownString([`**${plain(name)}** — ${plain(state)}`, ...reason === '' ? [] : ['', plain(reason)], '', '| | |', '| --- | --- |', ...rows].join('\n'));
}

/** What a line says of a member after its name. */
export function memberDescription({ state, role, lag, answer }: MemberSummary): string {
  if (!answer) return memberWord(state);
  const { status } = answer;
  return [
    ...role === 'leader' || role === 'learner' ? [roleWord(role)] : [],
    ...state === 'unhealthy' || state === 'alarm' ? [memberWord(state)] : [],
    status.version,
    humanBytes(status.dbSize),
    ...lag >= noticeableLag ? [vscode.l10n.t('{count} entries behind', { count: lag.toString() })] : [],
  ].join(' · ');
}

const roleWord = (role: 'leader' | 'learner'): string => role === 'leader' ? vscode.l10n.t('leader') : vscode.l10n.t('learner');

function memberWord(state: MemberState): string {
  switch (state) {
    case 'asking': return vscode.l10n.t('asking…');
    case 'unreachable': return vscode.l10n.t('unreachable');
    case 'unhealthy': return vscode.l10n.t('no quorum');
    case 'alarm': return vscode.l10n.t('alarm');
    case 'healthy': return vscode.l10n.t('healthy');
  }
}

function memberIcon({ state, role }: MemberSummary): vscode.ThemeIcon {
  switch (state) {
    case 'asking': return icon('loading~spin');
    case 'unreachable': return icon('debug-disconnect', 'list.errorForeground');
    case 'unhealthy': return icon('warning', 'list.warningForeground');
    case 'alarm': return icon('bell-dot', 'list.errorForeground');
    case 'healthy': return icon(role === 'leader' ? 'star-full' : role === 'learner' ? 'mortar-board' : 'circle-filled', 'testing.iconPassed');
  }
}

/** The state of a cluster in words. */
export function clusterWord({ state, healthy, total }: ClusterSummary): string {
  switch (state) {
    case 'asking': return vscode.l10n.t('asking…');
    case 'unreachable': return vscode.l10n.t('no member answers');
    case 'noQuorum': return vscode.l10n.t('no quorum');
    case 'split': return vscode.l10n.t('members of different clusters');
    case 'degraded': return vscode.l10n.t('{healthy} of {total} healthy', { healthy, total });
    case 'healthy': return vscode.l10n.t('healthy');
  }
}

function clusterIcon(state: ClusterState): vscode.ThemeIcon {
  switch (state) {
    case 'asking': return icon('loading~spin');
    case 'unreachable': case 'noQuorum': case 'split': return icon('error', 'list.errorForeground');
    case 'degraded': return icon('warning', 'list.warningForeground');
    case 'healthy': return icon('pass-filled', 'testing.iconPassed');
  }
}

/** How etcd is run, in words. */
export function runWord(run: ClusterNode['cluster']['run']): string {
  switch (run) {
    case 'staticPod': return vscode.l10n.t('static pod');
    case 'systemd': return vscode.l10n.t('systemd service');
    case 'commands': return vscode.l10n.t('your own commands');
  }
}
