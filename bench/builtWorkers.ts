import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';

/** The worker threads as they are shipped, in a temporary folder: from source, each start would load the loader too. */
export async function builtWorkers(): Promise<AsyncDisposable & { readonly dir: string }> {
  const dir = await mkdtemp(path.join(tmpdir(), 'workers-'));
  const sources = (await readdir('src/node', { recursive: true })).filter(file => file.endsWith('Worker.ts')).map(file => path.join('src/node', file));
  await build({ entryPoints: sources, outdir: dir, entryNames: '[name]', bundle: true, platform: 'node', format: 'cjs', target: 'node22', logLevel: 'warning' });
  return { dir, [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true }) };
}
