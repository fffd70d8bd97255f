import type { EndpointStatus } from '../../../src/core/cluster/status.js';
import { predictIds } from '../../../src/core/cluster/ids.js';
import type { DiskFacts, EntryFacts, MemberFacts, RestoreChoice, RestoreFacts, ToolFacts } from '../../../src/core/restore/facts.js';
import type { SnapshotReport } from '../../../src/core/snapshot/report.js';

export const GIB = 2 ** 30;
export const choice: RestoreChoice = { run: '20261122t030000z-4f2a', bump: 'auto', insists: [] };

/** What a healthy cluster of `n` members on one machine looks like; a test changes the one thing it is about. */
export function factsOf(n: number, change: { readonly down?: boolean; readonly gone?: readonly number[]; readonly unknown?: true } = {}): RestoreFacts {
  const names = Array.from({ length: n }, (_, at) => `m${at + 1}`);
  const ids = predictIds(names.map((_, at) => [peerUrl(at)]), 'old-token');
  const down = change.down ?? false;
  return {
    cluster: {
      name: 'demo', run: 'commands', snapshotFolders: [],
      members: names.map((name, at) => ({
        name, host: 'local', clientUrls: [`http://127.0.0.1:${12379 + 100 * at}`], peerUrls: [peerUrl(at)], dataDir: `/data/${name}`,
        start: ['/usr/local/bin/etcd-demo', 'start', name], stop: ['/usr/local/bin/etcd-demo', 'stop', name],
      })),
    },
    snapshot: { path: '/backups/demo.db', report },
    members: names.map((name, at): MemberFacts => ({
      name,
      ...(down ? { silent: { code: 'ETCD_UNREACHABLE', args: { endpoint: 'http://127.0.0.1:12379', reason: 'connection refused' } }, ...change.unknown ? {} : { revisionOnDisk: 2_500n } } : { status: status(at, ids) }),
      disk: disk(at, { running: !down, gone: change.gone?.includes(at) ?? false }),
    })),
    ...(down ? {} : { live: {
      clusterId: ids.clusterId, serving: true,
      members: names.map((name, at) => ({ id: ids.memberIds[at] ?? 0n, name, peerUrls: [peerUrl(at)], clientUrls: [`http://127.0.0.1:${12379 + 100 * at}`], isLearner: false })),
    } }),
    tools: new Map([['local', [etcdutl('3.5.30')]]]),
    silentHosts: new Map(), machines: new Map(),
  };
}

const peerUrl = (at: number): string => `http://127.0.0.1:${12380 + 100 * at}`;

export const etcdutl = (version: string, canBump = true): ToolFacts => ({ path: `/opt/${version}/etcdutl`, kind: 'etcdutl', version, machine: 'x86_64', canRestore: true, canBump });

const status = (at: number, ids: ReturnType<typeof predictIds>): EndpointStatus => ({
  endpoint: `http://127.0.0.1:${12379 + 100 * at}`, clusterId: ids.clusterId, memberId: ids.memberIds[at] ?? 0n, version: '3.5.30', dbSize: 20_000_000, dbSizeInUse: 10_000_000,
  leaderId: ids.memberIds[0] ?? 0n, isLearner: false, raftTerm: 3n, raftIndex: 3_000n, raftAppliedIndex: 3_000n, revision: 2_600n, errors: [],
});

export const entry = (kind: EntryFacts['kind'], device = '2049'): EntryFacts => ({ kind, uid: 998, gid: 998, device });

const disk = (at: number, { running, gone }: { readonly running: boolean; readonly gone: boolean }): DiskFacts => ({
  uid: 0, parent: true, dataDir: entry('directory'), member: gone ? { kind: 'absent', uid: 0, gid: 0, device: '' } : entry('directory'), links: [],
  dbSize: gone ? 0 : 20_000_000, writable: true, fileSystem: '2049', freeBytes: 50 * GIB, freeInodes: 1_000_000, memoryAvailable: 16 * GIB,
  heldBy: running ? [String(1000 + at)] : [], listening: running, bootId: 'b', leftovers: [], openRuns: [],
});

export const report: SnapshotReport = {
  file: { path: '/backups/demo.db', size: 20_000_032, mtimeMs: 1_795_000_000_000, sha256: 'ab'.repeat(32) },
  kind: 'snapshot', trailer: 'matches', liveHash: 123_456,
  hashKv: { hash: 99, revision: 2_000n, compactRevision: 0n },
  status: {
    hash: 1, revision: 2_000n, currentRevision: 2_000n, firstRevision: 2n, compactRevision: 0n, totalKeys: { upTo35: 2_010, since36: 1_990 },
    keys: { revisions: 1_999, tombstones: 0, live: 1_990, placeholders: 0 }, totalSize: 20_000_000, sizeInUse: 19_000_000, pageSize: 4096, clusterVersion: '3.5.0',
    members: [{ id: 1n, name: 'm1', peerUrls: [peerUrl(0)], clientUrls: [], isLearner: false }], removedMembers: [], alarms: [],
    auth: { enabled: false, revision: 0n, users: 0, roles: 0 }, leases: 0, values: { encrypted: 0, protobuf: 0, plain: 1_990, encryptionKeys: [] }, buckets: { key: 1_999 },
  },
};
