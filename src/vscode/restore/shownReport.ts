import * as vscode from 'vscode';
import { stepsOf } from '../../core/plan.js';
import { humanBytes } from '../../core/cluster/humanBytes.js';
import { lastEvents, standing, type RunRecord, type StepEvent } from '../../core/journal.js';
import { downtimeMs, hasEffects, progressOf } from '../../core/restore/progress.js';
import { writtenSinceRestore } from '../../core/restore/written.js';
import type { RunEnd } from '../../core/runner.js';
import { subjectOf } from '../../node/restore/restoreRun.js';
import type { ShownNotice, ShownTable } from '../../panel/restore.js';
import { moment } from '../age.js';
import { titleOf } from '../words/restoreTitles.js';
import type { MemberAfter } from './state.js';

/** One sentence that says what is being done. */
export const underWayLead = ({ opening, entries }: RunRecord): string => standing(entries) === 'takingBack'
  ? vscode.l10n.t('The restore of {cluster} is being taken back.', { cluster: opening.plan.cluster })
  : vscode.l10n.t('{cluster} is being restored.', { cluster: opening.plan.cluster });

/** One sentence that says where a run stands on which nobody works. */
export function runLead(record: RunRecord, end: RunEnd | undefined): string {
  const { plan, by } = record.opening;
  const { cluster } = plan;
  switch (standing(record.entries)) {
    case 'finished': return comparedLater(record)
      ? vscode.l10n.t('{cluster} is restored: every member has the ids that were foretold, and all have the same content. Clients wrote before it could be compared with what was foretold.', { cluster })
      : vscode.l10n.t('{cluster} is restored: every member has the ids, the content and the revision that were foretold.', { cluster });
    case 'takenBack': return vscode.l10n.t('The restore of {cluster} was taken back: the old data is in place again.', { cluster });
    case 'takingBack':
      if (end?.end === 'failed') return vscode.l10n.t('Taking back the restore of {cluster} stopped at a step that failed. Nothing is lost: mend what it names, then go on.', { cluster });
      return vscode.l10n.t('The restore of {cluster} is not taken back to the end. Go on with it.', { cluster });
    case 'open':
      if (end?.end === 'failed') return vscode.l10n.t('The restore of {cluster} stopped at a step that failed. Nothing is lost: resume it, or take it back.', { cluster });
      if (end?.end === 'cancelled') return vscode.l10n.t('The restore of {cluster} was cancelled. Resume it, or take it back.', { cluster });
      return vscode.l10n.t('The restore of {cluster}, begun {time} by {by}, is not finished: {done} of {all} steps are done.', { cluster, time: moment(Date.parse(record.opening.at)), by, ...counted(record) });
  }
}

function counted(record: RunRecord): { readonly done: number; readonly all: number } {
  const steps = progressOf(record).flatMap(stage => stage.steps);
  return { done: steps.filter(({ state }) => state === 'done').length, all: steps.length };
}

const comparedLater = (record: RunRecord): boolean => record.entries.some(entry => entry.event === 'done' && entry.note?.code === 'HASHKV_EQUAL_LATER');

const downSentence = (record: RunRecord, seconds: string): string => hasPods(record)
  ? vscode.l10n.t('The control plane was down for {seconds} s, measured from the first stop until every API server was ready again.', { seconds })
  : vscode.l10n.t('etcd was down for {seconds} s, measured from the first stop until every member answered again.', { seconds });

/** What a report says beside its tables: downtime, where the data lies, what was written since. */
export function reportNotices(record: RunRecord, after: readonly MemberAfter[] | undefined, gone: readonly string[]): readonly ShownNotice[] {
  const subject = subjectOf(record);
  const where = standing(record.entries);
  const notices: ShownNotice[] = [];
  const downtime = downtimeMs(record);
  if (where === 'finished') {
    notices.push({ tone: 'ok', text: downtime === undefined ? vscode.l10n.t('etcd was down before the restore began.') : downSentence(record, (downtime / 1000).toFixed(1)) });
    if (gone.length > 0) notices.push({ tone: 'plain', text: vscode.l10n.t('Old data was removed, so this restore can no longer be taken back: {paths}', { paths: gone.join(', ') }) });
    else notices.push({ tone: 'plain', text: vscode.l10n.t('The old data is kept where the table below says. Remove it by hand once you are sure; until then the restore can be taken back.') });
    const written = after === undefined ? undefined : writtenSinceRestore(subject, after);
    if (written !== undefined && written > 0n) notices.push({ tone: 'plain', text: vscode.l10n.t('{revisions} revisions were written since the restore.', { revisions: String(written) }) });
    notices.push({ tone: 'plain', text: hasPods(record) ? vscode.l10n.t('Restart the kubelet of every node now, so that none acts on what it remembers.')
      : vscode.l10n.t('If Kubernetes uses this etcd: restart its scheduler, controller manager and kubelets now, so that none acts on what it remembers.') });
  }
  const at = where === 'open' || where === 'takingBack' ? progressOf(record).find(({ steps }) => steps.some(({ state }) => state !== 'done')) : undefined;
  if (at !== undefined) notices.push({ tone: 'plain', text: vscode.l10n.t('It stands at: {stage}', { stage: titleOf(at.stage.title) }) });
  if (where === 'open' && !hasEffects(record)) notices.push({ tone: 'plain', text: vscode.l10n.t('Nothing was stopped or moved yet.') });
  const kept = subject.members.filter(({ name }) => whatHappened(record).get(`stage@${name}`) === 'done').map(({ host, staged }) => host === 'local' ? staged : `${host}:${staged}`);
  if (where === 'takenBack' && kept.length > 0) notices.push({ tone: 'plain', text: vscode.l10n.t('What was restored is kept in: {folders}', { folders: kept.join(', ') }) });
  const waiting = where === 'open' ? subject.members.map(({ name }) => name).filter(name => isStopped(record, name)) : [];
  if (waiting.length > 0) notices.push({ tone: 'warn', text: vscode.l10n.t('Stopped for the restore and not started yet: {members}. Resuming or taking back starts what ran before.', { members: waiting.join(', ') }) });
  const parked = where === 'open' ? parkedBeside(record) : '';
  if (parked !== '') notices.push({ tone: 'warn', text: vscode.l10n.t('Kubernetes is stopped for the restore and not started yet: {pods}. Resuming or taking back starts what ran before.', { pods: parked }) });
  for (const { name, silent } of after ?? []) if (silent !== undefined && !waiting.includes(name)) notices.push({ tone: 'warn', text: vscode.l10n.t('{member} does not answer. {reason}', { member: name, reason: silent }) });
  const alarms = (after ?? []).filter(({ alarms: text }) => text !== undefined && text !== '');
  for (const { name, alarms: text = '' } of alarms) notices.push({ tone: 'warn', text: vscode.l10n.t('{member} reports: {alarms}', { member: name, alarms: text }) });
  return notices;
}

/** Before and after, member by member, and where the old data lies. */
export function reportTables(record: RunRecord, after: readonly MemberAfter[] | undefined): ShownTable[] {
  const subject = subjectOf(record);
  const none = '—';
  const columns = [vscode.l10n.t('Member'), vscode.l10n.t('Member id'), vscode.l10n.t('Version'), vscode.l10n.t('DB size'), vscode.l10n.t('Revision')];
  const before: ShownTable = {
    caption: vscode.l10n.t('Before'), columns,
    rows: subject.members.map(({ name, before: was }) => [name, was?.memberId ?? none, was?.version ?? none, was === undefined ? none : humanBytes(was.dbSize), was?.revision ?? none]),
  };
  const now: ShownTable = {
    caption: vscode.l10n.t('Now'), columns,
    rows: (after ?? []).map(({ name, memberId, version, dbSize, revision }) => [name, memberId ?? none, version ?? none, dbSize === undefined ? none : humanBytes(dbSize), revision ?? none]),
  };
  const data: ShownTable = {
    caption: vscode.l10n.t('Where the data lies'), columns: [vscode.l10n.t('Member'), vscode.l10n.t('Data directory'), vscode.l10n.t('Old data')],
    rows: subject.members.map(({ name, dataDir, oldData }) => [name, dataDir, oldData === undefined ? none : oldDataNow(record, name, dataDir, oldData)]),
  };
  return [before, ...after === undefined ? [] : [now], data];
}

/** What last happened to each step, forward and back. */
const whatHappened = ({ entries }: RunRecord): ReadonlyMap<string, StepEvent> => lastEvents(entries);

/** Whether the restore has stopped a member and not begun to start it: its silence needs no other reason. */
export const isStopped = (record: RunRecord, name: string): boolean =>
  ([['stop', 'start'], ['park-etcd', 'put-back-etcd']] as const).some(([stop, start]) => whatHappened(record).get(`${stop}@${name}`) === 'done' && !whatHappened(record).has(`${start}@${name}`));

/** The pods beside etcd that are stopped and not begun to be started, each with its hosts: etcd may look healthy all the while. */
function parkedBeside(record: RunRecord): string {
  const happened = whatHappened(record);
  const parked = stepsOf(record.opening.plan).flatMap(({ id, act }) =>
    act.do === 'park' && act.pod.name !== 'etcd' && happened.get(id) === 'done' && !happened.has(id.replace('park-', 'put-back-')) ? [act.pod] : []);
  return [...Map.groupBy(parked, ({ name }) => name)].map(([name, pods]) => `${name} (${pods.map(({ host }) => host).join(', ')})`).join(', ');
}

/** Whether the run itself stops and starts what uses etcd. */
const hasPods = (record: RunRecord): boolean => stepsOf(record.opening.plan).some(({ act }) => act.do === 'park');

/** Where the old data lies as far as the journal tells; while a rename is not known to have ended, in one of two places. */
export function oldDataNow(record: RunRecord, name: string, dataDir: string, aside: string): string {
  const happened = whatHappened(record), there = happened.get(`move-aside@${name}`), back = happened.get(`undo-move-aside@${name}`);
  const live = `${dataDir}/member`;
  if (there === undefined || back === 'done') return live;
  return there === 'done' && back === undefined ? aside : vscode.l10n.t('{one} or {other}', { one: live, other: aside });
}
