import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { ClusterDefinition } from '../../core/cluster/definition.js';
import { furthest, isOpen, latestOfEach, type RunRecord } from '../../core/journal.js';
export { journalsOnHosts } from '../../node/restore/journalsOnHosts.js';
import { isWorkedOn } from '../../node/restore/isWorkedOn.js';
import { journalName } from '../../node/restore/journalFiles.js';
import { subjectOf } from '../../node/restore/restoreRun.js';
import { trustedJournal } from '../../node/restore/trustedJournal.js';

/** Whether somebody works on an open run now, in this window or another one of this machine. */
export const isUnderWay = async (record: RunRecord): Promise<boolean> => isOpen(record) && isWorkedOn(localDirs(subjectOf(record)));

/** Whether an open run waits for somebody: nobody works on it. */
export const isInterrupted = async (record: RunRecord): Promise<boolean> => isOpen(record) && !await isUnderWay(record);

/**
 * The runs whose journals lie in these folders, newest first; of several copies the one that got furthest. Journals that
 * are damaged, or that somebody else could have written, are left out: whoever opens such a one by hand is told why.
 */
export async function runsIn(folders: readonly string[]): Promise<readonly RunRecord[]> {
  const copies = (await Promise.all(folders.map(recordsIn))).flat();
  return [...latestOfEach(copies)].sort((a, b) => b.opening.at.localeCompare(a.opening.at));
}

/** A run as the copy of its journal that got furthest has it now, `known` where none did; `own` is the editor's folder. */
export async function latest(own: string, known: RunRecord): Promise<RunRecord> {
  const { digest, plan } = known.opening;
  const folders = [own, ...localDirs(subjectOf(known))];
  const copies = await Promise.all(folders.map(folder => trustedJournal(path.join(folder, journalName(plan.run))).catch(() => undefined)));
  return furthest([known, ...copies.filter(copy => copy?.opening.digest === digest).filter(copy => copy !== undefined)]) ?? known;
}

/** The folders in which clusters' journals lie: beside their data on this machine, and in the editor's own storage. */
export const journalFolders = (own: string, clusters: readonly ClusterDefinition[]): readonly string[] =>
  [path.join(own, 'journals'), ...clusters.flatMap(localDirs)];

const localDirs = ({ members }: { readonly members: readonly { readonly host: string; readonly dataDir: string }[] }): readonly string[] =>
  members.filter(({ host }) => host === 'local').map(({ dataDir }) => dataDir);

const isJournal = (name: string): boolean => /^restore-[a-z0-9-]+\.journal$/.test(name);

async function recordsIn(folder: string): Promise<readonly RunRecord[]> {
  const names = (await readdir(folder).catch(() => [])).filter(isJournal);
  return (await Promise.all(names.map(name => trustedJournal(path.join(folder, name)).catch(() => undefined)))).filter(record => record !== undefined);
}
