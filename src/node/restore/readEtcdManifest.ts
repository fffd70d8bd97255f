import { readManifest } from '../../core/config/readManifest.js';
import { KnownError } from '../../core/errors.js';
import type { Host } from '../../core/host/host.js';
import { failureOf } from '../../core/host/outcome.js';
import { manifestScript, readManifestFiles } from '../../core/restore/factScripts.js';

/** Reads the one manifest of etcd in a host's manifest directory. Rejects with MANIFEST_NOT_FOUND, or what the host rejects with. */
export async function readEtcdManifest(host: Host | undefined, name: string, dir: string, signal: AbortSignal): Promise<{ readonly file: string; readonly text: string }> {
  if (host === undefined) throw new KnownError('HOST_UNKNOWN', { host: name });
  const outcome = await host.run(manifestScript(dir), { signal });
  if (outcome.code !== 0) throw failureOf(name, outcome);
  const texts = readManifestFiles(outcome.stdout).files.map(({ base64, ...file }) => ({ ...file, text: Buffer.from(base64, 'base64').toString('utf8') }));
  const [found] = texts.filter(each => readManifest(each).pod === 'etcd');
  if (found === undefined) throw new KnownError('MANIFEST_NOT_FOUND', { host: name, dir });
  return { file: `${dir}/${found.file}`, text: found.text };
}
