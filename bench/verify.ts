import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { etcdVersions } from '../scripts/etcdVersions.js';
import { writeLargeSnapshot } from '../test/node/snapshot/largeSnapshot.js';
import { median } from './median.js';
import type { BenchRow } from './row.js';

export interface VerifyOptions {
  /** Bytes of the snapshot. */
  readonly size?: number;
  readonly rounds?: number;
}

/** Seconds and megabytes of a whole process. */
interface Cost {
  readonly wall: number;
  readonly cpu: number;
  readonly rss: number;
}

const run = promisify(execFile);
const root = path.join(import.meta.dirname, '..');

/**
 * Verifying a snapshot of 1 GB, whole process, beside `etcdctl snapshot status`, which checks neither sha256 nor values. Once laid
 * out as etcd writes it, once scattered as after long churn; from the page cache and from the disk; interleaved rounds.
 */
export async function verify({ size = 1 << 30, rounds = 7 }: VerifyOptions = {}): Promise<BenchRow[]> {
  const etcdctl = etcdVersions()[0];
  if (etcdctl === undefined) return [];
  const dir = await mkdtemp(path.join(tmpdir(), 'bench-verify-'));
  try {
    const program = await bundle(dir);
    const rows: BenchRow[] = [];
    for (const scattered of [false, true]) {
      const file = path.join(dir, 'snapshot.db');
      writeLargeSnapshot(file, { size, scattered });
      const subject = scattered ? 'verify 1 GB, scattered' : 'verify 1 GB';
      const commands = { ours: [process.execPath, program, file], theirs: [etcdctl.etcdctl, 'snapshot', 'status', file] };
      rows.push(...await compare(subject, `etcdctl ${etcdctl.version} snapshot status`, commands, file, rounds));
    }
    return rows;
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** The program that verifies one file, with its workers, as they are shipped. */
async function bundle(dir: string): Promise<string> {
  const worker = (name: string): string => path.join(root, `src/node/snapshot/${name}.ts`);
  await build({
    entryPoints: [path.join(root, 'test/node/snapshot/verifyOnce.ts'), worker('snapshotContentWorker'), worker('snapshotHashWorker')],
    outdir: dir, entryNames: '[name]', bundle: true, platform: 'node', target: 'node22', format: 'cjs', minify: true, keepNames: true,
  });
  return path.join(dir, 'verifyOnce.js');
}

type Side = 'ours' | 'theirs';

async function compare(subject: string, peer: string, commands: Readonly<Record<Side, readonly string[]>>, file: string, rounds: number): Promise<BenchRow[]> {
  const costs: Record<'warm' | 'cold', Record<Side, Cost[]>> = { warm: { ours: [], theirs: [] }, cold: { ours: [], theirs: [] } };
  for (let round = 0; round <= rounds; round++) {
    for (const heat of ['cold', 'warm'] as const) {
      for (const side of round % 2 === 0 ? ['ours', 'theirs'] as const : ['theirs', 'ours'] as const) {
        const cost = await measured(commands[side], heat === 'cold' ? file : undefined);
        // The first round warms up what is not measured.
        if (round > 0) costs[heat][side].push(cost);
      }
    }
  }
  const row = (heat: 'warm' | 'cold', goal: number): BenchRow => {
    const { ours, theirs } = costs[heat];
    return {
      what: `${subject}, ${heat}`, peer, unit: 's', goal,
      ours: middle(ours, 'wall'), theirs: middle(theirs, 'wall'),
      note: `median of ${rounds}, best ${least(ours).toFixed(2)} and ${least(theirs).toFixed(2)} s; CPU ${middle(ours, 'cpu').toFixed(2)} and ${middle(theirs, 'cpu').toFixed(2)} s`,
    };
  };
  const memory = costs.warm;
  return [
    row('warm', 2), row('cold', 0.5),
    { what: `${subject}, peak memory`, peer, unit: 'MB', goal: 0.25, ours: middle(memory.ours, 'rss'), theirs: middle(memory.theirs, 'rss') },
  ];
}

async function measured(command: readonly string[], cold: string | undefined): Promise<Cost> {
  const script = path.join(import.meta.dirname, 'measured.py');
  const { stdout } = await run('python3', [script, ...(cold === undefined ? [] : ['--cold', cold]), ...command]);
  return JSON.parse(stdout) as Cost;
}

const least = (costs: readonly Cost[]): number => Math.min(...costs.map(({ wall }) => wall));

const middle = (costs: readonly Cost[], what: keyof Cost): number => median(costs.map(cost => cost[what]));
