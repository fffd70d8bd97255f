import type { ErrorCode, Message, MessageArgs } from '../../core/errors.js';
import { shownArgs } from '../../core/shownText.js';
import { commonWords } from './common.js';
import { configWords } from './config.js';
import { etcdWords } from './etcd.js';
import { hostWords } from './host.js';
import { restoreWords } from './restore.js';
import type { Sentence } from './sentence.js';
import { snapshotWords } from './snapshot.js';

const words: Record<ErrorCode, Sentence> = {
  ...commonWords, ...snapshotWords, ...configWords, ...etcdWords, ...restoreWords, ...hostWords,
};

const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(words, code);

/** Some messages tell of another as their reason: its code is `why`, its arguments stand among theirs. It becomes its sentence. */
const withReason = ({ why, ...args }: MessageArgs): MessageArgs =>
  why === undefined ? args : { ...args, why: typeof why === 'string' && isErrorCode(why) ? words[why](args) : why };

/** The sentence a person reads for a code and its arguments, whoever they come from. */
export const sentence = ({ code, args }: Message<ErrorCode>): string => words[code](withReason(shownArgs(args)));

/** The same for a failure that a journal tells of: a journal of a later version may hold codes that are not known here. */
export const failureSentence = ({ code, args }: Message): string => isErrorCode(code) ? sentence({ code, args }) : code;
