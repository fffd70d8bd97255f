import type { MessageArgs } from '../../core/errors.js';

/** Makes the screen's sentence for a code, in the editor's language. */
export type Sentence = (args: MessageArgs) => string;
