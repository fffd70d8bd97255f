import { readdir, readFile } from 'node:fs/promises';

interface Process {
  readonly pid: number;
  readonly group: number;
  readonly argv: string;
}

/** The extension hosts among the processes of a group (Linux). */
export async function extensionHosts(group: number): Promise<number[]> {
  const all = await Promise.all((await readdir('/proc')).filter(name => /^\d+$/.test(name)).map(describe));
  return all.filter(one => one?.group === group && one.argv.includes('--type=extensionHost')).map(one => one?.pid ?? 0);
}

/** The scripts of a restore's steps that work on this data directory now; each leads a process group of its own (Linux). */
export async function stepScripts(dataDir: string): Promise<number[]> {
  const all = await Promise.all((await readdir('/proc')).filter(name => /^\d+$/.test(name)).map(describe));
  return all.filter(one => one?.group === one?.pid && one?.argv.startsWith(`/bin/sh\0-s\0--\0${dataDir}\0`)).map(one => one?.pid ?? 0);
}

async function describe(pid: string): Promise<Process | undefined> {
  try {
    const [stat, argv] = await Promise.all([readFile(`/proc/${pid}/stat`, 'utf8'), readFile(`/proc/${pid}/cmdline`, 'utf8')]);
    // After the name, which may hold anything and stands in parentheses: state, parent, process group.
    const group = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2]);
    return { pid: Number(pid), group, argv };
  } catch {
    return undefined;
  }
}
