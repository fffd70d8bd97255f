import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { BenchRow } from './row.js';

const run = promisify(execFile);
const root = path.join(import.meta.dirname, '..');

export interface ActivationOptions {
  readonly rounds?: number;
}

interface Timing {
  readonly load: number;
  readonly activate: number;
}

const quantile = (sorted: readonly number[], q: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? NaN;

/** Loading and activating the built extension, each time in a fresh process with a stand-in for the editor's API. */
export async function activation({ rounds = 21 }: ActivationOptions = {}): Promise<BenchRow[]> {
  await run(process.execPath, ['esbuild.mjs'], { cwd: root });
  const bundle = path.join(root, 'dist/host/extension.js');
  const timings: Timing[] = [];
  for (let round = 0; round < rounds; round++) {
    const { stdout } = await run(process.execPath, [path.join(import.meta.dirname, 'activationChild.mjs'), bundle]);
    timings.push(JSON.parse(stdout) as Timing);
  }
  const totals = timings.map(({ load, activate }) => load + activate).sort((a, b) => a - b);
  const ofActivate = timings.map(({ activate }) => activate).sort((a, b) => a - b);
  return [{
    what: 'activation: load the bundle and activate', ours: quantile(totals, 0.5), unit: 'ms', goal: 20,
    note: `median of ${rounds} fresh processes; p95 ${quantile(totals, 0.95).toFixed(1)} ms, activate alone ${quantile(ofActivate, 0.5).toFixed(1)} ms; bundle ${((await stat(bundle)).size / 1024).toFixed(0)} KB`,
  }];
}
