import type { Owner } from '../action.js';
import { quorum } from '../cluster/quorum.js';
import type { MemberDefinition } from '../cluster/definition.js';
import type { Message } from '../errors.js';
import type { Stage, Step } from '../plan.js';
import type { DiskFacts, PodFacts, RestoreChoice, ToolFacts } from './facts.js';
import { podStages } from './podStages.js';
import * as steps from './steps.js';
import type { RestoreSubject, SubjectMember } from './subject.js';
import type { StageTitleCode } from './titles.js';

/** All that the steps of one member are made from. */
export interface MemberWork {
  readonly definition: MemberDefinition;
  readonly member: SubjectMember;
  /** `copyOf` is the tool of this machine that is copied to `path`. */
  readonly tool: Pick<ToolFacts, 'path' | 'runIn'> & { readonly copyOf?: { readonly path: string; readonly sha256: string; readonly size: number } };
  readonly disk: DiskFacts;
  /** Static pods only. */
  readonly pods?: PodFacts;
  readonly owner: Owner;
}

/**
 * The order of a restore. Everything slow happens while the old cluster still serves; then whoever writes to etcd stops, followers
 * stop before the leader (a leader that stops first tries to hand over for seconds), nobody starts before everybody was swapped,
 * and nobody writes before everybody is who it should be.
 */
export function restoreStages(subject: RestoreSubject, work: readonly MemberWork[], kubelets?: RestoreChoice['kubelets']): readonly Stage[] {
  const leader = work.find(({ member }) => member.before?.isLeader === true);
  const followers = work.filter(each => each !== leader);
  const each = (make: (one: MemberWork) => Step) => work.map(make);
  const pods = podStages(subject, work, kubelets);
  const run = pods?.etcd ?? { stop: one => steps.stop(subject, one), start: one => steps.start(subject, one) };
  return [
    stage('verify', 'STAGE_VERIFY', 'STAGE_NOTHING_TO_UNDO', [
      ...hostsThatRead(subject).map(host => steps.sameFile(subject, host, 'verify')), ...subject.members.flatMap(member => steps.stillItself(subject, member)),
    ]),
    stage('upload', 'STAGE_UPLOAD', 'STAGE_NOTHING_TO_UNDO', work.flatMap(one => steps.upload(subject, one))),
    stage('stage', 'STAGE_STAGE', 'STAGE_NOTHING_TO_UNDO', each(one => steps.stage(subject, one))),
    stage('verify-again', 'STAGE_VERIFY_AGAIN', 'STAGE_NOTHING_TO_UNDO', verifyAgain(subject)),
    ...pods?.before ?? [],
    stage('stop', leader === undefined ? 'STAGE_STOP' : 'STAGE_STOP_FOLLOWERS', 'STAGE_UNDO_STOP', followers.map(run.stop)),
    stage('stop-leader', 'STAGE_STOP', 'STAGE_UNDO_STOP_LEADER', leader === undefined ? [] : [run.stop(leader)]),
    stage('swap', 'STAGE_SWAP', 'STAGE_UNDO_SWAP', work.flatMap(one => steps.swap(subject, one))),
    stage('start', 'STAGE_START', 'STAGE_UNDO_START', each(run.start)),
    stage('identity', 'STAGE_IDENTITY', 'STAGE_NOTHING_TO_UNDO', each(one => steps.identity(subject, one))),
    stage('hashkv', 'STAGE_HASHKV', 'STAGE_NOTHING_TO_UNDO', [steps.hashKv(subject)]),
    stage('healthy', 'STAGE_HEALTHY', 'STAGE_NOTHING_TO_UNDO', each(one => steps.healthy(one.member))),
    ...pods?.after ?? [],
  ].filter(({ steps: { length } }) => length > 0);
}

/** Hosts whose tool reads the snapshot where it lies, and this machine, which copies it to the others. */
const hostsThatRead = ({ members }: RestoreSubject): readonly string[] =>
  [...new Set(members.map(({ host, uploaded }) => uploaded === undefined ? host : 'local'))];

const verifyAgain = (subject: RestoreSubject): readonly Step[] => [
  ...[...new Set(subject.members.flatMap(({ host, uploaded }) => uploaded === undefined ? [host] : []))].map(host => steps.sameFile(subject, host, 'verify-again')),
  ...subject.members.flatMap(({ name, host, uploaded }) => uploaded === undefined ? [] : [{ ...steps.sameFile(subject, host, 'verify-again', uploaded), id: `verify-again@${name}`, lane: name }]),
];

/** What must hold after a restore was taken back: whoever answered before, and had data to come back to, answers again as who it was. */
export function checksBefore(subject: RestoreSubject): readonly Stage[] {
  const kept = subject.members.filter(({ oldData }) => oldData !== undefined);
  const answered = kept.filter(({ before }) => before !== undefined);
  const all = [...answered.flatMap(member => steps.identityBefore(subject, member)), ...subject.serving ? answered.map(steps.healthy) : []];
  // Too few to agree: etcd that starts among them answers nobody.
  if (kept.length < quorum(subject.members.length)) return [];
  return all.length === 0 ? [] : [stage('check-before', 'STAGE_CHECK_BEFORE', 'STAGE_NOTHING_TO_UNDO', all)];
}

/** A stage whose titles take no arguments. */
export function stage(id: string, title: StageTitleCode, undoTitle: StageTitleCode, all: readonly Step[]): Stage {
  const message = (code: StageTitleCode): Message<StageTitleCode> => ({ code, args: {} });
  return { id, title: message(title), undoTitle: message(undoTitle), steps: all };
}
