import '../base.css';
import './restore.css';
import { restoreProtocol, type RestoreShown, type ShownAction, type ShownFact, type ShownNotice, type ShownStage, type ShownStep, type ShownTable } from '../../src/panel/restore.js';
import { announce, button, byId, h } from '../dom.js';
import { connectHost } from '../host.js';

const root = byId('root');
const host = connectHost(restoreProtocol, show);
let last: RestoreShown | undefined;
// It does not bubble; a step may be opened by itself, too.
root.addEventListener('toggle', labelToggle, { capture: true });

function show(shown: RestoreShown): void {
  const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset['focus'] : undefined;
  const opened = new Set([...document.querySelectorAll<HTMLDetailsElement>('details[open]')].map(({ id }) => id));
  root.replaceChildren(
    h('header', { class: 'stack' },
      h('h1', {}, shown.heading),
      h('p', { class: `lead ${shown.tone}` }, shown.lead),
      shown.busy && busy(shown.busy),
      shown.actions.length > 0 ? h('div', { class: 'row actions' }, ...shown.actions.map(each => action(each, shown.digest))) : undefined),
    ...shown.notices.map(notice),
    ...shown.tables.map(table),
    shown.stages.length > 0 ? plan(shown) : '',
    shown.facts.length > 0 ? h('section', {}, h('dl', { class: 'facts' }, ...shown.facts.flatMap(fact))) : '');
  for (const id of opened) document.getElementById(id)?.setAttribute('open', '');
  const { lead } = last ?? { lead: '' };
  last = shown;
  labelToggle();
  // The page is drawn anew with each step; whoever uses the keyboard stays where they are.
  if (focused !== undefined) document.querySelector<HTMLElement>(`[data-focus="${CSS.escape(focused)}"]`)?.focus();
  if (shown.lead !== lead) announce(shown.lead);
}

function busy({ text, fraction }: { readonly text: string; readonly fraction: number }): HTMLElement {
  const bar = h('progress', { 'aria-label': text, max: '1', ...fraction < 0 ? {} : { value: String(fraction) } });
  return h('div', { class: 'busy' }, h('p', { class: 'muted' }, text), bar);
}

const action = ({ id, label, look }: ShownAction, digest: string): HTMLElement =>
  button(label, () => host.post({ type: 'act', action: id, digest }), { class: look === 'plain' ? '' : look, 'data-focus': id, 'data-action': id });

const notice = ({ tone, text }: ShownNotice): HTMLElement => h('p', { class: `notice ${tone}` }, text);

const table = ({ caption, columns, rows }: ShownTable): HTMLElement => h('section', {},
  h('h2', {}, caption),
  h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': caption },
    h('table', {}, h('caption', { class: 'visually-hidden' }, caption),
      h('thead', {}, h('tr', {}, ...columns.map(column => h('th', { scope: 'col' }, column)))),
      h('tbody', {}, ...rows.map(([first = '', ...rest]) => h('tr', {}, h('th', { scope: 'row' }, first), ...rest.map(cell => h('td', { class: 'mono' }, cell))))))));

const plan = (shown: RestoreShown): HTMLElement => h('section', { 'aria-labelledby': 'plan-title' },
  h('div', { class: 'row spread' }, h('h2', { id: 'plan-title' }, shown.stagesTitle), toggle()),
  shown.stagesHint === '' ? undefined : h('p', { class: 'muted' }, shown.stagesHint),
  h('ol', { class: 'stages' }, ...shown.stages.map(stage)));

const commands = (): HTMLDetailsElement[] => [...root.querySelectorAll('details')];

/** Opens every step's commands, or closes them when all are open. */
const toggle = (): HTMLElement => button('', () => {
  const open = commands().some(element => !element.open);
  for (const element of commands()) element.open = open;
}, { class: 'link', 'data-focus': 'commands' });

/** Its words follow from what is open, since the page is drawn anew while steps stay open. */
function labelToggle(): void {
  const press = root.querySelector('[data-focus="commands"]');
  if (press !== null && last !== undefined) press.textContent = commands().some(element => !element.open) ? last.showCommands : last.hideCommands;
}

function stage({ id, title, steps }: ShownStage): HTMLElement {
  return h('li', { class: `stage ${stateOf(steps)}`, 'data-stage': id }, h('h3', {}, title), h('ul', { class: 'steps' }, ...steps.map(step)));
}

/** A stage is done when all its steps are; one that failed shows at once. */
function stateOf(steps: readonly ShownStep[]): ShownStep['state'] {
  if (steps.some(({ state }) => state === 'failed')) return 'failed';
  if (steps.every(({ state }) => state === 'done')) return 'done';
  return steps.some(({ state }) => state !== 'waiting') ? 'begun' : 'waiting';
}

const marks = { waiting: '○', begun: '◐', done: '✓', failed: '✗' } as const;

function step({ id, title, state, stateWord, note, commands, undo, failure }: ShownStep): HTMLElement {
  const line = [
    h('span', { class: `mark ${state}`, 'aria-hidden': 'true' }, marks[state]), h('span', { class: 'visually-hidden' }, `${stateWord}: `),
    h('span', { class: 'title' }, title), h('span', { class: 'muted note' }, note)];
  const details = [...commands.map(text => h('pre', { class: 'mono', tabindex: '0' }, text)), undo === '' ? undefined : h('p', { class: 'muted undo' }, undo)];
  const body = commands.length === 0 && undo === '' ? h('div', { class: 'line' }, ...line)
    : h('details', { id: `step-${id}` }, h('summary', { class: 'line', 'data-focus': `step-${id}` }, ...line), h('div', { class: 'commands' }, ...details));
  return h('li', { class: `step ${state}`, 'data-step': id, 'data-state': state }, body, failure === undefined ? undefined : h('p', { class: 'notice bad', role: 'alert' }, failure));
}

const fact = ({ label, value, mono }: ShownFact): readonly HTMLElement[] => [h('dt', {}, label), h('dd', { class: mono ? 'mono' : '' }, value)];
