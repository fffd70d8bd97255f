import { l10n } from 'vscode';
import type { CommonErrorCode } from '../../core/errors.js';
import type { Sentence } from './sentence.js';

export const commonWords: Record<CommonErrorCode, Sentence> = {
  CANCELLED: () => l10n.t('Cancelled.'),
  COMMAND_FAILED: a => l10n.t('The command {command} failed on {host}: {reason}', a),
  FILE_UNREADABLE: a => l10n.t('Cannot read {path}: {reason}', a),
  FILE_UNWRITABLE: a => l10n.t('Cannot write {path} ({reason}). Make room or correct its permissions, then go on; what was done before is kept.', a),
  FILE_EXISTS: a => l10n.t('{path} already exists. Choose another name; nothing is overwritten.', a),
  INVALID_SETTING: a => l10n.t('The setting {setting} is not usable: {reason}', a),
  NO_CLUSTER: () => l10n.t('There is no cluster yet. Add one first.'),
  RESTRICTED_MODE: () => l10n.t('Nothing is run in Restricted Mode. Trust this workspace, or use a window without a folder.'),
  UNSUPPORTED_PLATFORM: a => l10n.t('Restoring works on Linux only, and this machine runs {platform}. Open the editor on a Linux host of the cluster, for example through Remote - SSH.', a),
};
