import { shown } from './arguments.js';
import type { Report } from './finding.js';
import { flagNamed } from './flags.js';
import type { PastedLine } from './pastedLines.js';
import { joined, pastedLines, stretchesOf } from './pastedLines.js';
import type { PodText } from './podText.js';
import { isRunTogether, partWords } from './runTogether.js';
import type { Source } from './source.js';
import type { Word } from './word.js';
import { slice, translated, verbatim } from './word.js';

/** Reads flags that stand alone: `grep -e "--"`, a process list, a description that has lost its line breaks. */
export function podOfFlags(source: Source, report: Report): PodText {
  const lines = unbroken(pastedLines(source), source, report);
  const words = commandOf(lines.flatMap(line => wordsOf(line, source)));
  const parted = isRunTogether(words) ? partWords(words, report) : words;
  const image = /\bImage: *([^\s,"']{1,500})/.exec(source.text);
  const name = image?.[1];
  const start = image && name !== undefined ? image.index + image[0].length - name.length : 0;
  return {
    annotations: [],
    live: false,
    containers: [{
      ...name !== undefined && { image: verbatim(source, [[start, start + name.length]]) },
      command: parted, env: [], envFrom: [], mounts: [],
      range: parted[0]?.range ?? source.range(0, 0),
    }],
  };
}

const flagStart = /^(?:- +)?["']?(--?)([a-z][a-z0-9-]*)/;
const lineLabel = /^[A-Z][\w ()-]{0,30}:(?: |$)/;

/** Puts lines together again that a terminal has broken. What may or may not have been broken is refused. */
function unbroken(lines: readonly PastedLine[], source: Source, report: Report): readonly PastedLine[] {
  const whole: PastedLine[] = [];
  for (const line of lines) {
    const last = whole.at(-1);
    const how = last === undefined ? 'apart' : connection(last, line);
    if (last !== undefined && how === 'joined') whole[whole.length - 1] = joined(last, line);
    else whole.push(line);
    if (how === 'unclear') report('CONFIG_LINE_BROKEN', { text: shown(line.text.trim()) }, verbatim(source, line.stretches).range);
  }
  return whole;
}

function connection(last: PastedLine, line: PastedLine): 'apart' | 'joined' | 'unclear' {
  const text = line.text.trimStart();
  const [, dashes, name = ''] = flagStart.exec(text) ?? [];
  const cutDash = last.full && /[^-]-$/.test(last.text);
  if (!/--?[a-z]/.test(last.text) || lineLabel.test(text)) return 'apart';
  if (dashes === '--' && !cutDash) return 'apart';
  if (dashes === '-' && flagNamed(name)) return last.full && line.indent === 0 ? 'unclear' : 'apart';
  if (awaitsValue(last.text)) return 'apart';
  return last.full && line.indent === 0 ? 'joined' : 'unclear';
}

/** Whether a line ends in a flag that takes the next word. */
function awaitsValue(text: string): boolean {
  const name = /(?:^|\s)--?([a-z0-9-]+)$/.exec(text.slice(-200))?.[1];
  const flag = name === undefined ? undefined : flagNamed(name);
  return flag !== undefined && flag.kind !== 'bool' && flag.kind !== 'ignored';
}

/** The words of a line, without list marks, quotes and the backslash that continues a line. */
function wordsOf(line: PastedLine, source: Source): readonly Word[] {
  const words: Word[] = [];
  for (const match of line.text.matchAll(/\S+/g)) {
    const word = unquoted(verbatim(source, stretchesOf(line, match.index, match.index + match[0].length)));
    if (word.text !== '-' && word.text !== '\\' && word.text !== '') words.push(...partedCommand(word));
  }
  return words;
}

function unquoted(word: Word): Word {
  const [, , inner] = /^\[?(["'])([^"'\\]*)\1[,\]]{0,2}$/.exec(word.text) ?? [];
  return inner === undefined ? word : slice(word, word.text.indexOf(inner, 1), word.text.indexOf(inner, 1) + inner.length);
}

/** `etcd--name=…`: the program's name lost its break too. */
function partedCommand(word: Word): readonly Word[] {
  const glued = /(?:^|[/:])(etcd)(?=--[a-z])/.exec(word.text);
  if (glued === null || word.text.startsWith('-')) return [word];
  const end = glued.index + glued[0].length;
  return [slice(word, end - 4, end), slice(word, end)];
}

const labelWord = /^[A-Z][A-Za-z]*:$/;

/** From `etcd`, or from what stands before the first flag, to the label after the last. */
function commandOf(words: readonly Word[]): readonly Word[] {
  const firstFlag = words.findIndex(word => flagStart.test(word.text));
  const shell = words.findIndex((word, index) => index < firstFlag && /(?:^|\/)(?:ba|da|a|)sh$/.test(word.text));
  const etcd = words.findIndex((word, index) => index <= firstFlag && /(?:^|\/)etcd$/.test(word.text));
  const start = shell >= 0 ? shell : etcd >= 0 ? etcd : firstFlag;
  const before = words[start - 1];
  const named = words[start] !== undefined && !flagStart.test(words[start].text);
  const program = start === firstFlag && before !== undefined && /^[\w/.-]+$/.test(before.text) ? before : undefined;
  const range = words[Math.max(start, 0)]?.range;
  const found = words.slice(Math.max(start, 0)).filter(word => word.text !== 'Args:' && word.text !== 'Command:');
  const end = found.findIndex((word, index) => labelWord.test(word.text) || labelWord.test(found[index + 1]?.text ?? '') && /^(?:Last|Host|Restart|Container|Image)$/.test(word.text));
  const command = end < 0 ? found : found.slice(0, end);
  if (named || range === undefined) return command;
  return [program ?? translated('etcd', range), ...command];
}
