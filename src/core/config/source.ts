/** A stretch of the text as it was given: offsets in UTF-16 units, `line` and `column` of its start from 1. */
export interface Range {
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly column: number;
}

/** The text to read, and the way from a place in it back to the text as it was given. */
export interface Source {
  /** Without byte order mark, quote marks of a mail or chat, and prompt lines; lines correspond one to one. */
  readonly text: string;
  /** The place in the original text of `[start, end)` in `text`. */
  range(start: number, end: number): Range;
}

const quoteMark = /^\s*[>|│┃] ?/;
/** A prompt is short; a hostile line is not. */
const longestPrompt = 400;
const prompt = /^(?:\[?[\w.-]+@[\w.-]+[^\n$#%>]*)?[$#%>❯] +(?:sudo +)?(?:kubectl|k|oc|crictl|cat|grep|microk8s)\b.*$|^\[?[\w.-]+@[\w.-]+[^\n$#%>]*[$#%>❯] *$/;

/** Takes away what pasting adds, and remembers where everything stood. */
export function sourceOf(original: string): Source {
  const lines = original.replaceAll('\u00a0', ' ').split('\n');
  const quoted = lines.some(line => line.trim() !== '') && lines.every(line => line.trim() === '' || quoteMark.test(line));
  const starts: number[] = [];
  const cleanStarts: number[] = [];
  const skipped: number[] = [];
  const clean: string[] = [];
  let at = 0;
  let cleanAt = 0;
  lines.forEach((line, index) => {
    const skip = skippedOf(line, index === 0, quoted);
    starts.push(at);
    cleanStarts.push(cleanAt);
    skipped.push(skip);
    clean.push(line.slice(skip));
    at += line.length + 1;
    cleanAt += line.length - skip + 1;
  });
  const placeOf = (offset: number): readonly [line: number, offset: number] => {
    const line = lastAtMost(cleanStarts, offset);
    return [line, (starts[line] ?? 0) + (skipped[line] ?? 0) + offset - (cleanStarts[line] ?? 0)];
  };
  return {
    text: clean.join('\n'),
    range: (start, end) => {
      const [line, from] = placeOf(start);
      return { start: from, end: end <= start ? from : placeOf(end - 1)[1] + 1, line: line + 1, column: from - (starts[line] ?? 0) + 1 };
    },
  };
}

function skippedOf(line: string, first: boolean, quoted: boolean): number {
  const mark = first && line.startsWith('\ufeff') ? 1 : 0;
  const quote = quoted ? quoteMark.exec(line.slice(mark))?.[0].length ?? 0 : 0;
  const rest = line.slice(mark + quote);
  return rest.length <= longestPrompt && prompt.test(rest.trimEnd()) ? line.length : mark + quote;
}

/** The index of the last of the ascending numbers that is not above `value`. */
function lastAtMost(ascending: readonly number[], value: number): number {
  let low = 0;
  let high = ascending.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((ascending[middle] ?? 0) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}
