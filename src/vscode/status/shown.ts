import * as vscode from 'vscode';
import type { ObservedMember } from '../../core/cluster/observation.js';
import { hexId } from '../../core/cluster/status.js';
import { endpointStatusTable, memberListTable, newestMemberList } from '../../core/cluster/statusTables.js';
import { summarizeCluster, type ClusterState } from '../../core/cluster/summary.js';
import { sortedIndexes, type Table } from '../../core/cluster/table.js';
import type { Shown, ShownTable, StatusWords, TableId } from '../../panel/status.js';
import { clusterWord } from '../clusters/clusterItem.js';
import { sentence } from '../words/index.js';

/** Why a member has no line of its own in the table: the sentence, for its ERRORS. */
export const reasonOf = ({ observation }: ObservedMember): string =>
  observation.kind === 'unreachable' ? sentence(observation.error) : observation.kind === 'asking' ? vscode.l10n.t('asking…') : '';

/** The two tables of etcdctl for what is observed now. */
export const tablesOf = (members: readonly ObservedMember[]): Readonly<Record<TableId, Table>> => ({
  members: memberListTable(newestMemberList(members)),
  endpoints: endpointStatusTable(members, reasonOf),
});

/** Everything the page shows. */
export function shown(cluster: string, members: readonly ObservedMember[], asked: string): Shown {
  const tables = tablesOf(members), summary = summarizeCluster(members), list = newestMemberList(members);
  const parts = [clusterWord(summary), summary.versions.length > 0 ? `etcd ${summary.versions.join(', ')}` : '',
    list ? vscode.l10n.t('cluster id {id}', { id: hexId(list.clusterId) }) : ''];
  return {
    type: 'show', words: words(), cluster, asked, tone: tone(summary.state),
    summary: parts.filter(part => part !== '').join(' · '),
    tables: [shownTable('members', tables.members, members), shownTable('endpoints', tables.endpoints, members)],
  };
}

/** Precomputes each row's place for every column and direction: the page sorts nothing but integers. */
function shownTable(id: TableId, table: Table, members: readonly ObservedMember[]): ShownTable {
  const places = (direction: 'ascending' | 'descending'): readonly ReadonlyMap<number, number>[] =>
    table.columns.map((_, column) => new Map(sortedIndexes(table, { column, direction }).map((row, place) => [row, place])));
  const up = places('ascending'), down = places('descending');
  return {
    id, columns: [...table.columns],
    rows: table.rows.map((row, at) => ({
      ...id === 'endpoints' && members[at]?.observation.kind === 'unreachable' && { reason: reasonOf(members[at]) },
      cells: row.map((cell, column) => ({
        text: cell.text, up: up[column]?.get(at) ?? 0, down: down[column]?.get(at) ?? 0,
        numeric: cell.order !== undefined && table.columns[column] !== 'ID',
        tone: toneOfCell(table.columns[column], cell.text, id === 'endpoints' ? members[at] : undefined),
      })),
    })),
  };
}

const toneOfCell = (column: string | undefined, text: string, member: ObservedMember | undefined): 'plain' | 'ok' | 'bad' =>
  column === 'ERRORS' && text !== '' && member?.observation.kind !== 'asking' ? 'bad' : column === 'IS LEADER' && text === 'true' ? 'ok' : 'plain';

function tone(state: ClusterState): Shown['tone'] {
  switch (state) {
    case 'asking': return 'plain';
    case 'healthy': return 'ok';
    case 'degraded': return 'warn';
    case 'unreachable': case 'noQuorum': case 'split': return 'bad';
  }
}

const words = (): StatusWords => ({
  title: vscode.l10n.t('Member List and Endpoint Status'),
  members: vscode.l10n.t('Member list'),
  endpoints: vscode.l10n.t('Endpoint status'),
  copyText: vscode.l10n.t('Copy as Text'),
  copyMarkdown: vscode.l10n.t('Copy as Markdown'),
  exportJson: vscode.l10n.t('Export as JSON…'),
  refresh: vscode.l10n.t('Refresh'),
  empty: vscode.l10n.t('No member has told its list yet.'),
  sortedAscending: vscode.l10n.t('sorted ascending'),
  sortedDescending: vscode.l10n.t('sorted descending'),
  unsorted: vscode.l10n.t('in the order of the members'),
});
