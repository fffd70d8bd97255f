import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { KnownError } from '../../core/errors.js';
import { dataDirScript } from '../../core/host/dataDirScript.js';
import { failureOf } from '../../core/host/outcome.js';
import { currentEntries, standing, type Entry, type Journal, type RunRecord } from '../../core/journal.js';
import { refuseLostWay } from '../../core/lostWay.js';
import { stepsOf, type Plan } from '../../core/plan.js';
import type { Probe, Verdict } from '../../core/probe.js';
import type { RestorePlan } from '../../core/restore/planRestore.js';
import { checksBefore } from '../../core/restore/stages.js';
import type { RestoreSubject } from '../../core/restore/subject.js';
import type { RunEnd } from '../../core/runner.js';
import { carryOn, goBack, isWayBackOf, planBack, type Carrying } from '../../core/takeBack.js';
import { hostOf, realHands, type World } from './hands.js';
import { journalName, openJournal, readCopies, type JournalPlaces } from './journalFiles.js';
import { behindLocks, lockDataDirs, operator } from './lock.js';
import { refuseNewerRuns, refuseOtherRuns, refuseUnbegun } from './otherRuns.js';
import { subjectOf } from './subjectOf.js';

export { subjectOf } from './subjectOf.js';

/** What a run needs besides its plan. */
export interface RunContext extends World {
  /** The editor's own folder of journals. */
  readonly journals: string;
  readonly signal: AbortSignal;
  readonly onEntry: (entry: Entry) => void;
  readonly onOutput: (step: string, text: string) => void;
}

/** sha256 (hex) of a plan's JSON: what a person approves. */
export const digestOf = (plan: Plan): string => createHash('sha256').update(JSON.stringify(plan)).digest('hex');

/**
 * Begins an approved restore: locks, writes the journal beside the data and here, then runs.
 * Rejects with PLAN_NOT_APPROVED, LOCKED_BY_OTHER, OTHER_RUN_OPEN, PATH_EXISTS, FILE_UNREADABLE before anything was done.
 */
export async function beginRestore(context: RunContext, plan: RestorePlan, approved: string): Promise<RunEnd> {
  if (digestOf(plan) !== approved) throw new KnownError('PLAN_NOT_APPROVED', { run: plan.run });
  await makeDataDirs(context, plan);
  return locked(context, plan.subject, async under => {
    await refuseOtherRuns(under, plan);
    const record: RunRecord = { opening: { event: 'opened', at: under.clock.now(), by: operator(), digest: approved, plan }, entries: [] };
    return carryOn(record, carrying(under, await openJournal(placesOf(under, plan.run, plan.subject), record)));
  });
}

/** Goes on with an interrupted run, forward or back, from the copy of its journal that got furthest. Rejects with OTHER_RUN_OPEN when it was never begun, and another was. */
export const resumeRun = (context: RunContext, known: RunRecord, approved: string): Promise<RunEnd> =>
  locked(context, subjectOf(known), async under => {
    const { record, journal } = await reopen(under, known, approved);
    return carryOn(record, carrying(under, journal));
  });

/**
 * Begins to take a run back, finished or not, or goes on with it, by the way back whose digest was approved.
 * Rejects with NEWER_RUN or WAY_BACK_CHANGED before anything was done.
 */
export const takeRestoreBack = (context: RunContext, known: RunRecord, approved: string): Promise<RunEnd> =>
  locked(context, subjectOf(known), async under => {
    await refuseNewerRuns(under, known);
    const { record, journal } = await reopen(under, known, known.opening.digest);
    return goBack(record, operator(), approved, checksBefore(subjectOf(known)), carrying(under, journal));
  });

/** The plan that would take this run back now, and its digest. Rejects with NEWER_RUN when a later one must be taken back first, and as `goBack` does. */
export async function wayBack(context: Pick<RunContext, keyof World | 'signal'>, record: RunRecord): Promise<{ readonly plan: Plan; readonly digest: string }> {
  await refuseNewerRuns(context, record);
  const hands = realHands(context);
  const holds = (probe: Probe): Promise<Verdict> => hands.holds(probe, context.signal);
  const plan = await planBack(record, checksBefore(subjectOf(record)), holds);
  // What cannot be done need not be read.
  if (standing(record.entries) !== 'takenBack') await refuseLostWay(plan, standing(record.entries) === 'takingBack' ? currentEntries(record) : [], holds);
  return { plan, digest: digestOf(plan) };
}

/** Whether a journal's plan is the approved one, and a way back in it is that plan's own. */
export const isApproved = ({ opening, entries }: RunRecord, approved: string): boolean =>
  opening.digest === approved && digestOf(opening.plan) === approved
  && entries.every(entry => entry.event !== 'takingBack' || (entry.digest === digestOf(entry.plan) && isWayBackOf(entry.plan, opening.plan)));

/** Nobody else may work on these data directories meanwhile. What is done under the locks is done with the context that `work` is given. */
async function locked<T>(context: RunContext, subject: RestoreSubject, work: (under: RunContext) => Promise<T>): Promise<T> {
  const byHost = [...Map.groupBy(subject.members, member => member.host)];
  const taken = await Promise.allSettled(byHost.map(async ([name, members]) =>
    [name, await lockDataDirs(members.map(member => member.dataDir), context.clock.now(), name === 'local' ? undefined : hostOf(context, name))] as const));
  const locks = new Map(taken.flatMap(lock => lock.status === 'fulfilled' ? [lock.value] : []));
  try {
    for (const lock of taken) if (lock.status === 'rejected') throw lock.reason;
    return await work({ ...context, hosts: behindLocks(context.hosts, locks) });
  } finally {
    await Promise.all([...locks.values()].map(lock => lock[Symbol.asyncDispose]()));
  }
}

async function reopen(context: RunContext, known: RunRecord, approved: string): Promise<{ readonly record: RunRecord; readonly journal: Journal }> {
  const { run: id } = known.opening.plan;
  const places = placesOf(context, id, subjectOf(known));
  const found = await readCopies(places, copy => isApproved(copy, approved));
  if (found === undefined) await refuseUnbegun(context, known);
  const record = found ?? known;
  if (!isApproved(record, approved)) throw new KnownError('JOURNAL_DIGEST_DIFFERS', { path: places.own.path });
  return { record, journal: await openJournal(places, record) };
}

const carrying = (context: RunContext, journal: Journal): Carrying => ({
  digestOf, journal, hands: realHands(context), clock: context.clock, signal: context.signal, onEntry: context.onEntry, onOutput: context.onOutput,
});

function placesOf(context: RunContext, id: string, subject: RestoreSubject): JournalPlaces {
  return {
    beside: subject.members.map(({ host, dataDir }) => ({ host: hostOf(context, host), path: join(dataDir, journalName(id)) })),
    own: { host: hostOf(context, 'local'), path: join(context.journals, journalName(id)) },
  };
}

async function makeDataDirs(context: RunContext, plan: Plan): Promise<void> {
  for (const { act } of stepsOf(plan)) {
    if (act.do !== 'stage') continue;
    const outcome = await hostOf(context, act.host).run(dataDirScript(act.staging.dataDir, act.staging.owner), { signal: context.signal });
    if (outcome.code !== 0) throw failureOf(act.host, outcome);
  }
}
