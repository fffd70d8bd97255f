import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Whether somebody on this machine works on one of these data directories now: the kernel shows every lock by its inode.
 * Asked without touching the lock, since even a short one would keep off whoever wants it in that moment.
 */
export async function isWorkedOn(dataDirs: readonly string[]): Promise<boolean> {
  const locks = await readFile('/proc/locks', 'utf8').catch(() => '');
  const held = new Set(locks.split('\n').flatMap(line => / FLOCK .*:(\d+) \d+ \w+$/.exec(line)?.[1] ?? []));
  const inodes = await Promise.all(dataDirs.map(dataDir => stat(join(dataDir, '.recovery.lock')).then(({ ino }) => String(ino), () => '')));
  return inodes.some(inode => held.has(inode));
}
