import { existsSync } from 'node:fs';
import path from 'node:path';

/** Where a program lies, looked for on the PATH; nothing when it is not installed. */
export function findProgram(...names: readonly string[]): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter).filter(folder => path.isAbsolute(folder));
  return names.flatMap(name => folders.map(folder => path.join(folder, name))).find(file => existsSync(file));
}
