import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { Etcd3 } from 'etcd3';
import type { Lab } from '../lab/lab.js';
import type { LabEditor } from '../test/lab/restore/labRestore.js';
import type { Took } from './ansible.js';
import type { BenchLab } from './benchLab.js';
import { fillEtcd } from './fillEtcd.js';
import { median } from './median.js';
import { outageDuring, prepareOutageWatch } from './outage.js';
import type { Outage } from './outage.js';
import type { BenchRow } from './row.js';

export interface RestoreOptions {
  /** Bytes of the small and of the large snapshot. */
  readonly small?: number;
  readonly large?: number;
  readonly rounds?: number;
}

/** Where the bulk of a snapshot lies: API servers keep what is theirs in memory, and are not what is measured. */
const bulk = '/bulk/';

/**
 * How long a cluster of three hosts takes no writes while it is restored: by us, and by hand as Ansible does it, seen by the same
 * watch from outside. Once from a large snapshot, and by us also from a small one. Interleaved rounds.
 */
export async function restore({ lab, editor, ansible }: BenchLab, { small = 10_000_000, large = 1_000_000_000, rounds = 3 }: RestoreOptions = {}): Promise<BenchRow[]> {
  await prepareOutageWatch(lab);
  const snapshots = { small: await snapshotOf(lab, editor, small, 'small'), large: await snapshotOf(lab, editor, large, 'large') };
  const seen: Record<'small' | 'large' | 'byHand', Outage[]> = { small: [], large: [], byHand: [] };
  const [stages, tasks]: [Took[][], (readonly Took[])[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    for (const size of round % 2 === 0 ? ['small', 'large'] as const : ['large', 'small'] as const) {
      await onlyData(lab);
      const { outage, took } = await ours(lab, editor, snapshots[size], `bench-${size}-${round}`);
      seen[size].push(outage);
      tell(`ours, ${size}`, outage);
      if (size === 'large') stages.push(took);
    }
    await onlyData(lab);
    const outage = await outageDuring(lab, async () => { tasks.push(await ansible.procedure4(snapshots.large)); });
    seen.byHand.push(outage);
    tell('by hand', outage);
    await lab.untilEtcdHealthy();
  }
  return rowsOf(seen, stages, tasks, rounds, await sizesOf(snapshots));
}

/** A run takes long: whoever waits for it sees that it goes on. */
const tell = (who: string, { some, all }: Outage): void => console.error(`${who}: ${some.toFixed(1)} s until every API server took writes again, ${all.toFixed(1)} s with none that did`);

/** Fills etcd with bulk and takes a snapshot. The large one's bulk replaces the small one's. */
async function snapshotOf(lab: Lab, editor: LabEditor, bytes: number, name: string): Promise<string> {
  const read = (file: string): Promise<Buffer> => readFile(path.join(lab.pki, 'etcd', file));
  const credentials = { rootCertificate: await read('ca.crt'), certChain: await read('client.crt'), privateKey: await read('client.key') };
  const client = new Etcd3({ hosts: lab.hosts.map(({ clientUrl }) => clientUrl), credentials });
  try {
    await fillEtcd(client, bytes, bulk);
    return await editor.snapshot(name);
  } finally {
    client.close();
  }
}

/** Leaves nothing beside the members' data, of no restore before. */
async function onlyData(lab: Lab): Promise<void> {
  const script = 'find /var/lib/etcd -mindepth 1 -maxdepth 1 ! -name member -exec rm -rf {} +; rm -rf /root/snapshot.db /root/manifests; sync -f /var/lib/etcd';
  await Promise.all(lab.hosts.map(host => lab.script(host, script)));
}

async function ours(lab: Lab, editor: LabEditor, snapshot: string, run: string): Promise<{ readonly outage: Outage; readonly took: Took[] }> {
  const plan = await editor.plan(snapshot, run);
  const times = new Map<string, number[]>();
  const outage = await outageDuring(lab, async () => {
    for (const entry of await editor.restore(plan)) if ('step' in entry) times.set(entry.step, [...times.get(entry.step) ?? [], Date.parse(entry.at) / 1000]);
  });
  return { outage, took: plan.stages.map(({ id, steps }) => {
    const all = steps.flatMap(step => times.get(step.id) ?? []);
    return { task: id, seconds: Math.max(...all) - Math.min(...all) };
  }) };
}

async function sizesOf(snapshots: Readonly<Record<'small' | 'large', string>>): Promise<Record<'small' | 'large', string>> {
  const size = async (file: string): Promise<string> => `${((await stat(file)).size / 1e6).toFixed(0)} MB`;
  return { small: await size(snapshots.small), large: await size(snapshots.large) };
}

function rowsOf(seen: Readonly<Record<'small' | 'large' | 'byHand', readonly Outage[]>>, stages: readonly (readonly Took[])[], tasks: readonly (readonly Took[])[],
  rounds: number, sizes: Readonly<Record<'small' | 'large', string>>): BenchRow[] {
  const some = (outages: readonly Outage[]): number => median(outages.map(one => one.some));
  const each = (outages: readonly Outage[]): string => outages.map(one => one.some.toFixed(1)).join(', ');
  const nobody = (outages: readonly Outage[]): string => median(outages.map(one => one.all)).toFixed(1);
  const what = `no writes while ${sizes.large} are restored on 3 hosts`;
  return [{
    what, ours: some(seen.large), theirs: some(seen.byHand), peer: 'by hand, with Ansible', unit: 's', goal: 0.2,
    note: `median of ${rounds}: ours ${each(seen.large)}, by hand ${each(seen.byHand)} s; no API server at all ${nobody(seen.large)} and ${nobody(seen.byHand)} s; `
      + `ours: ${longest(stages)}; by hand: ${longest(tasks)}`,
  }, {
    what: `${what}, ours`, ours: some(seen.large), theirs: some(seen.small), peer: `ours, ${sizes.small}`, unit: 's', goal: 1.2,
    note: `median of ${rounds}, with ${sizes.small} ${each(seen.small)} s`,
  }];
}

/** Median seconds of what was done, in its order; what took no time is left out. */
function longest(rounds: readonly (readonly Took[])[]): string {
  const names = [...new Set(rounds.flat().map(({ task }) => task))];
  return names.map(name => ({ name, seconds: median(rounds.flat().filter(({ task }) => task === name).map(({ seconds }) => seconds)) }))
    .filter(({ seconds }) => seconds >= 0.05).map(({ name, seconds }) => `${name} ${seconds.toFixed(1)}`).join(', ');
}
