import { flagNamed } from './flags.js';
import { shown } from './arguments.js';
import type { Report } from './finding.js';
import type { Word } from './word.js';
import { slice } from './word.js';

/** A flag inside a word: where it begins, and whether it surely is one. */
interface Inner {
  readonly at: number;
  readonly sure: boolean;
}

const innerFlag = /^--([a-z][a-z0-9]*(?:-[a-z0-9]+)*)(=|--|$)?/;
/** What `kubectl describe` prints after the command: it must not end up in a value. */
const label = /(?:State|Ready|Args|Requests|Limits|Liveness|Readiness|Startup|Environment|Mounts|Conditions|Volumes|Port|Host Port|Restart Count): *(?:\S|$)/;

/** Whether flags of etcd stand inside one of the words: the text has lost its line breaks. */
export const isRunTogether = (words: readonly Word[]): boolean =>
  words.some(word => innerFlags(word.text).some(inner => inner.at > 0 && inner.sure));

/**
 * Parts words that have lost the break between them (`…/b.crt--client-cert-auth=true--data-dir=…`) before every flag that
 * etcd has. A `--` that may or may not begin a flag makes the whole text a refusal: a wrong guess would be a wrong path.
 */
export function partWords(words: readonly Word[], report: Report): readonly Word[] {
  return words.flatMap(word => {
    const inner = innerFlags(word.text);
    const doubt = inner.find(one => !one.sure && one.at > 0);
    if (doubt) report('CONFIG_RUN_TOGETHER', { text: shown(word.text.slice(Math.max(0, doubt.at - 10), doubt.at + 30)) }, word.part(doubt.at));
    const after = label.exec(word.text);
    if (after) report('CONFIG_RUN_TOGETHER', { text: shown(word.text.slice(Math.max(0, after.index - 10), after.index + 30)) }, word.part(after.index));
    const cuts = [...new Set([0, ...inner.filter(one => one.sure).map(one => one.at), word.text.length])];
    return cuts.slice(1).map((cut, index) => slice(word, cuts[index] ?? 0, cut)).filter(part => part.text !== '');
  });
}

function innerFlags(text: string): readonly Inner[] {
  const found: Inner[] = [];
  for (let match = nextFlag(text, 0); match; match = nextFlag(text, match.next)) found.push(match);
  return found;
}

function nextFlag(text: string, from: number): (Inner & { readonly next: number }) | undefined {
  const at = text.indexOf('--', from);
  if (at < 0) return undefined;
  const [, name = '', after] = innerFlag.exec(text.slice(at, at + 200)) ?? [];
  const flag = flagNamed(name);
  const alone = after === '--' ? flag?.kind === 'bool' : after === '';
  return { at, sure: flag !== undefined && (after === '=' || alone), next: at + 2 + name.length };
}
