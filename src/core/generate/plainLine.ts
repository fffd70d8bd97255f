/** A value on one line, without control characters: for comments and for what is printed, never for what is done. */
export const plainLine = (value: string): string => value.replaceAll(/[\p{Cc}\p{Cs}\u2028\u2029]/gu, ' ');
