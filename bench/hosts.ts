import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { run } from '../lab/run.js';
import type { BenchLab } from './benchLab.js';
import { median } from './median.js';
import type { BenchRow } from './row.js';

export interface HostsOptions {
  readonly rounds?: number;
  /** Bytes of the file that is fetched. */
  readonly bytes?: number;
}

type Work = () => Promise<unknown>;

const never = new AbortController().signal;
const remote = '/root/fetched-by-bench';

/** What every step pays: a command that does nothing on three hosts, and a file that comes from one. Interleaved rounds. */
export async function hosts(bench: BenchLab, { rounds = 9, bytes = 100_000_000 }: HostsOptions = {}): Promise<BenchRow[]> {
  return [...await noOp(bench, rounds), ...await download(bench, rounds, bytes)];
}

async function noOp({ lab, editor, ansible }: BenchLab, rounds: number): Promise<BenchRow[]> {
  const ours = lab.hosts.map(({ name }) => editor.host(name));
  const took = await interleaved(rounds, {
    ours: () => Promise.all(ours.map(host => host.run({ text: 'true', args: [] }, { signal: never }))),
    ansible: () => ansible.module('command', 'true'),
  });
  return [{
    what: 'a command that does nothing, 3 hosts', ours: median(took.ours), theirs: median(took.ansible), peer: 'ansible -m command', unit: 'ms', goal: 0.02,
    note: `${inRounds(took.ours, took.ansible)}; both over connections that are open already`,
  }];
}

async function download({ lab, editor }: BenchLab, rounds: number, bytes: number): Promise<BenchRow[]> {
  const [host] = lab.hosts;
  if (host === undefined) return [];
  const folder = await mkdtemp(path.join(tmpdir(), 'bench-hosts-'));
  const file = path.join(folder, 'fetched');
  const ssh = ['-F', host.ssh.configFile];
  const whole = (fetch: Work): Work => async () => {
    await fetch();
    const { size } = await stat(file);
    if (size !== bytes) throw new Error(`${size} bytes came of ${bytes}`);
  };
  try {
    await lab.script(host, `head -c ${bytes} /dev/urandom >${remote}`);
    const took = await interleaved(rounds, {
      ours: whole(() => pipeline(Readable.from(editor.host(host.name).stream(remote, never)), createWriteStream(file))),
      cat: whole(() => run(['sh', '-c', 'exec "$@" >"$0"', file, 'ssh', ...ssh, host.name, 'cat', remote])),
      scp: whole(() => run(['scp', '-q', ...ssh, `${host.name}:${remote}`, file])),
    });
    const row = (what: string, theirs: number[], peer: string): BenchRow => ({
      what, ours: median(took.ours), theirs: median(theirs), peer, unit: 'ms', goal: 1.25, note: inRounds(took.ours, theirs),
    });
    const what = `download of ${bytes / 1e6} MB from a host`;
    return [row(what, took.cat, 'ssh HOST cat'), row(what, took.scp, 'scp')];
  } finally {
    await lab.script(host, `rm -f ${remote}`);
    await rm(folder, { recursive: true, force: true });
  }
}

const inRounds = (ours: readonly number[], theirs: readonly number[]): string =>
  `median of ${ours.length}, of the ratios within a round ${median(ours.map((one, at) => one / (theirs[at] ?? NaN))).toFixed(3)}; best ${Math.min(...ours).toFixed(0)} and ${Math.min(...theirs).toFixed(0)} ms`;

/** Milliseconds of each round; the order turns, and one round before them warms up what is not measured. */
async function interleaved<Name extends string>(rounds: number, work: Readonly<Record<Name, Work>>): Promise<Record<Name, number[]>> {
  const names = Object.keys(work) as Name[];
  const took = Object.fromEntries(names.map(name => [name, [] as number[]])) as Record<Name, number[]>;
  for (let round = 0; round <= rounds; round++) {
    for (const at of names.keys()) {
      const name = names[(at + round) % names.length];
      if (name === undefined) continue;
      const start = performance.now();
      await work[name]();
      if (round > 0) took[name].push(performance.now() - start);
    }
  }
  return took;
}
