import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { textOf } from '../../core/errors.js';
import { isPartial, listingOf, looksLikeSnapshot, type SnapshotEntry, type SnapshotListing } from '../../core/snapshot/snapshotEntry.js';

/** Lists a folder's snapshots, at most 200. Links are followed, folders below are not. Never rejects. */
export async function listSnapshots(folder: string): Promise<SnapshotListing> {
  try {
    const names = (await readdir(folder)).filter(looksLikeSnapshot);
    const entries = await Promise.all(names.map(name => entryOf(folder, name)));
    return listingOf(entries.filter(entry => entry !== undefined));
  } catch (error) {
    const absent = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return { entries: [], more: 0, ...!absent && { unreadable: textOf(error) } };
  }
}

/** Nothing for what is no file, or was removed while we looked. */
async function entryOf(folder: string, name: string): Promise<SnapshotEntry | undefined> {
  const file = path.join(folder, name);
  const found = await stat(file).catch(() => undefined);
  if (!found?.isFile()) return undefined;
  return { path: file, name, size: found.size, mtimeMs: found.mtimeMs, partial: isPartial(name) };
}
