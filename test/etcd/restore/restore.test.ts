import assert from 'node:assert/strict';
import { rename, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { etcdVersions } from '../../../scripts/etcdVersions.js';
import type { EtcdVersion } from '../../../scripts/etcdVersions.js';
import type { RestorePlan } from '../../../src/core/restore/planRestore.js';
import { beginRestore, digestOf, takeRestoreBack, wayBack } from '../../../src/node/restore/restoreRun.js';
import { startCommandCluster, writeKeys, type CommandCluster } from './commandCluster.js';
import { finished, journalOf, planFor } from './restoreKit.js';

const versions = etcdVersions();
const KEYS = 300;
const newest35 = versions.findLast(({ version }) => version.startsWith('3.5'));
/** A server's own tools, and for one whose own cannot raise revisions those of the next minor version. */
const toolFoldersOf = (version: EtcdVersion): readonly string[] =>
  [version, ...version.version.startsWith('3.4') && newest35 !== undefined ? [newest35] : []].map(({ etcdctl }) => dirname(etcdctl));

interface Seen { readonly hash: string; readonly revision: number; readonly ids: string }

/** What every member says of its content and of itself; equal for all. */
async function seen(cluster: CommandCluster, names: readonly string[]): Promise<readonly Seen[]> {
  return Promise.all(names.map(async name => {
    const status = await cluster.etcdctl(['endpoint', 'status', '-w', 'json'], [name]);
    const hash = await cluster.etcdctl(['endpoint', 'hashkv', '-w', 'json'], [name]);
    const pick = (text: string, key: string) => new RegExp(`"${key}":(\\d+)`).exec(text)?.[1] ?? '';
    return { hash: pick(hash, 'hash'), revision: Number(pick(status, 'revision')), ids: `${BigInt(pick(status, 'cluster_id')).toString(16)} ${BigInt(pick(status, 'member_id')).toString(16)}` };
  }));
}

const count = async (cluster: CommandCluster, name: string): Promise<number> =>
  (await cluster.etcdctl(['get', '/registry/', '--prefix', '--keys-only'], [name])).split('\n').filter(line => line.startsWith('/registry/')).length;

async function plannedRestore(cluster: CommandCluster, version: EtcdVersion, run: string): Promise<RestorePlan> {
  const result = await planFor(cluster.definition, join(cluster.dir, 'snapshots/demo.db'), run, toolFoldersOf(version));
  assert('plan' in result, JSON.stringify(result));
  return result.plan;
}

async function checkRestored(cluster: CommandCluster, plan: RestorePlan, revisionBefore: number): Promise<void> {
  const names = cluster.definition.members.map(({ name }) => name);
  const { foretold } = plan.subject;
  for (const [at, member] of (await seen(cluster, names)).entries()) {
    const name = names[at] ?? '';
    assert.equal(await count(cluster, name), KEYS, `keys of ${name}`);
    assert.deepEqual(member, { hash: String(foretold.hashKv), revision: Number(foretold.revision), ids: `${foretold.clusterId} ${foretold.memberIds[name] ?? ''}` });
    assert(member.revision > revisionBefore, 'the revision went back');
  }
}

const suite = (version: EtcdVersion, size: 1 | 3 | 5) => describe(`restore of ${size} members of etcd ${version.version}`, function () {
  this.timeout(180_000);
  let cluster: CommandCluster;
  let names: readonly string[];
  before(async () => {
    cluster = await startCommandCluster(version, size);
    names = cluster.definition.members.map(({ name }) => name);
    await writeKeys(cluster, version, KEYS, 'before');
    await cluster.etcdctl(['snapshot', 'save', join(cluster.dir, 'snapshots/demo.db')], ['m1']);
    await cluster.etcdctl(['put', '/later', 'written after the snapshot'], ['m1']);
  });
  after(async () => { await cluster[Symbol.asyncDispose](); });

  it('brings every key back on every member, with ids, HashKV and revision as foretold; then takes it back', async () => {
    await cluster.etcdctl(['del', '/registry/', '--prefix'], ['m1']);
    const before = await seen(cluster, names);
    const plan = await plannedRestore(cluster, version, '20261122t030000z-aaaa');
    const journals = join(cluster.dir, 'journals');
    await finished(context => beginRestore(context, plan, digestOf(plan)), journals);
    await checkRestored(cluster, plan, before[0]?.revision ?? 0);
    assert.equal(await cluster.etcdctl(['get', '/later'], ['m1']), '');

    const record = await journalOf(journals, plan.run);
    await finished(async context => {
      const back = await wayBack(context, record);
      assert.deepEqual(back.plan.stages.flatMap(({ steps }) => steps.map(step => step.act.do)).filter(act => act !== 'expect').sort(),
        names.flatMap(() => ['move', 'move', 'start', 'stop']).sort());
      return takeRestoreBack(context, record, back.digest);
    }, journals);
    assert.deepEqual(await seen(cluster, names), before);
    assert.match(await cluster.etcdctl(['get', '/later'], ['m1']), /written after/);
    // What was restored is kept, too.
    assert((await readdir(join(cluster.dir, 'm1'))).includes(`.restore-${plan.run}`));
  });

  it('does so with every member down and one without data', async () => {
    await cluster.untilHealthy();
    const before = await seen(cluster, names);
    await cluster.kill();
    const last = names.at(-1) ?? '';
    if (size > 1) await rename(join(cluster.dir, last, 'member'), join(cluster.dir, 'lost'));
    const plan = await plannedRestore(cluster, version, '20261122t040000z-bbbb');
    await finished(context => beginRestore(context, plan, digestOf(plan)), join(cluster.dir, 'journals'));
    await checkRestored(cluster, plan, before[0]?.revision ?? 0);
  });
});

for (const version of versions) suite(version, 3);
if (newest35 !== undefined) for (const size of [1, 5] as const) suite(newest35, size);
