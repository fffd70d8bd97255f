import type { Table } from './table.js';

const cellWidth = 30;
const tooLong = 1e5;

/**
 * A table exactly as `etcdctl -w table` prints it: titles in the middle, cells to the right, long cells broken at 30
 * characters (the defaults of tablewriter 0.0.5, which etcdctl uses with ALIGN_RIGHT).
 */
export function renderText({ columns, rows }: Table): string {
  const cells = rows.map(row => row.map(cell => wrap(cell.text)));
  const widths = columns.map((title, at) => Math.max(title.length, ...cells.flatMap(row => (row[at] ?? []).map(line => line.length))));
  const rule = `+${widths.map(width => '-'.repeat(width + 2)).join('+')}+`;
  const line = (texts: readonly string[]): string => `|${texts.map(text => ` ${text} `).join('|')}|`;
  const body = cells.flatMap(row => {
    const height = Math.max(...row.map(lines => lines.length));
    return Array.from({ length: height }, (_, n) => line(widths.map((width, at) => (row[at]?.[n] ?? '').padStart(width))));
  });
  return [rule, line(columns.map((title, at) => center(title, widths[at] ?? 0))), rule, ...body, ...body.length > 0 ? [rule] : []].join('\n') + '\n';
}

/** tablewriter leaves the odd blank on the right. */
const center = (text: string, width: number): string => {
  const left = Math.floor((width - text.length) / 2);
  return ' '.repeat(left) + text + ' '.repeat(width - text.length - left);
};

/** Breaks a text between words into lines with the least sum of squared unused places, as tablewriter does. */
function wrap(text: string): readonly string[] {
  const words = text.trim().split(/\s+/);
  const limit = Math.max(cellWidth, ...words.map(word => word.length));
  const best: { cost: number; end: number }[] = Array.from(words, () => ({ cost: Infinity, end: words.length }));
  for (let from = words.length - 1; from >= 0; from--) {
    if (words.slice(from).join(' ').length <= limit) { best[from] = { cost: 0, end: words.length }; continue; }
    for (let end = from + 1; end < words.length; end++) {
      const width = words.slice(from, end).join(' ').length;
      const cost = (limit - width) ** 2 + (best[end]?.cost ?? 0) + (width > limit ? tooLong : 0);
      if (cost < (best[from]?.cost ?? 0)) best[from] = { cost, end };
    }
  }
  const lines: string[] = [];
  for (let at = 0; at < words.length; at = best[at]?.end ?? words.length) lines.push(words.slice(at, best[at]?.end).join(' '));
  return lines;
}

/** Foreign text for Markdown, on one line: nothing in it is markup, and nothing ends the cell or line it stands in. */
export const markdownText = (text: string): string => text.replace(/[\\|`*_<>[\]]/g, '\\$&').replace(/\s+/g, ' ');

/** A code span on one line that holds whatever is in it: its fence is longer than any run of backticks inside. */
export function markdownCode(text: string): string {
  const line = text.replace(/[\r\n]+/g, ' ');
  if (!line.includes('`')) return `\`${line}\``;
  const fence = '`'.repeat(Math.max(...[...line.matchAll(/`+/g)].map(([run]) => run.length)) + 1);
  return `${fence} ${line} ${fence}`;
}

/** The table in Markdown; what would end a cell or become markup is escaped. */
export function renderMarkdown({ columns, rows }: Table): string {
  const line = (texts: readonly string[]): string => `| ${texts.join(' | ')} |`;
  return [line(columns), line(columns.map(() => '---')), ...rows.map(row => line(row.map(cell => markdownText(cell.text))))].join('\n') + '\n';
}
