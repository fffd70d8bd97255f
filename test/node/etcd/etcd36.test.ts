import assert from 'node:assert/strict';
import path from 'node:path';
import { loadPackageDefinition, Server, ServerCredentials } from '@grpc/grpc-js';
import type { handleServerStreamingCall, handleUnaryCall, ServiceClientConstructor } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import type { EtcdEndpoint } from '../../../src/core/cluster/status.js';
import { bundledEndpoint } from './bundledEndpoint.js';

const header = { cluster_id: '17237436991929493444', member_id: '10276657743932975437', revision: '9007199254740993', raft_term: '18446744073709551615' };
const asked: unknown[] = [];

const answer = (value: object): handleUnaryCall<unknown, object> => (call, done) => { asked.push(call.request); done(null, value); };

const status = answer({
  header, version: '3.6.9', dbSize: '8589934592', dbSizeInUse: '4294967296', leader: header.member_id, raftIndex: '18446744073709551614',
  raftTerm: '2', raftAppliedIndex: '1', errors: [], isLearner: false,
  storageVersion: '3.6.0', dbSizeQuota: '8589934592', downgradeInfo: { enabled: true, targetVersion: '3.5.0' },
});
const snapshot: handleServerStreamingCall<unknown, object> = call => {
  call.write({ header, remaining_bytes: '4294967296', blob: Buffer.from('ab'), version: '3.6.0' });
  call.write({ header, remaining_bytes: '0', blob: Buffer.from('c'), version: '3.6.0' });
  call.end();
};

/** A server that answers as etcd 3.6 does; a real one is asked too where one is at hand. */
async function serve(protoFolder: string): Promise<{ readonly port: number; stop(): void }> {
  const loaded = loadPackageDefinition(loadSync(path.join(protoFolder, 'rpc.proto'), { keepCase: true, longs: String, enums: String, defaults: true }));
  const services = loaded['etcdserverpb'] as Readonly<Record<string, ServiceClientConstructor>>;
  const [maintenance, cluster] = [services['Maintenance'], services['Cluster']];
  assert.ok(maintenance && cluster);
  const server = new Server();
  server.addService(maintenance.service, { Status: status, Snapshot: snapshot, HashKV: answer({ header, hash: 4_294_967_295, compact_revision: '5', hash_revision: '7' }) });
  server.addService(cluster.service, { MemberList: answer({ header, members: [] }) });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) => { if (error) reject(error); else resolve(bound); });
  });
  return { port, stop: () => { server.forceShutdown(); } };
}

describe('what etcd 3.6 adds to its answers', function () {
  this.timeout(30_000);
  const { signal } = new AbortController();
  let bundle: Awaited<ReturnType<typeof bundledEndpoint>>;
  let server: Awaited<ReturnType<typeof serve>>;
  let etcd: EtcdEndpoint;

  before(async () => {
    bundle = await bundledEndpoint();
    server = await serve(bundle.protoFolder);
    etcd = bundle.open({ endpoint: `http://127.0.0.1:${server.port}`, address: `127.0.0.1:${server.port}`, timeoutMs: 5000 });
  });
  after(async () => {
    etcd.close();
    server.stop();
    await bundle[Symbol.asyncDispose]();
  });

  it('is in the status: storage version, quota and downgrade', async () => {
    const found = await etcd.status(signal);
    assert.equal(found.storageVersion, '3.6.0');
    assert.equal(found.dbSizeQuota, 8_589_934_592);
    assert.deepEqual(found.downgrade, { enabled: true, targetVersion: '3.5.0' });
  });

  it('keeps every 64-bit number exact', async () => {
    const found = await etcd.status(signal);
    assert.equal(found.clusterId, 17_237_436_991_929_493_444n);
    assert.equal(found.memberId, 10_276_657_743_932_975_437n);
    assert.equal(found.revision, 9_007_199_254_740_993n);
    assert.equal(found.raftIndex, 18_446_744_073_709_551_614n);
  });

  it('is in HashKV: the revision that was hashed', async () => {
    assert.deepEqual(await etcd.hashKv(0n, signal), { hash: 4_294_967_295, revision: 7n, compactRevision: 5n });
  });

  it('is in each message of a snapshot: the storage version', async () => {
    const seen: object[] = [];
    for await (const chunks of etcd.snapshot(signal)) for (const { remainingBytes, version } of chunks) seen.push({ remainingBytes, version });
    assert.deepEqual(seen, [{ remainingBytes: 4_294_967_296, version: '3.6.0' }, { remainingBytes: 0, version: '3.6.0' }]);
  });

  it('is asked for a member list that needs no quorum', async () => {
    await etcd.members(signal);
    assert.deepEqual(asked.at(-1), { linearizable: false });
  });
});
