import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { etcdVersions } from '../../../scripts/etcdVersions.js';
import type { EtcdVersion } from '../../../scripts/etcdVersions.js';
import { wasmMemory } from '../../../src/core/snapshot/crc32c/pageMemory.js';
import { hashesCompactedTombstone, hashKvOf } from '../../../src/core/snapshot/hashKv.js';
import { openBytes, seed, verifyBytes } from '../../core/snapshot/memoryFile.js';
import { realClusters } from '../realCluster.js';
import { Gateway } from './gateway.js';
import { states } from './states.js';
import type { Scene } from './states.js';
import { liveHashKv, ourStatus, toolStatus } from './tools.js';

const memory = wasmMemory();

describe('the comparison with etcd', () => {
  it('covers at least fifty databases of three versions', () => {
    assert.ok(etcdVersions().length >= 3, etcdVersions().map(({ version }) => version).join());
    assert.ok(etcdVersions().length * states.length >= 50);
  });
});

for (const version of etcdVersions()) {
  describe(`snapshots of etcd ${version.version}`, function () {
    this.timeout(60_000);
    const start = realClusters();
    const revisions: bigint[] = [];
    let scene: Scene | undefined;

    before(async () => {
      const cluster = await start({ version, noFsync: true, flags: ['--max-txn-ops=10000'] });
      scene = { cluster, gateway: new Gateway(cluster.members[0]?.clientUrl ?? '') };
    });

    for (const [at, state] of states.entries()) {
      const { name } = state;
      it(`are read as etcd reads them: ${name}`, async () => {
        assert.ok(scene);
        const { cluster } = scene;
        await state.reach(scene);
        const file = path.join(cluster.dir, `${at}.db`);
        const login = name === 'authentication on' ? ['--user=root:secret'] : [];
        await cluster.etcdctl(...login, 'snapshot', 'save', file);
        const { status, hashKv, trailer } = verifyBytes(readFileSync(file), memory, file);
        assert.equal(trailer, 'matches');
        for (const other of judges(version)) assert.equal(ourStatus(status, other), await toolStatus(other, file), `status by ${other.version}`);
        revisions.push(status.revision);
        const old = { hashCompactedTombstone: hashesCompactedTombstone(version.version) };
        for (const revision of new Set([status.currentRevision, ...revisions.slice(-3), status.compactRevision + 1n])) {
          if (revision <= status.compactRevision || revision > status.currentRevision) continue;
          const live = liveHashKv(await cluster.etcdctl(...login, 'endpoint', 'hashkv', `--rev=${revision}`, '--write-out=json'), revision);
          const { hash, compactRevision } = hashKvOf(openBytes(readFileSync(file), memory), { revision, ...old }, seed);
          assert.deepEqual({ hash, revision, compactRevision }, live, `HashKV at ${revision}`);
          if (revision === status.currentRevision) assert.deepEqual(hashKv, live);
        }
        checkRecords(name, status);
      });
    }
  });
}

/** The tools a file is held against: its own, and those that count keys in either way. */
const judges = (version: EtcdVersion): ReadonlySet<EtcdVersion> => {
  const all = etcdVersions();
  return new Set([version, all[0] ?? version, all.at(-1) ?? version]);
};

/** What the tools do not print but the states are known to hold. */
function checkRecords(name: string, status: ReturnType<typeof verifyBytes>['status']): void {
  if (name === 'leases') assert.equal(status.leases, 12);
  if (name === 'a learner') assert.deepEqual(status.members.map(({ isLearner }) => isLearner).sort(), [false, true]);
  if (name === 'a removed member') assert.deepEqual([status.members.length, status.removedMembers.length], [1, 1]);
  if (name === 'an alarm') assert.deepEqual(status.alarms.map(({ kind }) => kind), ['NOSPACE']);
  if (name === 'users and roles') assert.deepEqual([status.auth.enabled, status.auth.users, status.auth.roles], [false, 2, 2]);
  if (name === 'authentication on') assert.equal(status.auth.enabled, true);
  if (name === 'everything deleted, compacted at the deletion') assert.equal(status.keys.live, 0);
}
