import { execFile } from 'node:child_process';
import { mkdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { Etcd3 } from 'etcd3';
import { etcdVersions } from '../scripts/etcdVersions.js';
import { connectEtcd } from '../src/node/etcd/connectEtcd.js';
import { saveSnapshot } from '../src/node/snapshot/saveSnapshot.js';
import { startRealCluster } from '../test/etcd/realCluster.js';
import { builtWorkers } from './builtWorkers.js';
import { fillEtcd } from './fillEtcd.js';
import { median } from './median.js';
import type { BenchRow } from './row.js';

export interface SnapshotStreamOptions {
  /** Bytes of values the cluster holds. */
  readonly bytes?: number;
  readonly rounds?: number;
}

const run = promisify(execFile);
interface Took {
  /** Seconds on the clock. */
  readonly wall: number;
  /** Seconds of CPU, of every thread. */
  readonly cpu: number;
}

async function ours(url: string, file: string, workerDir: string): Promise<Took> {
  const [start, before] = [performance.now(), process.cpuUsage()];
  const etcd = await connectEtcd(url);
  await saveSnapshot(etcd, file, { workerDir, signal: new AbortController().signal });
  etcd.close();
  const { user, system } = process.cpuUsage(before);
  return { wall: (performance.now() - start) / 1000, cpu: (user + system) / 1e6 };
}

async function theirs(etcdctl: string, url: string, file: string): Promise<Took> {
  const { stdout } = await run('python3', [path.join(import.meta.dirname, 'measured.py'), etcdctl, '--endpoints', url, 'snapshot', 'save', file]);
  return JSON.parse(stdout) as Took;
}

/** Saving a snapshot, its hash checked, beside `etcdctl snapshot save`, which checks none; both flush to disk. Interleaved rounds. */
export async function snapshotStream({ bytes = 700_000_000, rounds = 7 }: SnapshotStreamOptions = {}): Promise<BenchRow[]> {
  const version = etcdVersions().at(-1);
  if (version === undefined) return [];
  await using cluster = await startRealCluster({ version, noFsync: true, flags: ['--quota-backend-bytes=8589934592'] });
  await using workers = await builtWorkers();
  const url = cluster.members[0]?.clientUrl ?? '';
  const client = new Etcd3({ hosts: url });
  await fillEtcd(client, bytes);
  client.close();
  const dir = path.join(cluster.dir, 'bench');
  await mkdir(dir);
  const file = path.join(dir, 'one.db');
  const rows: { readonly mine: Took; readonly peer: Took }[] = [];
  let size = 0;
  for (let round = 0; round <= rounds; round++) {
    const took: { mine?: Took; peer?: Took } = {};
    for (const who of round % 2 === 0 ? ['mine', 'peer'] as const : ['peer', 'mine'] as const) {
      took[who] = await (who === 'mine' ? ours(url, file, workers.dir) : theirs(version.etcdctl, url, file));
      ({ size } = await stat(file));
      await rm(file);
    }
    // The first round warms the page cache and the client.
    if (round > 0 && took.mine && took.peer) rows.push({ mine: took.mine, peer: took.peer });
  }
  const [mine, peer] = [rows.map(row => row.mine), rows.map(row => row.peer)];
  const [wall, cpu] = [(all: readonly Took[]) => all.map(one => one.wall), (all: readonly Took[]) => all.map(one => one.cpu)];
  return [{
    what: `snapshot stream to disk, ${(size / 1e9).toFixed(2)} GB`, ours: median(wall(mine)), theirs: median(wall(peer)),
    peer: `etcdctl ${version.version} snapshot save`, unit: 's', goal: 1.1,
    note: `median of ${rounds}, of the ratios within a round ${median(rows.map(row => row.mine.wall / row.peer.wall)).toFixed(2)}; ours compares the sha256; `
      + `best ${Math.min(...wall(mine)).toFixed(2)} and ${Math.min(...wall(peer)).toFixed(2)} s; CPU ${median(cpu(mine)).toFixed(2)} and ${median(cpu(peer)).toFixed(2)} s`,
  }];
}
