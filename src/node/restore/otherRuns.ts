import { join } from 'node:path';
import { KnownError } from '../../core/errors.js';
import { isOpen, latestOfEach, standing, type RunRecord } from '../../core/journal.js';
import type { RestorePlan } from '../../core/restore/planRestore.js';
import type { RestoreSubject } from '../../core/restore/subject.js';
import { hostOf, type World } from './hands.js';
import { journalName } from './journalFiles.js';
import { journalsBeside } from './journalsBeside.js';
import { subjectOf } from './subjectOf.js';

type HostsOf = Pick<World, 'hosts'>;

interface RunBeside {
  readonly dataDir: string;
  readonly record: RunRecord;
}

/**
 * Refuses to begin beside a run that is neither finished nor taken back, and to begin the same run twice. To be asked
 * under the lock: another editor may have begun since the plan was made.
 * @throws KnownError OTHER_RUN_OPEN, or PATH_EXISTS with the path of this run's own journal.
 */
export async function refuseOtherRuns(hosts: HostsOf, { run, subject }: RestorePlan): Promise<void> {
  const beside = await runsBeside(hosts, subject);
  const same = beside.find(({ record }) => record.opening.plan.run === run);
  if (same !== undefined) throw new KnownError('PATH_EXISTS', { path: join(same.dataDir, journalName(run)) });
  refuseOpen(beside);
}

/**
 * Refuses to go on, beside another run that is neither finished nor taken back, with one whose journal lies nowhere: it was
 * refused when it was to begin, and nothing has changed since.
 * @throws KnownError OTHER_RUN_OPEN
 */
export const refuseUnbegun = async (hosts: HostsOf, known: RunRecord): Promise<void> => {
  refuseOpen((await runsBeside(hosts, subjectOf(known))).filter(({ record }) => record.opening.plan.run !== known.opening.plan.run));
};

function refuseOpen(beside: readonly RunBeside[]): void {
  const open = beside.find(({ record }) => isOpen(record));
  if (open !== undefined) throw new KnownError('OTHER_RUN_OPEN', { run: open.record.opening.plan.run, dataDir: open.dataDir });
}

/**
 * Refuses to take a run back while a later one that was not taken back lies beside the data: what would be put aside
 * is that one's data, and what it put aside would come first.
 * @throws KnownError NEWER_RUN with that later run.
 */
export async function refuseNewerRuns(hosts: HostsOf, known: RunRecord): Promise<void> {
  const where = standing(known.entries);
  if (where === 'takingBack' || where === 'takenBack') return;
  const beside = await runsBeside(hosts, subjectOf(known));
  const newer = beside.find(({ record }) => record.opening.plan.run !== known.opening.plan.run
    && record.opening.at > known.opening.at && standing(record.entries) !== 'takenBack');
  if (newer !== undefined) throw new KnownError('NEWER_RUN', { run: newer.record.opening.plan.run, dataDir: newer.dataDir });
}

/** Each run once, by the copy of its journal that got furthest: a host that was lost at the last line still has the run as open. */
async function runsBeside(hosts: HostsOf, subject: RestoreSubject): Promise<readonly RunBeside[]> {
  const copies = (await Promise.all(subject.members.map(async ({ host, dataDir }) =>
    (await journalsBeside(hostOf(hosts, host), dataDir)).map(record => ({ dataDir, record }))))).flat();
  const best = latestOfEach(copies.map(({ record }) => record));
  return copies.filter(({ record }) => best.includes(record));
}
