import assert from 'node:assert/strict';
import { join } from 'node:path';
import { readJournal, type Entry, type RunRecord } from '../../../src/core/journal.js';
import type { RunEnd } from '../../../src/core/runner.js';
import type { ClusterDefinition } from '../../../src/core/cluster/definition.js';
import { planRestore, type RestorePlan } from '../../../src/core/restore/planRestore.js';
import type { Refusal } from '../../../src/core/restore/refusals.js';
import { systemClock } from '../../../src/node/clock.js';
import { connectEtcd } from '../../../src/node/etcd/connectEtcd.js';
import { localHost } from '../../../src/node/host/localHost.js';
import { gatherFacts } from '../../../src/node/restore/gatherFacts.js';
import type { RunContext } from '../../../src/node/restore/restoreRun.js';
import { snapshotReader } from '../../../src/node/snapshot/snapshotReader.js';

const never = new AbortController().signal;
const hosts = new Map([['local', localHost()]]);
const connect: RunContext['connect'] = ({ endpoint, tls }) => connectEtcd(endpoint, tls);
export const reader = snapshotReader(join(import.meta.dirname, '../../../src/node/snapshot'));

/** What the editor gives a run. */
export const contextOf = (journals: string, change: Partial<RunContext> = {}): RunContext => ({
  hosts, connect, clock: systemClock, journals, signal: never, onEntry: () => undefined, onOutput: () => undefined, ...change,
});

/** Asserts that a run came to its end; when it did not, says which steps failed and why. */
export async function finished(work: (context: RunContext) => Promise<RunEnd>, journals: string): Promise<void> {
  const entries: Entry[] = [];
  const end = await work(contextOf(journals, { onEntry: entry => { entries.push(entry); } }));
  assert.deepEqual(end, { end: 'finished' }, JSON.stringify(entries.filter(entry => entry.event === 'failed')));
}

/** Verifies the snapshot, gathers the facts and plans, as the editor does. */
export async function planFor(cluster: ClusterDefinition, snapshot: string, run: string, toolFolders: readonly string[]): Promise<{ readonly plan: RestorePlan } | { readonly refusals: readonly Refusal[] }> {
  const report = await reader.verify(snapshot, { signal: never });
  const lastRevision = (path: string) => reader.lastRevision(path, { signal: never });
  const facts = await gatherFacts({ hosts, connect, toolFolders, lastRevision }, cluster, { path: snapshot, report }, never);
  return planRestore(facts, { run, bump: 'auto', insists: [] });
}

/** What the editor's own journal of a run holds. */
export async function journalOf(journals: string, run: string): Promise<RunRecord> {
  const record = readJournal(await localHost().read(join(journals, `restore-${run}.journal`)) ?? '')?.record;
  assert(record !== undefined, `the journal of ${run}`);
  return record;
}
