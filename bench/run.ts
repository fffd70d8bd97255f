import { writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import path from 'node:path';
import { activation } from './activation.js';
import type { BenchRow } from './row.js';
import { snapshotStream } from './snapshotStream.js';
import { verify } from './verify.js';

/** Every benchmark by its name: `npm run bench [NAME ...]` runs those named, or all. */
const benches: Readonly<Record<string, () => Promise<readonly BenchRow[]>>> = { verify, snapshotStream, activation };

const figure = (value: number, unit: string): string => `${value.toFixed(unit === 's' ? 2 : 0)} ${unit}`;

/** What is held against the goal: the ratio to the peer, or the figure itself. */
const measure = ({ ours, theirs }: BenchRow): number => theirs === undefined ? ours : ours / theirs;

function line(row: BenchRow): readonly string[] {
  const { what, ours, theirs, peer, unit, goal, note } = row;
  return [
    what, figure(ours, unit), theirs === undefined ? '' : `${figure(theirs, unit)} (${peer ?? ''})`,
    theirs === undefined ? '' : `${measure(row).toFixed(2)}×`,
    theirs === undefined ? `≤ ${figure(goal, unit)}` : `≤ ${goal}×`, measure(row) <= goal ? 'held' : 'MISSED', note ?? '',
  ];
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map(row => row[column]?.length ?? 0)));
  return rows.map(row => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd()).join('\n');
}

async function main(named: readonly string[]): Promise<void> {
  const rows: BenchRow[] = [];
  for (const [name, bench] of Object.entries(benches)) {
    if (named.length === 0 || named.includes(name)) rows.push(...await bench());
  }
  console.log(table([['what', 'ours', 'peer', 'ratio', 'goal', '', ''], ...rows.map(line)]));
  writeFileSync(path.join(import.meta.dirname, 'results.json'), `${JSON.stringify({
    date: new Date().toISOString(), node: process.version, cpus: cpus().map(({ model }) => model), memory: totalmem(),
    rows: rows.map(row => ({ ...row, measured: measure(row), held: measure(row) <= row.goal })),
  }, undefined, 2)}\n`);
}

void main(process.argv.slice(2));
