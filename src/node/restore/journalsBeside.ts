import { failureOf } from '../../core/host/outcome.js';
import type { Host } from '../../core/host/host.js';
import { journalListScript, readJournalList } from '../../core/host/journalScripts.js';
import { readJournal, type RunRecord } from '../../core/journal.js';

/** The runs whose journal lies in a data directory, oldest first. What is no journal is left out. */
export async function journalsBeside(host: Host, dataDir: string): Promise<readonly RunRecord[]> {
  const outcome = await host.run(journalListScript(dataDir), { signal: new AbortController().signal });
  if (outcome.code !== 0) throw failureOf(host.name, outcome);
  const found = readJournalList(outcome.stdout);
  return (await Promise.all(found.map(async ({ name }) => readJournal(await host.read(`${dataDir}/${name}`) ?? '')?.record))).filter(record => record !== undefined);
}
