import { l10n } from 'vscode';
import type { JournalFault } from '../../core/restore/errors.js';
import type { Sentence } from './sentence.js';

/** A journal says what will be run, so each names what lets others write it, and what to do. */
const faults: Record<JournalFault, Sentence> = {
  FOLDER_IS_LINK: a => l10n.t('The journal {path} is not used, because {folder} is a symbolic link: whoever owns that decides what is behind it. Choose the journal in the folder itself.', a),
  FOLDER_OF_OTHERS: a => l10n.t('The journal {path} is not used, because others may write into {folder} (mode {mode}), and a journal says what will be run. If nobody else has been at it, end that with "chmod go-w" on the folder and try again; or choose another copy.', a),
  IS_LINK: a => l10n.t('The journal {path} is not used, because it is a symbolic link. Choose the file itself.', a),
  NO_FILE: a => l10n.t('The journal {path} is not used, because it is not a regular file. Choose another copy: one lies beside the data of each member.', a),
  OF_OTHERS: a => l10n.t('The journal {path} is not used, because others may write it (mode {mode}), and a journal says what will be run. If nobody else has been at it, end that with "chmod go-w" on the file and try again; or choose another copy.', a),
  FOREIGN: a => l10n.t('The journal {path} is not used, because it belongs to user {uid}, and a journal says what will be run. Run the editor as that user, or choose a copy that is yours or belongs to root.', a),
  TOO_LARGE: a => l10n.t('The journal {path} is not used, because it has {size} bytes, more than a journal can have. Choose another copy: one lies beside the data of each member.', a),
};

const isFault = (fault: unknown): fault is JournalFault => typeof fault === 'string' && Object.hasOwn(faults, fault);

/** Why a journal is not used, and what to do about it. */
export const journalFaultSentence: Sentence = a => {
  const { fault } = a;
  return isFault(fault) ? faults[fault](a) : String(fault);
};
