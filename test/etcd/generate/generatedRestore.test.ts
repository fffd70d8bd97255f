import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { appendFile, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { etcdVersions, type EtcdVersion } from '../../../scripts/etcdVersions.js';
import { readJournal, standing } from '../../../src/core/journal.js';
import type { RestorePlan } from '../../../src/core/restore/planRestore.js';
import { digestOf, isApproved } from '../../../src/node/restore/restoreRun.js';
import { startCommandCluster, writeKeys, type CommandCluster } from '../restore/commandCluster.js';
import { onHosts, planOn, Scripts } from './scriptRun.js';
import { holders, KEYS, seen, checkRestored } from './scene.js';

const versions = etcdVersions();
const newest = (line: string): readonly EtcdVersion[] => versions.filter(({ version }) => version.startsWith(line)).slice(-1);
const names = ['m1', 'm2', 'm3'];

/** The journal beside the data of a member, as the editor reads it. */
async function journalBeside(cluster: CommandCluster, member: string, plan: RestorePlan) {
  const text = await readFile(join(cluster.dir, member, `restore-${plan.run}.journal`), 'utf8');
  const read = readJournal(text);
  assert(read !== undefined, member);
  assert.equal(read.length, text.length, 'a line that the editor does not read');
  assert(isApproved(read.record, digestOf(plan)), 'a journal that the editor does not believe');
  return { text, record: read.record };
}

async function prepared(version: EtcdVersion): Promise<CommandCluster> {
  const cluster = await startCommandCluster(version, 3);
  await writeKeys(cluster, version, KEYS, 'before');
  await cluster.etcdctl(['snapshot', 'save', join(cluster.dir, 'snapshots/demo.db')], ['m1']);
  await cluster.etcdctl(['put', '/later', 'written after the snapshot'], ['m1']);
  await cluster.etcdctl(['del', '/registry/', '--prefix'], ['m1']);
  return cluster;
}

for (const version of [...versions.filter(({ version: own }) => own === '3.4.23'), ...newest('3.5'), ...newest('3.6'), ...newest('3.7')]) {
  describe(`generated scripts on etcd ${version.version}`, function () {
    this.timeout(240_000);

    it('restore every member with ids, HashKV and revision as foretold, and take it back, with a journal that the editor believes', async () => {
      await using cluster = await prepared(version);
      const before = await seen(cluster, names);
      const plan = await planOn(cluster, onHosts(cluster), version, '20261122t030000z-aaaa');
      const scripts = await Scripts.of(join(cluster.dir, 'scripts'), plan);
      const restored = await scripts.run('restore.sh');
      assert.equal(restored.code, 0, restored.text);
      await checkRestored(cluster, plan, names);
      assert.equal(await cluster.etcdctl(['get', '/later'], ['m2']), '');
      const first = await journalBeside(cluster, 'm1', plan);
      const journals = await Promise.all(names.map(name => journalBeside(cluster, name, plan)));
      assert.equal(new Set(journals.map(({ text }) => text)).size, 1, 'every copy is the same');
      assert.equal(first.text, await readFile(join(scripts.folder, 'made', `restore-${plan.run}.journal`), 'utf8'));
      assert.equal(standing(first.record.entries), 'finished');
      const again = await scripts.run('restore.sh');
      assert.deepEqual([again.code, again.text.includes('finished already')], [0, true], again.text);

      const back = await scripts.run('take-back.sh');
      assert.equal(back.code, 0, back.text);
      assert.deepEqual(await seen(cluster, names), before);
      assert.match(await cluster.etcdctl(['get', '/later'], ['m3']), /written after/);
      assert.equal(standing((await journalBeside(cluster, 'm2', plan)).record.entries), 'takenBack');
      assert.deepEqual([(await scripts.run('take-back.sh')).code, (await scripts.run('restore.sh')).code], [0, 64]);
      assert((await readdir(join(cluster.dir, 'm1'))).includes(`.restore-${plan.run}`), 'what was restored is kept');
      assert.deepEqual(await holders(cluster), [], 'a lock that somebody inherited');
    });
  });
}

for (const version of newest('3.5')) {
  describe('generated scripts', function () {
    this.timeout(240_000);
    let cluster: CommandCluster;
    let plan: RestorePlan;
    let scripts: Scripts;
    beforeEach(async () => {
      cluster = await prepared(version);
      plan = await planOn(cluster, onHosts(cluster), version, '20261122t030000z-aaaa');
      scripts = await Scripts.of(join(cluster.dir, 'scripts'), plan);
    });
    afterEach(async () => { await cluster[Symbol.asyncDispose](); });

    /** Refused: etcd still runs as it did, and no data was put aside. */
    const refused = async (name: string, said: RegExp, code = 64, options: Parameters<Scripts['run']>[1] = {}) => {
      const before = await seen(cluster, names);
      const { code: ended, text } = await scripts.run(name, options);
      assert.equal(ended, code, text);
      assert.match(text, said);
      assert.deepEqual(await seen(cluster, names), before);
      for (const member of names) assert.equal(existsSync(join(cluster.dir, member, `rescue-${plan.run}`)), false);
    };

    it('refuse when a host cannot be reached, when another name is typed, and when the plan beside them is another', async () => {
      await writeFile(join(scripts.folder, 'down-node-2'), '');
      await refused('restore.sh', /node-2 cannot be reached/);
      assert.equal(existsSync(join(cluster.dir, 'm1', `restore-${plan.run}.journal`)), false);
      await rm(join(scripts.folder, 'down-node-2'));
      await refused('restore.sh', /not its name/, 64, { typed: 'Demo' });
      await appendFile(join(scripts.folder, 'made/plan.json'), ' ');
      await refused('restore.sh', /not the plan/);
    });

    it('refuse beside another run that is open, and beside an editor that works', async () => {
      const other = join(cluster.dir, 'm3', 'restore-20261121t030000z-bbbb.journal');
      await writeFile(other, '{"n":0,"event":"opened","at":"2026-11-21T03:00:00.000Z","by":"a@b","digest":"d","plan":{"run":"20261121t030000z-bbbb","subject":{},"stages":[]}}\n');
      await refused('restore.sh', /Another restore was begun/);
      await appendFile(other, '{"n":1,"event":"finished","at":"2026-11-21T03:00:01.000Z"}\n');
      const { lockDataDirs } = await import('../../../src/node/restore/lock.js');
      const lock = await lockDataDirs([join(cluster.dir, 'm2')], 'now');
      await refused('restore.sh', /Somebody else works/);
      await lock[Symbol.asyncDispose]();
      assert.equal((await scripts.run('restore.sh')).code, 0);
      await checkRestored(cluster, plan, names);
    });

    it('refuse a snapshot that is not that of the plan, wherever it lies, and restore from where it lies now', async () => {
      const snapshot = join(cluster.dir, 'snapshots/demo.db');
      const moved = join(cluster.dir, 'snapshots/moved here.db');
      const bytes = await readFile(snapshot);
      await writeFile(moved, bytes);
      await writeFile(snapshot, Buffer.concat([bytes.subarray(0, -1), Buffer.from([(bytes.at(-1) ?? 0) ^ 1])]));
      await refused('restore.sh', /not the snapshot of the plan/, 70);
      const { code, text } = await scripts.run('restore.sh', { env: { SNAPSHOT: moved } });
      assert.equal(code, 0, text);
      await checkRestored(cluster, plan, names);
    });

    it('restore also where a check cannot be made, say so, and leave the run open for it', async () => {
      const tls = { at: 'host', caFile: '/nonexistent/ca.crt' };
      const unreadable = JSON.parse(JSON.stringify(plan), (key, value: unknown) => key === 'member' && typeof value === 'object' && value !== null ? { ...value, through: (value as { name: string }).name.replace('m', 'node-'), tls } : value) as RestorePlan;
      const own = await Scripts.of(join(cluster.dir, 'unreadable'), unreadable);
      const before = await seen(cluster, names);
      const { code, text } = await own.run('restore.sh');
      assert.equal(code, 75, text);
      assert.match(text, /NOT CHECKED: m1 has the member id [0-9a-f]+ \(identity@m1\): .*the TLS file \/nonexistent\/ca.crt cannot be read/);
      await checkRestored(cluster, plan, names);
      const { record } = await journalBeside(cluster, 'm1', unreadable);
      assert.equal(standing(record.entries), 'open');
      const done = new Set(record.entries.flatMap(entry => entry.event === 'done' ? [entry.step] : []));
      assert.deepEqual(['still@m1', 'start@m3', 'identity@m1', 'hashkv', 'healthy@m2'].map(step => done.has(step)), [true, true, false, true, false]);
      const back = await own.run('take-back.sh');
      assert.equal(back.code, 0, back.text);
      await cluster.untilHealthy();
      assert.deepEqual(await seen(cluster, names), before);
    });

    it('do not take back what cannot be taken back: old data that was removed', async () => {
      assert.equal((await scripts.run('restore.sh')).code, 0);
      await rm(join(cluster.dir, 'm2', `rescue-${plan.run}`), { recursive: true });
      const before = await seen(cluster, names);
      const { code, text } = await scripts.run('take-back.sh');
      assert.equal(code, 64, text);
      assert.match(text, /is not there any more/);
      assert.deepEqual(await seen(cluster, names), before);
    });
  });
}
