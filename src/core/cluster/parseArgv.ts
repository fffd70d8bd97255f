import type { Message } from '../errors.js';

/** Why a typed command line cannot become an argv. */
export type ArgvProblemCode = 'ARGV_EMPTY' | 'ARGV_OPEN_QUOTE' | 'ARGV_SHELL' | 'ARGV_CONTROL';

/** The words of a command, or what is wrong with the line. */
export type Argv =
  | { readonly argv: readonly string[] }
  | { readonly problem: Message<ArgvProblemCode> };

const problem = (code: ArgvProblemCode, args: Message['args'] = {}): Argv => ({ problem: { code, args } });

// One token: blanks, '…', "…", \x, or one plain character.
const token = /(?<blank>[ \t]+)|'(?<single>[^']*)'|"(?<double>(?:[^"\\]|\\.)*)"|\\(?<escaped>.)|(?<plain>.)/guy;

/**
 * Splits a typed command line into words as a POSIX shell would, without one: quotes and backslashes are understood;
 * whatever only a shell can do (pipes, `;`, `&`, redirection, `$`, globs, comments) is refused, since no shell will run it.
 */
export function parseArgv(line: string): Argv {
  if (/[\u0000-\u0008\u000a-\u001f\u007f]/.test(line)) return problem('ARGV_CONTROL');
  const words: string[] = [];
  let word: string | undefined;
  for (const { groups } of line.matchAll(token)) {
    const part = readToken(groups ?? {}, word === undefined);
    if (part.kind === 'problem') return part.argv;
    if (part.kind === 'word') word = (word ?? '') + part.text;
    else if (word !== undefined) { words.push(word); word = undefined; }
  }
  if (word !== undefined) words.push(word);
  return words.length === 0 || words[0] === '' ? problem('ARGV_EMPTY') : { argv: words };
}

type Part = { readonly kind: 'blank' } | { readonly kind: 'word'; readonly text: string } | { readonly kind: 'problem'; readonly argv: Argv };

function readToken(groups: Readonly<Record<string, string | undefined>>, atWordStart: boolean): Part {
  const { blank, single, double, escaped, plain } = groups;
  if (blank !== undefined) return { kind: 'blank' };
  if (single !== undefined) return { kind: 'word', text: single };
  if (double !== undefined) return readDouble(double);
  if (escaped !== undefined) return { kind: 'word', text: escaped };
  if (plain === `'` || plain === `"` || plain === '\\') return { kind: 'problem', argv: problem('ARGV_OPEN_QUOTE') };
  const isShell = plain !== undefined && ('|&;<>()$`*?!'.includes(plain) || atWordStart && '#~['.includes(plain));
  return isShell ? { kind: 'problem', argv: problem('ARGV_SHELL', { operator: plain }) } : { kind: 'word', text: plain ?? '' };
}

function readDouble(text: string): Part {
  const expansion = /(?<!\\)(?:\\\\)*([$`])/.exec(text)?.[1];
  if (expansion !== undefined) return { kind: 'problem', argv: problem('ARGV_SHELL', { operator: expansion }) };
  return { kind: 'word', text: text.replace(/\\([\\"$`])/g, '$1') };
}

/** Puts a member's own values into a pattern: `{name}` and `{host}`; other braces stay. */
export const fillPattern = (pattern: string, member: { readonly name: string; readonly host: string }): string =>
  pattern.replace(/\{(name|host)\}/g, (_, key: string) => key === 'name' ? member.name : member.host);
