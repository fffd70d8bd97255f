import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { copyProtos } from '../../../scripts/protos.mjs';
import type * as Module from '../../../src/node/etcd/openEndpoint.lazy.js';

/** The etcd client as it is shipped: bundled, beside the extended protos, which a run from source does not read. */
export async function bundledEndpoint(): Promise<AsyncDisposable & { readonly open: typeof Module.openEndpoint; readonly protoFolder: string }> {
  const dir = await mkdtemp(path.join(tmpdir(), 'etcd-bundle-'));
  const protoFolder = path.join(dir, 'proto');
  const bundle = path.join(dir, 'host', 'openEndpoint.lazy.js');
  await mkdir(protoFolder);
  await Promise.all([
    copyProtos(protoFolder),
    build({ entryPoints: ['src/node/etcd/openEndpoint.lazy.ts'], outfile: bundle, bundle: true, platform: 'node', format: 'cjs', target: 'node22', logLevel: 'warning' }),
  ]);
  const { openEndpoint } = createRequire(import.meta.url)(bundle) as typeof Module;
  return { open: openEndpoint, protoFolder, [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true }) };
}
