import type { Message, MessageArgs } from '../errors.js';
import type { StageTitleCode, StepTitleCode } from '../restore/titles.js';
import { plainLine } from './plainLine.js';

/**
 * What stages and steps are called in generated files, which are in English whatever the editor's language is:
 * the sentences of the screen, which a test compares.
 */
export const titles: Readonly<Record<StageTitleCode | StepTitleCode, string>> = {
  STAGE_VERIFY: 'Check the snapshot and the members',
  STAGE_STAGE: 'Restore beside the running data',
  STAGE_VERIFY_AGAIN: 'Check the snapshot again before anything stops',
  STAGE_STOP_FOLLOWERS: 'Stop the followers',
  STAGE_STOP: 'Stop etcd',
  STAGE_SWAP: 'Put the old data aside and the restored data in place',
  STAGE_START: 'Start etcd',
  STAGE_IDENTITY: 'Compare the ids with those foretold',
  STAGE_HASHKV: 'Compare the content with that foretold',
  STAGE_HEALTHY: 'Read from every member',
  STAGE_UPLOAD: 'Copy the snapshot to the hosts',
  STAGE_STOP_API: 'Stop every API server, controller manager and scheduler',
  STAGE_START_API: 'Start the API servers',
  STAGE_READY: 'Wait until every API server is ready',
  STAGE_START_CONTROLLERS: 'Start controller managers and schedulers',
  STAGE_RESTART_KUBELETS: 'Restart the kubelets',
  STAGE_UNDO_STOP_API: 'Start API servers, controller managers and schedulers',
  STAGE_UNDO_START_API: 'Stop the API servers',
  STAGE_UNDO_START_CONTROLLERS: 'Stop controller managers and schedulers',
  STAGE_UNDO_STOP: 'Start etcd on the old data',
  STAGE_UNDO_STOP_LEADER: 'Start the member that led on its old data',
  STAGE_UNDO_SWAP: 'Put the restored data aside and the old data back',
  STAGE_UNDO_START: 'Stop the restored etcd',
  STAGE_NOTHING_TO_UNDO: 'Nothing to take back',
  STAGE_CHECK_BEFORE: 'Compare with the state before the restore',
  STEP_SAME_FILE: '{path} is still the snapshot that was verified',
  STEP_STAGE: 'Restore the snapshot for {member} into {path}',
  STEP_STOP: 'Stop {member}',
  STEP_MOVE_BEGUN: 'Put aside to {path} what etcd of {member} may have begun anew without its data',
  STEP_MOVE_ASIDE: 'Put the old data of {member} aside to {path}',
  STEP_MOVE_IN: 'Put the restored data of {member} in place',
  STEP_START: 'Start {member}',
  STEP_IDENTITY: '{member} has the member id {id}',
  STEP_HASHKV: 'Every member has HashKV {hash} at revision {revision}',
  STEP_HEALTHY: '{member} answers a linearizable read',
  STEP_UPLOAD: 'Copy the snapshot to {path} on {host}',
  STEP_UPLOAD_TOOL: 'Copy a tool that can restore to {path} on {host}',
  STEP_PARK: 'Stop {pod} on {host}: its manifest moves out of the manifest directory',
  STEP_PUT_BACK: 'Start {pod} on {host}: its manifest moves back',
  STEP_READY: 'The API server on {host} is ready',
  STEP_RESTART_KUBELET: 'Restart the kubelet on {host}',
  STEP_START_AGAIN: 'Start {member} again',
  STEP_MOVE_BACK: 'Put the old data of {member} back',
  STEP_MOVE_OUT: 'Put the restored data of {member} aside to {path}',
  STEP_STOP_RESTORED: 'Stop the restored {member}',
  STEP_IDENTITY_BEFORE: '{member} is the member {id}, as when this was planned',
};

const isTitle = (code: string): code is keyof typeof titles => Object.hasOwn(titles, code);

/** A title on one line. */
export const titleText = ({ code, args }: Message): string => plainLine(isTitle(code) ? filled(titles[code], args) : code);

const filled = (sentence: string, args: MessageArgs): string => sentence.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(args[name] ?? ''));
