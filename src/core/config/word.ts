import type { Range, Source } from './source.js';

/** A piece of text with its place: one scalar of YAML, one word of a command line. */
export interface Word {
  readonly text: string;
  readonly range: Range;
  /** The place of `text.slice(from, to)`; of the whole word where escapes make that unknowable. */
  part(from: number, to?: number): Range;
}

/** Where a word stands in the source's text; several stretches when a line break cut it. */
export type Stretch = readonly [start: number, end: number];

/** A word that stands in the source letter by letter. */
export function verbatim(source: Source, stretches: readonly Stretch[]): Word {
  const text = stretches.map(([start, end]) => source.text.slice(start, end)).join('');
  const placeOf = (index: number): number => {
    let left = index;
    for (const [start, end] of stretches) {
      if (left < end - start) return start + left;
      left -= end - start;
    }
    return stretches.at(-1)?.[1] ?? 0;
  };
  const part = (from: number, to = text.length) => {
    const start = placeOf(from);
    return source.range(start, to <= from ? start : placeOf(to - 1) + 1);
  };
  return { text, range: part(0), part };
}

/** A word whose text differs from what stands in the source (escapes, folded lines). */
export function translated(text: string, range: Range): Word {
  return { text, range, part: () => range };
}

/** The same place, another text: what an expansion leaves of a word. */
export const rewritten = (word: Word, text: string): Word => word.text === text ? word : translated(text, word.range);

/** A part of a word as a word of its own. */
export const slice = (word: Word, from: number, to = word.text.length): Word => ({
  text: word.text.slice(from, to),
  range: word.part(from, to),
  part: (start, end = to - from) => word.part(from + start, from + end),
});
