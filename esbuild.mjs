// Builds everything that is shipped: the extension, its workers, the webviews, and etcd3's protos.
import { context, build } from 'esbuild';
import { mkdir, rm } from 'node:fs/promises';
import { existsSync, readdirSync } from 'node:fs';
import { bundledPackages, writeNotices } from './scripts/notices.mjs';
import { copyProtos } from './scripts/protos.mjs';

const watch = process.argv.includes('--watch');
const host = {
  bundle: true,
  platform: 'node',
  target: 'node22',
  format: 'cjs',
  keepNames: true,
  minify: !watch,
  sourcemap: watch ? 'inline' : false,
  external: ['vscode', 'cpu-features', '*.node'],
  supported: { 'dynamic-import': false }, // the editor gives `vscode` to require only
  logLevel: 'warning',
  legalComments: 'none',
};
const workers = readdirSync('src/node', { recursive: true }).filter(f => f.endsWith('Worker.ts')).map(f => `src/node/${f}`);
const panels = readdirSync('media', { withFileTypes: true }).filter(d => d.isDirectory() && existsSync(`media/${d.name}/main.ts`));

// Loaded when first needed, each a bundle of its own, so that activation reads only a small file.
const lazy = Object.fromEntries(readdirSync('src', { recursive: true }).filter(f => f.endsWith('.lazy.ts'))
  .map(f => [f.split('/').at(-1).replace(/\.ts$/, ''), `src/${f}`]));
const keepLazyOut = {
  name: 'keep-lazy-out',
  setup: b => b.onResolve({ filter: /\.lazy\.js$/ }, args =>
    args.kind === 'dynamic-import' ? { path: `./${args.path.split('/').at(-1)}`, external: true } : undefined),
};

const jobs = [
  { ...host, entryPoints: { extension: 'src/extension.ts', ...lazy }, outdir: 'dist/host', plugins: [keepLazyOut] },
  ...(workers.length ? [{ ...host, entryPoints: workers, outdir: 'dist/host', entryNames: '[name]' }] : []),
  ...(panels.length ? [{
    bundle: true, platform: 'browser', target: 'es2022', format: 'iife', minify: !watch, logLevel: 'warning',
    entryPoints: Object.fromEntries(panels.map(d => [`${d.name}/main`, `media/${d.name}/main.ts`])), outdir: 'dist/media',
  }] : []),
];

await rm('dist', { recursive: true, force: true });
await mkdir('dist/proto', { recursive: true });
await copyProtos('dist/proto');
if (watch) {
  for (const job of jobs) await (await context(job)).watch();
  console.log('watching');
} else {
  const built = await Promise.all(jobs.map(job => build({ ...job, metafile: true })));
  await writeNotices(bundledPackages(built.map(result => result.metafile)), 'dist/ThirdPartyNotices.txt');
}
