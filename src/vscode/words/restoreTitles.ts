import { l10n } from 'vscode';
import type { Message } from '../../core/errors.js';
import type { StageTitleCode, StepTitleCode } from '../../core/restore/titles.js';
import { shownArgs } from '../../core/shownText.js';
import type { Sentence } from './sentence.js';

const titles: Record<StageTitleCode | StepTitleCode, Sentence> = {
  STAGE_VERIFY: () => l10n.t('Check the snapshot and the members'),
  STAGE_STAGE: () => l10n.t('Restore beside the running data'),
  STAGE_VERIFY_AGAIN: () => l10n.t('Check the snapshot again before anything stops'),
  STAGE_STOP_FOLLOWERS: () => l10n.t('Stop the followers'),
  STAGE_STOP: () => l10n.t('Stop etcd'),
  STAGE_SWAP: () => l10n.t('Put the old data aside and the restored data in place'),
  STAGE_START: () => l10n.t('Start etcd'),
  STAGE_IDENTITY: () => l10n.t('Compare the ids with those foretold'),
  STAGE_HASHKV: () => l10n.t('Compare the content with that foretold'),
  STAGE_HEALTHY: () => l10n.t('Read from every member'),
  STAGE_UPLOAD: () => l10n.t('Copy the snapshot to the hosts'),
  STAGE_STOP_API: () => l10n.t('Stop every API server, controller manager and scheduler'),
  STAGE_START_API: () => l10n.t('Start the API servers'),
  STAGE_READY: () => l10n.t('Wait until every API server is ready'),
  STAGE_START_CONTROLLERS: () => l10n.t('Start controller managers and schedulers'),
  STAGE_RESTART_KUBELETS: () => l10n.t('Restart the kubelets'),
  STAGE_UNDO_STOP_API: () => l10n.t('Start API servers, controller managers and schedulers'),
  STAGE_UNDO_START_API: () => l10n.t('Stop the API servers'),
  STAGE_UNDO_START_CONTROLLERS: () => l10n.t('Stop controller managers and schedulers'),
  STAGE_UNDO_STOP: () => l10n.t('Start etcd on the old data'),
  STAGE_UNDO_STOP_LEADER: () => l10n.t('Start the member that led on its old data'),
  STAGE_UNDO_SWAP: () => l10n.t('Put the restored data aside and the old data back'),
  STAGE_UNDO_START: () => l10n.t('Stop the restored etcd'),
  STAGE_NOTHING_TO_UNDO: () => l10n.t('Nothing to take back'),
  STAGE_CHECK_BEFORE: () => l10n.t('Compare with the state before the restore'),
  STEP_SAME_FILE: a => l10n.t('{path} is still the snapshot that was verified', a),
  STEP_STAGE: a => l10n.t('Restore the snapshot for {member} into {path}', a),
  STEP_STOP: a => l10n.t('Stop {member}', a),
  STEP_MOVE_ASIDE: a => l10n.t('Put the old data of {member} aside to {path}', a),
  STEP_MOVE_BEGUN: a => l10n.t('Put aside to {path} what etcd of {member} may have begun anew without its data', a),
  STEP_MOVE_IN: a => l10n.t('Put the restored data of {member} in place', a),
  STEP_START: a => l10n.t('Start {member}', a),
  STEP_IDENTITY: a => l10n.t('{member} has the member id {id}', a),
  STEP_HASHKV: a => l10n.t('Every member has HashKV {hash} at revision {revision}', a),
  STEP_HEALTHY: a => l10n.t('{member} answers a linearizable read', a),
  STEP_UPLOAD: a => l10n.t('Copy the snapshot to {path} on {host}', a),
  STEP_UPLOAD_TOOL: a => l10n.t('Copy a tool that can restore to {path} on {host}', a),
  STEP_PARK: a => l10n.t('Stop {pod} on {host}: its manifest moves out of the manifest directory', a),
  STEP_PUT_BACK: a => l10n.t('Start {pod} on {host}: its manifest moves back', a),
  STEP_READY: a => l10n.t('The API server on {host} is ready', a),
  STEP_RESTART_KUBELET: a => l10n.t('Restart the kubelet on {host}', a),
  STEP_START_AGAIN: a => l10n.t('Start {member} again', a),
  STEP_MOVE_BACK: a => l10n.t('Put the old data of {member} back', a),
  STEP_MOVE_OUT: a => l10n.t('Put the restored data of {member} aside to {path}', a),
  STEP_STOP_RESTORED: a => l10n.t('Stop the restored {member}', a),
  STEP_IDENTITY_BEFORE: a => l10n.t('{member} is the member {id}, as when this was planned', a),
};

const has = (code: string): code is keyof typeof titles => Object.hasOwn(titles, code);

/** What a stage or step is called. A journal of a later version may hold codes that are not known here. */
export const titleOf = ({ code, args }: Message): string => has(code) ? titles[code](shownArgs(args)) : code;
