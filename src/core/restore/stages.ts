import type { Owner } from '../action.js';
import { quorum } from '../cluster/quorum.js';
import type { MemberDefinition } from '../cluster/definition.js';
import type { Message } from '../errors.js';
import type { Stage, Step } from '../plan.js';
import type { DiskFacts } from './facts.js';
import * as steps from './steps.js';
import type { RestoreSubject, SubjectMember } from './subject.js';
import type { StageTitleCode } from './titles.js';

/** All that the steps of one member are made from. */
export interface MemberWork {
  readonly definition: MemberDefinition;
  readonly member: SubjectMember;
  readonly tool: string;
  readonly disk: DiskFacts;
  readonly owner: Owner;
}

/**
 * The order of a restore. Everything slow happens while the old cluster still serves; then followers stop before the
 * leader (a leader that stops first tries to hand over for seconds), and nobody starts before everybody was swapped.
 */
export function restoreStages(subject: RestoreSubject, work: readonly MemberWork[]): readonly Stage[] {
  const leader = work.find(({ member }) => member.before?.isLeader === true);
  const followers = work.filter(each => each !== leader);
  const hosts = [...new Set(work.map(({ member }) => member.host))];
  const each = (make: (one: MemberWork) => Step) => work.map(make);
  return [
    stage('verify', 'STAGE_VERIFY', 'STAGE_NOTHING_TO_UNDO', [...hosts.map(host => steps.sameFile(subject, host, 'verify')), ...subject.members.flatMap(member => steps.stillItself(subject, member))]),
    stage('stage', 'STAGE_STAGE', 'STAGE_NOTHING_TO_UNDO', each(one => steps.stage(subject, one))),
    stage('verify-again', 'STAGE_VERIFY_AGAIN', 'STAGE_NOTHING_TO_UNDO', hosts.map(host => steps.sameFile(subject, host, 'verify-again'))),
    stage('stop', leader === undefined ? 'STAGE_STOP' : 'STAGE_STOP_FOLLOWERS', 'STAGE_UNDO_STOP', followers.map(one => steps.stop(subject, one))),
    stage('stop-leader', 'STAGE_STOP', 'STAGE_UNDO_STOP', leader === undefined ? [] : [steps.stop(subject, leader)]),
    stage('swap', 'STAGE_SWAP', 'STAGE_UNDO_SWAP', work.flatMap(one => steps.swap(subject, one))),
    stage('start', 'STAGE_START', 'STAGE_UNDO_START', each(one => steps.start(subject, one))),
    stage('identity', 'STAGE_IDENTITY', 'STAGE_NOTHING_TO_UNDO', each(one => steps.identity(subject, one))),
    stage('hashkv', 'STAGE_HASHKV', 'STAGE_NOTHING_TO_UNDO', [steps.hashKv(subject)]),
    stage('healthy', 'STAGE_HEALTHY', 'STAGE_NOTHING_TO_UNDO', each(one => steps.healthy(one.member))),
  ].filter(({ steps: { length } }) => length > 0);
}

/** What must hold after a restore was taken back: whoever answered before, and had data to come back to, answers again as who it was. */
export function checksBefore(subject: RestoreSubject): readonly Stage[] {
  const kept = subject.members.filter(({ oldData }) => oldData !== undefined);
  const answered = kept.filter(({ before }) => before !== undefined);
  const all = [...answered.flatMap(member => steps.identityBefore(subject, member)), ...subject.serving ? answered.map(steps.healthy) : []];
  // Too few to agree: etcd that starts among them answers nobody.
  if (kept.length < quorum(subject.members.length)) return [];
  return all.length === 0 ? [] : [stage('check-before', 'STAGE_CHECK_BEFORE', 'STAGE_NOTHING_TO_UNDO', all)];
}

function stage(id: string, title: StageTitleCode, undoTitle: StageTitleCode, all: readonly Step[]): Stage {
  const message = (code: StageTitleCode): Message<StageTitleCode> => ({ code, args: {} });
  return { id, title: message(title), undoTitle: message(undoTitle), steps: all };
}
