import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { KnownError, textOf } from '../../core/errors.js';
import type { Host } from '../../core/host/host.js';
import { furthest, journalLine, readJournal, type Entry, type Journal, type Opening, type RunRecord } from '../../core/journal.js';

/** A place where a copy of the journal lies. */
export interface JournalPlace {
  readonly host: Host;
  readonly path: string;
}

/** The copies beside the data first and the editor's own last: the editor's machine may be the next that is lost. */
export interface JournalPlaces {
  readonly beside: readonly JournalPlace[];
  readonly own: JournalPlace;
}

/** Bytes; that of a restore of many members, resumed often, has a tenth of it. */
export const LARGEST_JOURNAL = 16 * 2 ** 20;

/** The name of a run's journal in each member's data directory. */
export const journalName = (run: string): string => `restore-${run}.journal`;

/** Reads every copy and returns the one that got furthest, of those with a whole first line that are to be believed. */
export async function readCopies(places: JournalPlaces, believed: (copy: RunRecord) => boolean): Promise<RunRecord | undefined> {
  const texts = await Promise.all([...places.beside, places.own].map(({ host, path }) => host.read(path)));
  return furthest(texts.flatMap(text => readJournal(text ?? '')?.record ?? []).filter(believed));
}

/**
 * Opens a journal for writing: every copy is first made equal to `record`, which mends a last line that was cut off
 * and a copy that was lost. Every entry is flushed on all copies beside the data, then on the own one, before
 * `append` returns.
 */
export async function openJournal(places: JournalPlaces, record: RunRecord): Promise<Journal> {
  const lines: readonly (Opening | Entry)[] = [record.opening, ...record.entries];
  const text = lines.map((line, n) => journalLine(n, line)).join('');
  await mkdir(dirname(places.own.path), { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    throw new KnownError('FILE_UNWRITABLE', { path: places.own.path, reason: textOf(error) }, { cause: error });
  });
  await onAll(places, (host, path) => host.write(path, text));
  let next = lines.length;
  return {
    append: async entry => {
      const line = journalLine(next, entry);
      next++;
      await onAll(places, (host, path) => host.append(path, line));
    },
  };
}

async function onAll(places: JournalPlaces, write: (host: Host, path: string) => Promise<void>): Promise<void> {
  await Promise.all(places.beside.map(({ host, path }) => write(host, path)));
  await write(places.own.host, places.own.path);
}
