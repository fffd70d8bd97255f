import '../base.css';
import './status.css';
import { pageState, statusProtocol, type PageState, type Shown, type ShownTable, type Sort } from '../../src/panel/status.js';
import { parseMessage } from '../../src/panel/protocol.js';
import { announce, button, byId, h } from '../dom.js';
import { connectHost } from '../host.js';
import { tableElement } from './table.js';

const root = byId('root');
const host = connectHost(statusProtocol, show);
let last: Shown | undefined;

function show(shown: Shown): void {
  const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset['focus'] : undefined;
  const scrolled = [...document.querySelectorAll('.scroll')].map(element => element.scrollLeft);
  last = shown;
  root.replaceChildren(header(shown), ...shown.tables.map(table => section(shown, table)));
  // The page is drawn anew with each answer; whoever uses the keyboard stays where they are.
  if (focused !== undefined) document.querySelector<HTMLElement>(`[data-focus="${CSS.escape(focused)}"]`)?.focus();
  document.querySelectorAll('.scroll').forEach((element, at) => { element.scrollLeft = scrolled[at] ?? 0; });
}

const sorts = (): PageState => parseMessage(pageState, host.state()) ?? {};

function header({ words, cluster, summary, tone, asked }: Shown): HTMLElement {
  return h('header', { class: 'row spread' },
    h('div', {},
      h('h1', {}, cluster),
      h('p', { class: 'summary' }, h('span', { class: `dot ${tone}`, 'aria-hidden': 'true' }), summary, h('span', { class: 'muted' }, ` · ${asked}`))),
    h('div', { class: 'row' },
      button(words.refresh, () => host.post({ type: 'refresh' }), { 'data-focus': 'refresh' }),
      button(words.exportJson, () => host.post({ type: 'export' }), { 'data-focus': 'export' })));
}

function section({ words }: Shown, table: ShownTable): HTMLElement {
  const title = words[table.id], sort = sorts()[table.id];
  const copy = (format: 'text' | 'markdown', label: string): HTMLButtonElement =>
    button(label, () => host.post({ type: 'copy', table: table.id, format, ...sort && { sort } }),
      { class: 'link', 'aria-label': `${label}: ${title}`, 'data-focus': `${table.id}-${format}` });
  return h('section', { 'aria-labelledby': `${table.id}-title` },
    h('div', { class: 'row spread' },
      h('h2', { id: `${table.id}-title` }, title),
      h('div', { class: 'row' }, copy('text', words.copyText), copy('markdown', words.copyMarkdown))),
    table.rows.length === 0 ? h('p', { class: 'muted' }, words.empty)
      : h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-labelledby': `${table.id}-title` }, tableElement(table, title, sort, column => sortBy(table, column))));
}

/** Ascending, descending, then the order of the members again. */
function sortBy(table: ShownTable, column: number): void {
  const before = sorts()[table.id];
  const after: Sort | undefined = before?.column !== column ? { column, direction: 'ascending' }
    : before.direction === 'ascending' ? { column, direction: 'descending' } : undefined;
  const others = Object.fromEntries(Object.entries(sorts()).filter(([id]) => id !== table.id));
  host.keep({ ...others, ...after && { [table.id]: after } });
  if (!last) return;
  show(last);
  const name = table.columns[column] ?? '', { words } = last;
  announce(`${name}: ${after ? after.direction === 'ascending' ? words.sortedAscending : words.sortedDescending : words.unsorted}`);
}
