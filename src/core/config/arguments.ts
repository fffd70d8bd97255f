import type { Report } from './finding.js';
import type { EtcdFlag } from './flags.js';
import { flagNamed, flagOfVariable } from './flags.js';
import { wrongValue } from './goValue.js';
import { nearestFlag } from './nearestFlag.js';
import type { Range } from './source.js';
import type { Variables } from './variables.js';
import type { EtcdVersionText } from './version.js';
import { isSupported, isWithin } from './version.js';
import type { Word } from './word.js';
import { slice, translated } from './word.js';

/** One flag as it is given: by the command line or by an environment variable. */
export interface Argument {
  readonly flag: string;
  readonly value: string;
  readonly origin: 'flag' | 'environment';
  /** Where the value stands; the whole flag where it has none. */
  readonly range: Range;
}

/** An argument together with its value as a word, for reading further. */
export interface Given extends Argument {
  readonly word: Word;
}

/** Splits etcd's words into flags as Go's `flag` package does: one or two dashes, stops at the first that is none. */
export function readArguments(words: readonly Word[], report: Report): readonly Given[] {
  const given: Given[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index];
    if (word === undefined) break;
    const [, dashes, name, equals] = /^(--?)([^=]*)(=?)/.exec(word.text) ?? [];
    if (dashes === undefined || name === undefined || word.text === '-' || word.text === '--') {
      const rest = word.text === '--' ? words[index + 1] : word;
      if (rest) report('ARGUMENT_NOT_FLAG', { argument: shown(rest.text) }, rest.range);
      break;
    }
    if (name === '' || name.startsWith('-')) {
      report('ARGUMENT_MALFORMED', { argument: shown(word.text) }, word.range);
      continue;
    }
    const value = equals === '=' ? slice(word, dashes.length + name.length + 1) : valueAfter(name, word, words[index + 1]);
    if (value === undefined) {
      report('FLAG_VALUE_MISSING', { flag: name }, word.range);
      continue;
    }
    if (value === words[index + 1]) index++;
    given.push({ flag: name, value: value.text, origin: 'flag', range: value.text === '' ? word.range : value.range, word: value });
  }
  return given;
}

/** The value of a flag without `=`: a switch is on, the others take the next word. */
function valueAfter(name: string, word: Word, next: Word | undefined): Word | undefined {
  const flag = flagNamed(name);
  if (flag?.kind === 'bool') return translated('true', word.range);
  if (flag?.kind === 'ignored') return translated('', word.range);
  if (flag !== undefined) return next;
  return next === undefined || next.text.startsWith('-') ? translated('', word.range) : next;
}

/** Flags that stand in `ETCD_…` variables; empty ones count as absent (etcd: pkg/flags `SetFlagsFromEnv`). */
export function readVariables(variables: Variables, given: readonly Given[], report: Report): readonly Given[] {
  const onLine = new Set(given.map(argument => argument.flag));
  return variables.entries.flatMap(({ name, value, word }): Given[] => {
    if (!name.text.startsWith('ETCD_') || name.text.startsWith('ETCDCTL_')) return [];
    const flag = flagOfVariable(name.text);
    if (flag === undefined) {
      report('VARIABLE_UNKNOWN', { variable: shown(name.text) }, name.range);
      return [];
    }
    if (onLine.has(flag.name)) {
      report('FLAG_AND_VARIABLE', { flag: flag.name, variable: name.text }, name.range);
      return [];
    }
    if (value.kind === 'elsewhere') report(unknowable(flag.name), { flag: flag.name, variable: name.text, source: shown(value.what) }, name.range);
    if (value.kind !== 'text' || value.text === '') return [];
    const text = word?.text === value.text ? word : translated(value.text, word?.range ?? name.range);
    return [{ flag: flag.name, value: text.text, origin: 'environment', range: text.range, word: text }];
  });
}

/** Flags whose value decides what a restore does; without them nothing can be planned. */
const decisive: ReadonlySet<string> = new Set([
  'name', 'data-dir', 'wal-dir', 'config-file', 'initial-cluster', 'initial-cluster-state', 'initial-cluster-token',
  'listen-client-urls', 'advertise-client-urls', 'listen-peer-urls', 'initial-advertise-peer-urls',
  'cert-file', 'key-file', 'trusted-ca-file', 'client-cert-auth', 'auto-tls',
  'peer-cert-file', 'peer-key-file', 'peer-trusted-ca-file', 'peer-client-cert-auth', 'peer-auto-tls',
]);

/** The code for a value that stands elsewhere: it refuses the text only where the flag decides something. */
export const unknowable = (flag: string): 'VARIABLE_UNKNOWABLE' | 'VARIABLE_LEFT_OPEN' =>
  decisive.has(flag) ? 'VARIABLE_UNKNOWABLE' : 'VARIABLE_LEFT_OPEN';

/** Looking for similar names takes time: more unknown flags than these are no command of etcd. */
const mostUnknown = 40;

/** Says what etcd of that version would not take; the last of a repeated flag counts. */
export function checkArguments(given: readonly Given[], version: EtcdVersionText | undefined, report: Report): void {
  const seen = new Set<string>();
  let unknown = 0;
  for (const argument of given) {
    const flag = flagNamed(argument.flag);
    if (flag === undefined && ++unknown > mostUnknown) continue;
    if (flag === undefined) reportUnknown(argument, report);
    else checkArgument(argument, flag, version, report);
    if (seen.has(argument.flag)) report('FLAG_REPEATED', { flag: argument.flag }, argument.range);
    seen.add(argument.flag);
  }
}

function checkArgument(argument: Given, flag: EtcdFlag, version: EtcdVersionText | undefined, report: Report): void {
  if (version !== undefined && isSupported(version) && !isWithin(version, flag.versions)) {
    report('FLAG_NOT_IN_VERSION', { flag: flag.name, version: version.text, versions: flag.versions.join(', ') }, argument.range);
  }
  const expected = wrongValue(flag.kind, argument.value);
  if (expected) report('FLAG_VALUE_INVALID', { flag: flag.name, value: shown(argument.value), expected }, argument.range);
}

function reportUnknown(argument: Given, report: Report): void {
  const similar = nearestFlag(argument.flag);
  const flag = shown(argument.flag);
  if (similar === undefined) report('FLAG_UNKNOWN', { flag }, argument.range);
  else report('FLAG_UNKNOWN_SIMILAR', { flag, similar }, argument.range);
}

/** At most 80 characters of a foreign text, without control characters, for a message. */
export const shown = (text: string): string => {
  const clean = text.slice(0, 400).replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e]+/g, ' ');
  return clean.length > 80 ? `${clean.slice(0, 79)}…` : clean;
};
