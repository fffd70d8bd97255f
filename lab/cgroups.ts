import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

/**
 * Folders of a control group in every hierarchy of this machine, below the one this process is in. Each host of a lab gets its
 * own: in a shared one, the systemd of one host would count, and kill, the processes of another.
 */
export async function cgroupFolders(name: string): Promise<string[]> {
  const mounts = (await readFile('/proc/self/mounts', 'utf8')).split('\n').map(line => line.split(' '))
    .filter(([, , type]) => type === 'cgroup' || type === 'cgroup2');
  const own = (await readFile('/proc/self/cgroup', 'utf8')).trim().split('\n').map(line => line.split(':'));
  return mounts.flatMap(([, point = '', type, options = '']) => {
    const mine = own.find(([, controllers = '']) =>
      controllers === '' ? type === 'cgroup2' : type === 'cgroup' && controllers.split(',').every(one => options.split(',').includes(one)));
    // What is mounted may begin further down than what the kernel tells.
    const above = [path.join(point, mine?.[2] ?? ''), point].find(folder => existsSync(path.join(folder, 'cgroup.procs')));
    return above === undefined ? [] : [path.join(above, name)];
  });
}

/** Makes the folders, and returns them. */
export async function makeCgroup(name: string): Promise<string[]> {
  const folders = await cgroupFolders(name);
  for (const folder of folders) {
    await mkdir(folder, { recursive: true });
    // A group of the old kind takes no process before it knows its processors.
    for (const file of ['cpuset.cpus', 'cpuset.mems']) {
      const above = path.join(path.dirname(folder), file);
      if (folder.includes('/cpuset/') && existsSync(above)) await writeFile(path.join(folder, file), await readFile(above));
    }
  }
  return folders;
}

/** Every process in a control group and below it. */
export async function processesIn(folder: string): Promise<number[]> {
  const own = (await readFile(path.join(folder, 'cgroup.procs'), 'utf8').catch(() => '')).split('\n').filter(line => line !== '').map(Number);
  const below = await Promise.all((await subfolders(folder)).map(processesIn));
  return [...own, ...below.flat()];
}

/** Removes a control group without processes, and all below it. */
export async function removeCgroup(folder: string): Promise<void> {
  for (const below of await subfolders(folder)) await removeCgroup(below);
  await rmdir(folder).catch((error: unknown) => {
    if (existsSync(folder)) throw error;
  });
}

async function subfolders(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.filter(entry => entry.isDirectory()).map(entry => path.join(folder, entry.name));
}
