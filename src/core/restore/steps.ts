import type { EndpointOf, EtcdProcess, Probe } from '../probe.js';
import type { Message, MessageArgs } from '../errors.js';
import type { Step } from '../plan.js';
import { socketsOf } from './sockets.js';
import type { MemberWork } from './stages.js';
import type { RestoreSubject, SubjectMember } from './subject.js';
import type { StepTitleCode } from './titles.js';

const SECOND = 1000;

/** The snapshot on the host is, to the byte, the one that was verified. */
export function sameFile(subject: RestoreSubject, host: string, id: string, path = subject.snapshot.path): Step {
  const { sha256, size } = subject.snapshot;
  const done: Probe = { is: 'sameFile', host, path, sha256, size };
  return wait(`${id}@${host}`, host, titled('STEP_SAME_FILE', { path, host }), done, 0);
}

/** Copies the snapshot beside the data of a member, where the tool finds it, also in a container; and the tool, where the host has none that will do. */
export function upload(subject: RestoreSubject, { member: { name, host, uploaded }, tool }: MemberWork): readonly Step[] {
  const copied = (id: string, title: StepTitleCode, from: { readonly path: string; readonly sha256: string; readonly size: number }, to: string): Step => ({
    id: `${id}@${name}`, lane: name, title: titled(title, { host, path: to }),
    act: { do: 'upload', host, from: from.path, to, sha256: from.sha256, size: from.size }, done: { is: 'sameFile', host, path: to, sha256: from.sha256, size: from.size }, undo: 'nothing',
  });
  return [
    ...uploaded === undefined ? [] : [copied('upload', 'STEP_UPLOAD', subject.snapshot, uploaded)],
    ...tool.copyOf === undefined ? [] : [copied('upload-tool', 'STEP_UPLOAD_TOOL', tool.copyOf, tool.path)],
  ];
}

/** One host restores its members one after the other: each takes memory of the database's size. */
export function stage(subject: RestoreSubject, { definition, member, tool, owner, disk }: MemberWork): Step {
  const { name, host } = member;
  const initialCluster = subject.members.flatMap(each => each.peerUrls.map(url => `${each.name}=${url}`)).join(',');
  return {
    id: `stage@${name}`, lane: host, title: titled('STEP_STAGE', { member: name, path: member.staged }),
    act: { do: 'stage', host, staging: {
      dataDir: member.dataDir, target: member.staged, part: `${member.staged}.part`, tool: tool.path,
      ...(tool.copyOf === undefined ? {} : { copied: tool.copyOf.sha256 }), ...(tool.runIn === undefined ? {} : { toolIn: tool.runIn }), snapshot: member.uploaded ?? subject.snapshot.path, name,
      initialCluster, token: subject.token, peerUrls: definition.peerUrls.join(','), owner,
      like: disk.member.kind === 'directory' ? `${member.dataDir}/member` : member.dataDir,
      ...(subject.bumpRevision === undefined ? {} : { bumpRevision: subject.bumpRevision }),
    } },
    done: { is: 'exists', host, path: `${member.staged}/member` }, undo: 'nothing',
  };
}

/**
 * Also a member that does not run now is told to stop: what supervises it may start it at any moment, and it would begin an empty
 * database between the two renames. Taking back does not start what did not run.
 */
export function stop(subject: RestoreSubject, work: MemberWork): Step {
  const { definition, member, disk } = work;
  const etcd = etcdOf(subject, work);
  const ran = disk.heldBy.length > 0 || disk.listening;
  return {
    id: `stop@${member.name}`, lane: member.name, title: titled('STEP_STOP', { member: member.name }), done: { is: 'stopped', ...etcd },
    act: { do: 'stop', etcd, argv: definition.stop ?? [], withinMs: 60 * SECOND },
    // Started without data, it would begin as a new member under the old one's id.
    undo: ran && member.oldData !== undefined ? { title: titled('STEP_START_AGAIN', { member: member.name }), act: { do: 'start', etcd, argv: definition.start ?? [], withinMs: 60 * SECOND }, done: { is: 'running', ...etcd } } : 'nothing',
  };
}

/** Two renames within the data directory, which itself may be a mount point; each can be taken back by its inverse. */
export function swap(subject: RestoreSubject, work: MemberWork): readonly Step[] {
  const { member: { name, host, dataDir, staged, oldData } } = work;
  const etcd = etcdOf(subject, work);
  const live = `${dataDir}/member`;
  const restored = `${staged}/member`;
  const moved = (from: string, to: string): Probe => ({ is: 'all', probes: [{ is: 'exists', host, path: to }, { is: 'absent', host, path: from }] });
  const moveIn: Step = {
    id: `move-in@${name}`, lane: name, title: titled('STEP_MOVE_IN', { member: name }),
    act: { do: 'move', etcd, from: restored, to: live }, done: moved(restored, live),
    undo: { title: titled('STEP_MOVE_OUT', { member: name, path: restored }), act: { do: 'move', etcd, from: live, to: restored }, done: moved(live, restored) },
  };
  // Whatever supervises an etcd without data lets it begin anew, perhaps between the plan and its stop: that is put aside as well, and
  // no way back wants it.
  if (oldData === undefined) return [{
    id: `move-begun@${name}`, lane: name, title: titled('STEP_MOVE_BEGUN', { member: name, path: `${dataDir}/rescue-${subject.run}` }),
    act: { do: 'move', etcd, from: live, to: `${dataDir}/rescue-${subject.run}`, ifThere: true }, done: { is: 'absent', host, path: live }, undo: 'nothing',
  }, moveIn];
  return [{
    id: `move-aside@${name}`, lane: name, title: titled('STEP_MOVE_ASIDE', { member: name, path: oldData }),
    // The place of the old data is enough of a sign: `member` is taken again by the next step.
    act: { do: 'move', etcd, from: live, to: oldData }, done: { is: 'exists', host, path: oldData },
    undo: { title: titled('STEP_MOVE_BACK', { member: name }), act: { do: 'move', etcd, from: oldData, to: live }, done: moved(oldData, live) },
  }, moveIn];
}

export function start(subject: RestoreSubject, work: MemberWork): Step {
  const { definition, member: { name } } = work;
  const etcd = etcdOf(subject, work);
  return {
    id: `start@${name}`, lane: name, title: titled('STEP_START', { member: name }),
    act: { do: 'start', etcd, argv: definition.start ?? [], withinMs: 60 * SECOND }, done: { is: 'running', ...etcd },
    undo: { title: titled('STEP_STOP_RESTORED', { member: name }), act: { do: 'stop', etcd, argv: definition.stop ?? [], withinMs: 60 * SECOND }, done: { is: 'stopped', ...etcd } },
  };
}

export function identity(subject: RestoreSubject, { member }: MemberWork): Step {
  const memberId = subject.foretold.memberIds[member.name] ?? '';
  return wait(`identity@${member.name}`, member.name, titled('STEP_IDENTITY', { member: member.name, id: memberId }),
    { is: 'identity', member: endpointOf(member), clusterId: subject.foretold.clusterId, memberId }, 120 * SECOND);
}

export function hashKv(subject: RestoreSubject): Step {
  const { revision, hashKv: hash } = subject.foretold;
  return wait('hashkv', 'cluster', titled('STEP_HASHKV', { hash, revision }),
    { is: 'hashKv', members: subject.members.map(endpointOf), revision, hash }, 60 * SECOND);
}

export const healthy = (member: SubjectMember): Step =>
  wait(`healthy@${member.name}`, member.name, titled('STEP_HEALTHY', { member: member.name }), { is: 'healthy', member: endpointOf(member) }, 60 * SECOND);

/**
 * Nobody else answers where a member was found: the endpoints would not be those of this cluster. Whether it answers at
 * all does not matter, or a power cut before the stop would leave a run that cannot go on.
 */
export const stillItself = (subject: RestoreSubject, member: SubjectMember): readonly Step[] =>
  identityBefore(subject, member).flatMap(({ title, done }) => done.is !== 'identity' ? [] : [
    wait(`still@${member.name}`, member.name, title, { ...done, orSilent: true }, 5 * SECOND),
  ]);

/** A member is again who it was when the plan was made. */
export const identityBefore = (subject: RestoreSubject, member: SubjectMember): readonly Step[] =>
  member.before === undefined || subject.clusterIdBefore === undefined ? [] : [
    wait(`identity-before@${member.name}`, member.name, titled('STEP_IDENTITY_BEFORE', { member: member.name, id: member.before.memberId }),
      { is: 'identity', member: endpointOf(member), clusterId: subject.clusterIdBefore, memberId: member.before.memberId }, 120 * SECOND),
  ];

const titled = (code: StepTitleCode, args: MessageArgs): Message<StepTitleCode> => ({ code, args });

const wait = (id: string, lane: string, title: Message, done: Probe, withinMs: number): Step =>
  ({ id, lane, title, act: { do: 'expect', probe: done, withinMs }, done, undo: 'nothing' });

const endpointOf = ({ name, host, endpoint, tls }: SubjectMember): EndpointOf =>
  ({ name, endpoint, ...(tls?.at === 'host' ? { through: host } : {}), ...(tls === undefined ? {} : { tls }) });

/** The etcd of a member, wherever its data lies during this run. */
export const etcdOf = (subject: RestoreSubject, { definition, member: { host, dataDir, staged } }: MemberWork): EtcdProcess => ({
  host, dataDir, memberDirs: ['member', `rescue-${subject.run}`, `${staged.slice(dataDir.length + 1)}/member`],
  sockets: socketsOf([...definition.clientUrls, ...definition.peerUrls]),
});
