import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runCommand } from './command.js';
import type { Outcome } from './outcome.js';

/** Runs the test files of a layer, under this very Node unless told; a run that ends early, or that ran nothing, is a failure. */
export async function mochaLayer(name: string, patterns: readonly string[], args: readonly string[], node = process.execPath): Promise<Outcome> {
  const folder = await mkdtemp(path.join(tmpdir(), 'test-outcome-'));
  const file = path.join(folder, 'outcome.json');
  try {
    const mocha = createRequire(import.meta.url).resolve('mocha/bin/mocha.js');
    const reporter = path.join(import.meta.dirname, 'countsReporter.ts');
    const code = await runCommand([node, mocha, '--reporter', reporter, ...args, ...patterns], { TEST_OUTCOME_FILE: file });
    return judge(name, code, await readFile(file, 'utf8').catch(() => undefined));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Turns mocha's exit code and the outcome it left (if any) into the layer's. */
export function judge(name: string, code: number, text: string | undefined): Outcome {
  if (text === undefined) return { passed: 0, failed: [`${name}: ended with code ${code} before its tests were through`], skipped: [] };
  const outcome = JSON.parse(text) as Outcome;
  if (code !== 0 && outcome.failed.length === 0) return { ...outcome, failed: [`${name}: exit code ${code} although no test failed`] };
  if (outcome.passed + outcome.failed.length === 0) return { ...outcome, failed: [`${name}: ran no test`] };
  return outcome;
}
