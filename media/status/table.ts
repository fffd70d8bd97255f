import type { ShownTable, Sort } from '../../src/panel/status.js';
import { button, h } from '../dom.js';

/** A table whose headings sort it, by mouse and keyboard. */
export function tableElement(table: ShownTable, caption: string, sort: Sort | undefined, sortBy: (column: number) => void): HTMLTableElement {
  const rows = sort ? table.rows.toSorted((a, b) => place(a, sort) - place(b, sort)) : table.rows;
  return h('table', {},
    h('caption', { class: 'visually-hidden' }, caption),
    h('thead', {}, h('tr', {}, ...table.columns.map((name, column) => heading(table, name, column, sort, sortBy)))),
    h('tbody', {}, ...rows.map(row => h('tr', {}, ...cellsOf(table, row)))));
}

/** A member without an answer has a reason in place of its values. */
function cellsOf(table: ShownTable, row: ShownTable['rows'][number]): readonly HTMLElement[] {
  const cells = row.cells.map((cell, column) => h(column === 0 ? 'th' : 'td', {
    ...column === 0 && { scope: 'row' },
    class: [cell.numeric ? 'number' : '', cell.tone, looksLikeCode(table, column) ? 'mono' : ''].join(' ').trim(),
  }, cell.text));
  return row.reason === undefined ? cells : [...cells.slice(0, 1), h('td', { colspan: String(row.cells.length - 1), class: 'bad' }, h('span', {}, row.reason))];
}

const place = (row: ShownTable['rows'][number], sort: Sort): number => {
  const cell = row.cells[sort.column];
  return (sort.direction === 'ascending' ? cell?.up : cell?.down) ?? 0;
};

const looksLikeCode = (table: ShownTable, column: number): boolean => ['ID', 'ENDPOINT', 'PEER ADDRS', 'CLIENT ADDRS'].includes(table.columns[column] ?? '');

function heading(table: ShownTable, name: string, column: number, sort: Sort | undefined, sortBy: (column: number) => void): HTMLElement {
  const direction = sort?.column === column ? sort.direction : undefined;
  const press = button(name, () => sortBy(column), { class: 'heading', 'data-focus': `${table.id}-column-${column}` });
  press.append(h('span', { class: 'arrow', 'aria-hidden': 'true' }, direction === 'ascending' ? '▲' : direction === 'descending' ? '▼' : ''));
  const numeric = table.rows.some(row => row.cells[column]?.numeric === true);
  return h('th', { scope: 'col', 'aria-sort': direction ?? 'none', class: numeric ? 'number' : undefined }, press);
}
