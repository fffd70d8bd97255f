import type { MessageArgs } from './errors.js';

/** More than anybody reads in one sentence. */
const LONGEST = 1_000;

/**
 * A foreign text as it may stand in a sentence: on one line, without what a terminal obeys or what turns the text around it
 * about, and no longer than it can be read. Hosts, manifests and file names may say anything.
 */
export const shownText = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]+/gu, ' ').slice(0, LONGEST).toWellFormed();

/** The same for all that a message is about. */
export const shownArgs = (args: MessageArgs): MessageArgs =>
  Object.fromEntries(Object.entries(args).map(([name, value]) => [name, typeof value === 'string' ? shownText(value) : value]));
