import { constants, type Stats } from 'node:fs';
import { lstat, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { KnownError, textOf } from '../../core/errors.js';
import { readJournal, type RunRecord } from '../../core/journal.js';
import { LARGEST_JOURNAL } from './journalFiles.js';
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
  trust(folder, ofOthers(await looked(folder)));
  const record = readJournal(await trustedText(path))?.record;
  if (record === undefined || !isRestoreSubject(record.opening.plan.subject)) throw new KnownError('JOURNAL_UNREADABLE', { path });
  if (!isApproved(record, record.opening.digest)) throw new KnownError('JOURNAL_DIGEST_DIFFERS', { path });
  return record;
}

/** The very file that was judged is read: what its name stands for may change in between. */
async function trustedText(path: string): Promise<string> {
  const named = await looked(path);
  trust(path, named.isSymbolicLink() ? 'symbolic link' : named.isFile() ? undefined : 'not a regular file');
  const fail = (error: unknown): never => { throw unreadable(path, error); };
  await using file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(fail);
  const stat = await file.stat();
  trust(path, stat.isFile() ? ofOthers(stat) ?? foreign(stat) : 'not a regular file');
  if (stat.size > LARGEST_JOURNAL) trust(path, `${stat.size} bytes`);
  return await file.readFile('utf8').catch(fail);
}

function trust(path: string, reason: string | undefined): void {
  if (reason !== undefined) throw new KnownError('JOURNAL_NOT_TRUSTED', { path, reason });
}

function ofOthers(stat: Stats): string | undefined {
  if (stat.isSymbolicLink()) return 'symbolic link';
  return (stat.mode & 0o022) === 0 ? undefined : `mode ${(stat.mode & 0o777).toString(8)}`;
}

function foreign({ uid }: Stats): string | undefined {
  return uid === (process.getuid?.() ?? uid) || uid === 0 ? undefined : `owner ${uid}`;
}

const looked = (path: string): Promise<Stats> => lstat(path).catch((error: unknown) => { throw unreadable(path, error); });

const unreadable = (path: string, error: unknown): KnownError => new KnownError('FILE_UNREADABLE', { path, reason: textOf(error) }, { cause: error });
