import { shown } from './arguments.js';
import type { Report } from './finding.js';
import type { PastedLine } from './pastedLines.js';
import { joined, pastedLines, stretchesOf } from './pastedLines.js';
import type { Source } from './source.js';
import type { Word } from './word.js';
import { verbatim } from './word.js';

/** A line of `kubectl describe` with the lines indented below it. */
export interface Described {
  /** The text before the colon; empty for a line without one. */
  readonly label: string;
  /** What follows the colon; the whole line where there is none. */
  readonly value: Word;
  /** The whole line, without its indentation. */
  readonly line: Word;
  readonly children: readonly Described[];
}

interface Open {
  readonly indent: number;
  readonly children: Described[];
}

const topLabel = /^[A-Z][\w ()-]{0,40}:/;

/** Reads the indentation as a tree. A line that a terminal has broken is put together, or refused where that is unclear. */
export function describedLines(source: Source, report: Report): readonly Described[] {
  const lines = unbroken(pastedLines(source));
  const first = lines.findIndex(line => /^\s*Name:\s/.test(line.text));
  const base = lines[first]?.indent ?? 0;
  const top: Described[] = [];
  let open: Open[] = [{ indent: base - 1, children: top }];
  for (const line of lines.slice(Math.max(first, 0))) {
    open = open.filter((one, index) => index === 0 || one.indent < line.indent);
    const node = describedOf(line, source);
    if (line.indent <= base && !topLabel.test(node.line.text)) report('CONFIG_LINE_BROKEN', { text: shown(node.line.text) }, node.line.range);
    open.at(-1)?.children.push(node);
    if (open.length < 12) open.push({ indent: line.indent, children: node.children as Described[] });
  }
  return top;
}

/** The line and everything below it, in order. */
export const withBelow = (node: Described): readonly Described[] => [node, ...node.children.flatMap(withBelow)];

function unbroken(lines: readonly PastedLine[]): readonly PastedLine[] {
  const whole: PastedLine[] = [];
  for (const line of lines) {
    const last = whole.at(-1);
    if (last?.full === true && line.indent === 0 && !topLabel.test(line.text)) whole[whole.length - 1] = joined(last, line);
    else whole.push(line);
  }
  return whole;
}

function describedOf(line: PastedLine, source: Source): Described {
  const word = (from: number) => verbatim(source, stretchesOf(line, from, line.text.length));
  const [whole = '', , label = ''] = /^(\s*)([^\s:][^:]{0,200}):(?:\s+|$)/.exec(line.text) ?? [];
  return { label, value: word(whole === '' ? line.indent : whole.length), line: word(line.indent), children: [] };
}
