import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { textOf } from '../../core/errors.js';

/** A file in a snapshot folder. */
export interface SnapshotEntry {
  readonly path: string;
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly mtimeMs: number;
  /** A download that was interrupted, or is still running. */
  readonly partial: boolean;
}

/** What a folder holds, newest first. A folder that is not there yet is empty, not wrong. */
export interface SnapshotListing {
  readonly entries: readonly SnapshotEntry[];
  /** How many older ones are not listed. */
  readonly more: number;
  readonly unreadable?: string;
}

const looksLikeSnapshot = /\.(db|snap|snapshot|etcd)(\.(part|gz|zst|xz|bz2|zip))?$/i;
const atMost = 200;

/** Lists a folder's snapshots, at most 200. Links are followed, folders below are not. Never rejects. */
export async function listSnapshots(folder: string): Promise<SnapshotListing> {
  try {
    const names = (await readdir(folder)).filter(name => looksLikeSnapshot.test(name));
    const entries = await Promise.all(names.map(name => entryOf(folder, name)));
    const files = entries.filter(entry => entry !== undefined).sort((a, b) => b.mtimeMs - a.mtimeMs || a.name.localeCompare(b.name));
    return { entries: files.slice(0, atMost), more: Math.max(0, files.length - atMost) };
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
  return { path: file, name, size: found.size, mtimeMs: found.mtimeMs, partial: name.toLowerCase().endsWith('.part') };
}
