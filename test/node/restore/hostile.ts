import fc from 'fast-check';
import { isPlainText } from '../../../src/core/host/shellWord.js';

/** Words that do something where they are not kept in quotes. */
const payloads = (canary: string): readonly string[] => [
  `$(touch ${canary})`, `\`touch ${canary}\``, `; touch ${canary}; #`, `' ; touch ${canary} ; '`, `" ; touch ${canary} ; "`, `'"$(touch ${canary})"'`, `| touch ${canary}`, `&& touch ${canary}`, `& touch ${canary} &`,
  `> ${canary}`, `$\{x:=$(touch ${canary})}`, `$((a[$(touch ${canary})]))`, `%s%n$(touch ${canary})`, `\\$(touch ${canary})`, `\\'; touch ${canary}; \\'`, `}; touch ${canary}; {`, `) ; touch ${canary} ; (`,
  '-rf', '--', '-', '--help', '-exec', '--reference=/etc/passwd', '*', '?', '[a-z]*', '{a,b}', '~', '~root', '$HOME', '$0', '$@', '$$', '!!', '#', '=', 'PATH=/x', '.', '..', '...', ' ', '  lead and trail  ',
  '@HOLDS', '@PATH_EXISTS\tpath=x', '%d', '\\', '\\\\', '\\n', '\\0', '\\c', "'", "''", '"', '""', '`', '$', '\u2028', '\u202e', '\ufeff', 'ünï ✓ 🎛', 'a'.repeat(200),
];

/** Seeded, so that a failure comes back. */
export function hostileValues(canary: string, count: number): readonly string[] {
  const known = payloads(canary);
  const metacharacters = fc.string({ unit: fc.constantFrom(...' $`\'"\\;&|<>(){}[]*?!#~=%-\n\t\r\u001bax1/'.split('')), minLength: 1, maxLength: 30 });
  const any = fc.string({ unit: 'binary', minLength: 1, maxLength: 30 }).map(text => text.replaceAll('\0', ''));
  const mixed = fc.tuple(any, fc.constantFrom(...known), metacharacters).map(parts => parts.join(''));
  return [...known, ...fc.sample(fc.oneof(metacharacters, any, mixed), { seed: 20261122, numRuns: count - known.length })].map(text => text === '' ? '$' : text);
}

/** A value as the name of a file: what a plan refuses, and what no file system takes, is taken out. */
export const fileName = (value: string): string => {
  const name = Array.from(value).filter(isPlainText).join('').replaceAll('/', '∕');
  const short = Buffer.from(name).subarray(0, 180).toString().replaceAll('\ufffd', '');
  return /^\.*$/.test(short) ? `x${short}` : short;
};
