import { readFileSync } from 'node:fs';
import path from 'node:path';
import { layerNames, runLayer } from './run/layers.js';
import type { LayerName } from './run/layers.js';
import { sum } from './run/outcome.js';
import type { Outcome, Skip } from './run/outcome.js';
import { summarise } from './run/summary.js';

/** Runs the layers named on the command line, or all of them: `test/run.ts [LAYER…] [--strict-skips] [-- MOCHA ARGUMENT…]`. */
async function main(args: readonly string[]): Promise<number> {
  const end = args.includes('--') ? args.indexOf('--') : args.length;
  const own = args.slice(0, end).filter(argument => argument !== '--strict-skips');
  const unknown = own.filter(argument => !isLayer(argument));
  if (unknown.length > 0) {
    console.error(`There is no layer "${unknown.join('", "')}". The layers are: ${layerNames.join(', ')}.`);
    return 2;
  }
  const asked = own.filter(isLayer);
  const outcomes: Outcome[] = [];
  for (const name of asked.length > 0 ? asked : layerNames) {
    console.log(`\n── ${name} ──`);
    outcomes.push(await runLayer(name, args.slice(end + 1), asked.length > 0));
  }
  const strict = args.includes('--strict-skips') || process.env['CI'] === 'true';
  const { lines, exitCode } = summarise(sum(outcomes), allowedSkips(), strict);
  console.log(`\n${lines.join('\n')}`);
  return exitCode;
}

const isLayer = (name: string): name is LayerName => layerNames.some(layer => layer === name);

function allowedSkips(): readonly Skip[] {
  return JSON.parse(readFileSync(path.join(import.meta.dirname, 'skips.json'), 'utf8')) as readonly Skip[];
}

main(process.argv.slice(2)).then(
  code => { process.exitCode = code; },
  (error: unknown) => {
    console.error(error);
    console.log('0 passed, 1 failed, 0 skipped');
    process.exitCode = 1;
  },
);
