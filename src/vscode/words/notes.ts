import { l10n } from 'vscode';
import type { Message } from '../../core/errors.js';
import { shownArgs } from '../../core/shownText.js';
import type { NoteCode } from '../../core/probe.js';
import type { Sentence } from './sentence.js';

const notes: Record<NoteCode, Sentence> = {
  HASHKV_EQUAL_LATER: a => l10n.t('Clients have written since: all members were compared with each other at revision {revision} instead, and are equal (HashKV {hash}).', a),
  API_SERVER_ASKS_WHO: a => l10n.t('The API server on {host} serves, but tells strangers nothing (HTTP {status}): ask it for /readyz with a certificate.', a),
};

export const isRestoreNote = (code: string): code is NoteCode => Object.hasOwn(notes, code);

/** What is noted beside a step that was done. */
export const noteSentence = ({ code, args }: Message): string => isRestoreNote(code) ? notes[code](shownArgs(args)) : code;
