import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder, fillOnce } from './cacheFolder.js';
import { ensureGo } from './findGo.js';
import type { Go } from './findGo.js';

const run = promisify(execFile);
/** Go modules of our own, one for each line of etcd, that require it at one version. */
const modules = path.join(import.meta.dirname, '../test/etcd/go');
const mainPackages = { etcd: 'server', etcdctl: 'etcdctl', etcdutl: 'etcdutl' } as const;

/** Builds the versions of etcd that no package brings into the cache, where `go` can; says so where it cannot. */
export async function buildEtcdVersions(report: (line: string) => void): Promise<void> {
  for (const line of (await readdir(modules)).sort()) {
    const version = requiredVersion(await readFile(path.join(modules, line, 'go.mod'), 'utf8'));
    if (version === undefined) throw new Error(`test/etcd/go/${line}/go.mod requires no go.etcd.io/etcd/server/v3`);
    if (existsSync(cacheFolder('etcd', version))) continue;
    const go = await ensureGo(report);
    if (go === undefined) {
      report(`etcd ${version} is built from its Go modules, and there is no go here: the tests go without it.`);
      continue;
    }
    report(`Building etcd ${version} from its Go modules (a minute or two).`);
    await fillOnce(cacheFolder('etcd', version), folder => build(go, path.join(modules, line), folder))
      .catch((error: unknown) => report(`etcd ${version} could not be built, so the tests go without it: ${String(error)}`));
  }
}

/** The version of etcd's server that a go.mod requires. */
export const requiredVersion = (goMod: string): string | undefined =>
  /^\s*(?:require )?go\.etcd\.io\/etcd\/server\/v3 v(\d+\.\d+\.\d+)\b/m.exec(goMod)?.[1];

async function build(go: Go, module: string, folder: string): Promise<void> {
  for (const [binary, name] of Object.entries(mainPackages)) {
    const args = ['build', '-trimpath', '-buildvcs=false', '-mod=readonly', '-ldflags=-s -w', '-o', path.join(folder, binary), `go.etcd.io/etcd/${name}/v3`];
    await run(go.program, args, { cwd: module, env: go.env, maxBuffer: 1 << 24, timeout: 900_000 });
  }
}
