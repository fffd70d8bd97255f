import { markdownCode, markdownText, renderMarkdown } from '../../core/cluster/renderTable.js';
import type { RestoreShown, ShownTable } from '../../panel/restore.js';

/** The panel as Markdown, for a ticket or a colleague. */
export const restoreMarkdown = (shown: RestoreShown): string => [
  `# ${markdownText(shown.heading)}`, '', markdownText(shown.lead), '',
  ...shown.notices.flatMap(({ text }) => [`> ${markdownText(text)}`, '']),
  ...shown.facts.map(({ label, value, mono }) => `- ${label}: ${mono ? markdownCode(value) : markdownText(value)}`), '',
  ...shown.tables.flatMap(table => [`## ${table.caption}`, '', ...tableLines(table), '']),
  ...shown.stages.length > 0 ? [`## ${shown.stagesTitle}`, ''] : [],
  ...shown.stages.flatMap(({ title, steps }, at) => [
    `${at + 1}. ${markdownText(title)}`,
    ...steps.flatMap(step => [`   - [${step.state === 'done' ? 'x' : ' '}] ${markdownText(step.title)}${step.note === '' ? '' : ` (${markdownText(step.note)})`}`, ...step.commands.map(line => `     ${markdownCode(line)}`), ...step.failure === undefined ? [] : [`     ${markdownText(step.failure)}`]]),
  ]), '',
].join('\n');

const tableLines = ({ columns, rows }: ShownTable): readonly string[] =>
  renderMarkdown({ columns, rows: rows.map(cells => cells.map(text => ({ text }))) }).trimEnd().split('\n');
