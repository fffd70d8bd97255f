import { writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import path from 'node:path';
import { activation } from './activation.js';
import { onBenchLab } from './benchLab.js';
import type { BenchLab } from './benchLab.js';
import { hosts } from './hosts.js';
import { restore } from './restore.js';
import type { BenchRow } from './row.js';
import { snapshotStream } from './snapshotStream.js';
import { verify } from './verify.js';

/** Every benchmark by its name: `npm run bench -- [NAME ...]` runs those named, or all. */
const benches: Readonly<Record<string, () => Promise<readonly BenchRow[]>>> = { verify, snapshotStream, activation };
/** Those on a lab's hosts: all of one run have the same lab. */
const onHosts: Readonly<Record<string, (bench: BenchLab) => Promise<readonly BenchRow[]>>> = { hosts, restore };

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
  const unknown = named.filter(name => !(name in benches) && !(name in onHosts));
  if (unknown.length > 0) throw new Error(`There is no benchmark ${unknown.join(', ')}; there are ${[...Object.keys(benches), ...Object.keys(onHosts)].join(', ')}.`);
  const chosen = <Bench>(from: Readonly<Record<string, Bench>>): Bench[] =>
    Object.entries(from).flatMap(([name, bench]) => named.length === 0 || named.includes(name) ? [bench] : []);
  const rows: BenchRow[] = [];
  for (const bench of chosen(benches)) rows.push(...await bench());
  const there = chosen(onHosts);
  if (there.length > 0) await onBenchLab(async lab => { for (const bench of there) rows.push(...await bench(lab)); });
  console.log(table([['what', 'ours', 'peer', 'ratio', 'goal', '', ''], ...rows.map(line)]));
  writeFileSync(path.join(import.meta.dirname, 'results.json'), `${JSON.stringify({
    date: new Date().toISOString(), node: process.version, cpus: cpus().map(({ model }) => model), memory: totalmem(),
    rows: rows.map(row => ({ ...row, measured: measure(row), held: measure(row) <= row.goal })),
  }, undefined, 2)}\n`);
}

void main(process.argv.slice(2));
