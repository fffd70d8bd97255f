import type { ClusterDefinition } from '../../core/cluster/definition.js';
import { KnownError } from '../../core/errors.js';
import { failureOf } from '../../core/host/outcome.js';
import { journalListScript, readJournalList } from '../../core/host/journalScripts.js';
import { latestOfEach, readJournal, type RunRecord } from '../../core/journal.js';
import { isRestoreSubject } from '../../core/restore/subject.js';
import { hostOf, type Hosts } from './hands.js';
import { isApproved } from './restoreRun.js';

/**
 * The runs whose journals lie beside the data of a cluster's members, on whatever hosts, newest first: another machine than the one
 * that began can go on. Only journals that nobody else can have written, whose plan is the approved one; of several copies the one
 * that got furthest. Rejects with what stands between here and the hosts when none can be asked.
 */
export async function journalsOnHosts(hosts: Hosts, cluster: ClusterDefinition, signal: AbortSignal): Promise<readonly RunRecord[]> {
  const asked = await Promise.allSettled(cluster.members.map(member => journalsOn(hosts, member.host, member.dataDir, signal)));
  const copies = asked.flatMap(outcome => outcome.status === 'fulfilled' ? outcome.value : []);
  const failed = asked.find(outcome => outcome.status === 'rejected');
  if (copies.length === 0 && failed !== undefined) throw failed.reason;
  return [...latestOfEach(copies)].sort((a, b) => b.opening.at.localeCompare(a.opening.at));
}

async function journalsOn(hosts: Hosts, name: string, dataDir: string, signal: AbortSignal): Promise<readonly RunRecord[]> {
  const host = hostOf({ hosts }, name);
  const outcome = await host.run(journalListScript(dataDir), { signal });
  if (outcome.code !== 0) throw failureOf(name, outcome);
  const found = readJournalList(outcome.stdout);
  const records = await Promise.all(found.map(async each => {
    const record = readJournal(await host.read(`${dataDir}/${each.name}`) ?? '')?.record;
    if (record === undefined || !isRestoreSubject(record.opening.plan.subject) || !isApproved(record, record.opening.digest)) return undefined;
    if (!each.trusted) throw new KnownError('JOURNAL_NOT_TRUSTED', { path: `${name}:${dataDir}/${each.name}`, reason: 'owner, mode' });
    return record;
  }));
  return records.filter(record => record !== undefined);
}
