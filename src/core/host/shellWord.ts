/** Quotes a word for a POSIX shell: inside single quotes only the quote itself is special. */
export const shellWord = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

/** A command as one types it. */
export const shellLine = (argv: readonly string[]): string => argv.map(shellWord).join(' ');

/**
 * Whether a value may be an argument or a path at all: no control characters, so no NUL and no newline, no half of a character, and
 * nothing that ends a line or turns text round on a screen: what is approved must be what is read.
 */
export const isPlainText = (value: string): boolean => !/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/u.test(value);
