import '../base.css';
import './report.css';
import { reportProtocol, type Report, type ReportSection } from '../../src/panel/report.js';
import { announce, button, byId, h } from '../dom.js';
import { connectHost } from '../host.js';

const host = connectHost(reportProtocol, show);

function show(report: Report): void {
  const { title, subtitle, verdict, progress, sections, actions } = report;
  byId('root').replaceChildren(
    h('header', { class: 'row spread' },
      h('div', {}, h('h1', {}, title), h('p', { class: 'muted mono' }, subtitle)),
      h('div', { class: 'row' }, ...actions.map(action =>
        button(action.label, () => host.post({ type: 'action', id: action.id }), { ...action.primary === true && { class: 'primary' } })))),
    h('p', { class: `verdict ${verdict.tone}` }, h('span', { class: 'mark', 'aria-hidden': 'true' }, marks[verdict.tone]), h('span', {}, verdict.text)),
    ...progress === undefined ? [] : [h('progress', { value: String(progress), max: '1', 'aria-label': verdict.text })],
    ...sections.filter(part => part.kind === 'notice').map(section),
    h('div', { class: 'facts' }, ...sections.filter(part => part.kind === 'facts').map(section)),
    ...sections.filter(part => part.kind === 'table').map(section));
  if (progress === undefined) announce(verdict.text);
}

const marks = { plain: '•', ok: '✓', warn: '!', bad: '✕' } as const;

function section(part: ReportSection): HTMLElement {
  switch (part.kind) {
    case 'notice': return h('p', { class: `notice ${part.tone}` }, part.text);
    case 'facts': return h('section', {}, h('h2', {}, part.heading), h('dl', {}, ...part.facts.flatMap(fact => [
      h('dt', {}, fact.label),
      h('dd', {}, h('span', { class: fact.code === true ? 'mono' : undefined }, fact.value), fact.hint === undefined ? undefined : h('span', { class: 'hint muted' }, fact.hint)),
    ])));
    case 'table': return h('section', {}, h('h2', {}, part.heading), tableOf(part));
  }
}

const tableOf = ({ heading, columns, rows }: Extract<ReportSection, { kind: 'table' }>): HTMLElement => {
  const look = (at: number): string | undefined => [columns[at]?.numeric === true ? 'number' : '', columns[at]?.code === true ? 'mono' : ''].join(' ').trim() || undefined;
  return h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': heading }, h('table', {},
    h('caption', { class: 'visually-hidden' }, heading),
    h('thead', {}, h('tr', {}, ...columns.map(column => h('th', { scope: 'col', class: column.numeric === true ? 'number' : undefined }, column.title)))),
    h('tbody', {}, ...rows.map(row => h('tr', {}, ...row.map((cell, at) => h('td', { class: look(at) }, cell)))))));
};
