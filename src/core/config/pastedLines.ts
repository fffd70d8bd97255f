import type { Source } from './source.js';
import type { Stretch } from './word.js';

/** A line of pasted text; several stretches where a terminal had broken it. */
export interface PastedLine {
  readonly text: string;
  /** The columns before its first letter; a tab counts as one. */
  readonly indent: number;
  readonly stretches: readonly Stretch[];
  /** Its first physical line was as long as the longest of the text: only then can it have been broken by the terminal. */
  readonly full: boolean;
}

/** Shorter terminals than this are not assumed. */
const narrowest = 40;

/** The non-empty lines of a text, without trailing blanks. */
export function pastedLines(source: Source): readonly PastedLine[] {
  const raw: { readonly start: number; readonly text: string }[] = [];
  let at = 0;
  for (const line of source.text.split('\n')) {
    if (line.trim() !== '') raw.push({ start: at, text: line.trimEnd() });
    at += line.length + 1;
  }
  const width = raw.reduce((longest, line) => Math.max(longest, line.text.length), 0);
  return raw.map(({ start, text }) => ({
    text,
    indent: text.length - text.trimStart().length,
    stretches: [[start, start + text.length]],
    full: text.length === width && width >= narrowest,
  }));
}

/** The line and its continuation, which the terminal had cut apart. */
export const joined = (line: PastedLine, next: PastedLine): PastedLine => ({
  text: line.text + next.text,
  indent: line.indent,
  stretches: [...line.stretches, ...next.stretches],
  full: next.full,
});

/** The stretches of `line.text.slice(from, to)`. */
export function stretchesOf(line: PastedLine, from: number, to: number): readonly Stretch[] {
  const found: Stretch[] = [];
  let at = 0;
  for (const [start, end] of line.stretches) {
    const length = end - start;
    const first = Math.max(from - at, 0);
    const last = Math.min(to - at, length);
    if (first < last) found.push([start + first, start + last]);
    at += length;
  }
  return found;
}
