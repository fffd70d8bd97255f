import { constants, type Stats } from 'node:fs';
import { lstat, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { KnownError, textOf, type MessageArgs } from '../../core/errors.js';
import { readJournal, type RunRecord } from '../../core/journal.js';
import { LARGEST_JOURNAL } from './journalFiles.js';
import type { JournalFault } from '../../core/restore/errors.js';
import { isRestoreSubject } from '../../core/restore/subject.js';
import { isApproved } from './restoreRun.js';

/**
 * Reads a journal that a person points at. It says what will be run, so it is used only when nobody else can have
 * written it, and when the plan in it is the one that was approved. The folder may be of the user that runs etcd,
 * who can put a file in its place but none of ours.
 * Rejects with FILE_UNREADABLE, JOURNAL_NOT_TRUSTED, JOURNAL_UNREADABLE or JOURNAL_DIGEST_DIFFERS.
 */
export async function trustedJournal(path: string): Promise<RunRecord> {
  const folder = dirname(path);
  const place = await looked(folder);
  if (place.isSymbolicLink()) throw distrusted(path, 'FOLDER_IS_LINK', { folder });
  if (isOfOthers(place)) throw distrusted(path, 'FOLDER_OF_OTHERS', { folder, mode: modeOf(place) });
  const record = readJournal(await trustedText(path))?.record;
  if (record === undefined || !isRestoreSubject(record.opening.plan.subject)) throw new KnownError('JOURNAL_UNREADABLE', { path });
  if (!isApproved(record, record.opening.digest)) throw new KnownError('JOURNAL_DIGEST_DIFFERS', { path });
  return record;
}

/** The very file that was judged is read: what its name stands for may change in between. */
async function trustedText(path: string): Promise<string> {
  const named = await looked(path);
  if (named.isSymbolicLink()) throw distrusted(path, 'IS_LINK');
  if (!named.isFile()) throw distrusted(path, 'NO_FILE');
  const fail = (error: unknown): never => { throw unreadable(path, error); };
  await using file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(fail);
  const stat = await file.stat();
  if (!stat.isFile()) throw distrusted(path, 'NO_FILE');
  if (isOfOthers(stat)) throw distrusted(path, 'OF_OTHERS', { mode: modeOf(stat) });
  if (isForeign(stat)) throw distrusted(path, 'FOREIGN', { uid: stat.uid });
  if (stat.size > LARGEST_JOURNAL) throw distrusted(path, 'TOO_LARGE', { size: stat.size });
  return await file.readFile('utf8').catch(fail);
}

const distrusted = (path: string, fault: JournalFault, args: MessageArgs = {}): KnownError => new KnownError('JOURNAL_NOT_TRUSTED', { path, fault, ...args });

const isOfOthers = ({ mode }: Stats): boolean => (mode & 0o022) !== 0;
const modeOf = ({ mode }: Stats): string => (mode & 0o777).toString(8);
const isForeign = ({ uid }: Stats): boolean => uid !== (process.getuid?.() ?? uid) && uid !== 0;

const looked = (path: string): Promise<Stats> => lstat(path).catch((error: unknown) => { throw unreadable(path, error); });

const unreadable = (path: string, error: unknown): KnownError => new KnownError('FILE_UNREADABLE', { path, reason: textOf(error) }, { cause: error });
