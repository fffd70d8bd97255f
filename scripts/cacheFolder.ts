import { mkdtemp, mkdir, rename, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

/** Where what was fetched or built once is kept, outside the checkout. */
export function cacheFolder(...below: readonly string[]): string {
  const base = process.env['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache');
  return path.join(base, 'etcd-recovery', ...below);
}

/**
 * Fills a cache folder as a whole or not at all: `fill` gets a temporary folder beside it, which is renamed when it
 * returns. Does nothing when the folder is there already.
 */
export async function fillOnce(folder: string, fill: (temporary: string) => Promise<void>): Promise<void> {
  if (existsSync(folder)) return;
  await mkdir(path.dirname(folder), { recursive: true });
  const temporary = await mkdtemp(`${folder}.tmp-`);
  try {
    await fill(temporary);
    if (!existsSync(folder)) await rename(temporary, folder);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}
