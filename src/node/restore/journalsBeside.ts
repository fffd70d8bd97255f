import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host } from '../../core/host/host.js';
import { readJournal, type RunRecord } from '../../core/journal.js';
import { LARGEST_JOURNAL } from './journalFiles.js';

/** More than that many runs on one data directory are not looked at; the newest are. */
const MOST = 64;

/** Names of the journals in a data directory of this machine, newest run last. */
export const journalsIn = async (dataDir: string): Promise<readonly string[]> =>
  (await readdir(dataDir).catch(() => [])).filter(name => /^restore-[a-z0-9-]+\.journal$/.test(name)).sort();

/** The runs whose journal lies in a data directory of this machine, oldest first. What is no journal is left out. */
export async function journalsBeside(host: Host, dataDir: string): Promise<readonly RunRecord[]> {
  const names = (await journalsIn(dataDir)).slice(-MOST);
  const records = await Promise.all(names.map(async name => {
    const path = join(dataDir, name);
    const stat = await lstat(path).catch(() => undefined);
    if (stat?.isFile() !== true || stat.size > LARGEST_JOURNAL) return undefined;
    return readJournal(await host.read(path) ?? '')?.record;
  }));
  return records.filter(record => record !== undefined);
}
