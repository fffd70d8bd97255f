/** Quotes a word for a POSIX shell: inside single quotes only the quote itself is special. */
export const shellWord = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

/** A command as one types it. */
export const shellLine = (argv: readonly string[]): string => argv.map(shellWord).join(' ');

/** Whether a value may be an argument or a path at all: no control characters, so no NUL and no newline, and no half of a character. */
export const isPlainText = (value: string): boolean => !/[\p{Cc}\p{Cs}]/u.test(value);
