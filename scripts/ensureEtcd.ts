import { execFileSync } from 'node:child_process';
import { findProgram } from './findProgram.js';
import { etcdVersions } from './etcdVersions.js';
import type { EtcdVersion } from './etcdVersions.js';

/** The etcd to use for a demo: the newest with etcdutl, else the newest. Installs the system's where that needs no question. */
export function ensureEtcd(report: (line: string) => void): EtcdVersion | undefined {
  const found = preferred(etcdVersions());
  if (found !== undefined || findProgram('apt-get') === undefined || process.getuid?.() !== 0) return found;
  report('Installing etcd from the system\'s packages.');
  try {
    for (const args of [['update', '-q'], ['install', '-q', '-y', '--no-install-recommends', 'etcd-server', 'etcd-client']])
      execFileSync('apt-get', args, { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
  } catch {
    return undefined;
  }
  return preferred(etcdVersions());
}

/** Of versions that are ordered from old to new. */
export const preferred = (versions: readonly EtcdVersion[]): EtcdVersion | undefined =>
  versions.findLast(version => version.etcdutl !== undefined) ?? versions.at(-1);
