import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { chmod, copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder, fillOnce } from './cacheFolder.js';
import { debianMirror, openDebianArchive } from './debianArchive.js';
import type { DebianArchive } from './debianArchive.js';
import { buildEtcdVersions } from './etcdFromSource.js';
import { isMain } from './isMain.js';

/** One version of etcd on this machine: absolute paths of its binaries. */
export interface EtcdVersion {
  readonly version: string;
  readonly etcd: string;
  readonly etcdctl: string;
  /** From 3.5 on. */
  readonly etcdutl?: string;
}

/** Debian's releases after this one, each with a version of etcd of its own; the last moves on. */
const suites = ['trixie', 'forky'];
const binaries = ['etcd', 'etcdctl', 'etcdutl'] as const;
const run = promisify(execFile);

/** The versions of etcd at hand, oldest first: the system's own and those in the cache. Fetches nothing. */
export function etcdVersions(): readonly EtcdVersion[] {
  const cached = cachedFolders().map(folder => versionAt(path.basename(folder), folder));
  const all = [systemEtcd(), ...cached].filter(found => found !== undefined);
  const unique = all.filter((one, at) => all.findIndex(other => other.version === one.version) === at);
  return unique.sort((a, b) => compareVersions(a.version, b.version));
}

/** Fetches what Debian's later releases have into the cache, builds what they lack, and returns all versions at hand. Tells `report` what it does. */
export async function fetchEtcdVersions(report: (line: string) => void = () => undefined): Promise<readonly EtcdVersion[]> {
  if (cachedFolders().filter(hasPackages).length < suites.length) {
    const mirror = await debianMirror();
    if (mirror === undefined) report('Only Debian has packages of several etcd versions: those installed here are used.');
    else await fetchFromDebian(mirror, report).catch((error: unknown) => report(`Debian's other releases could not be read: ${String(error)}`));
  }
  await buildEtcdVersions(report);
  return etcdVersions();
}

/** Orders versions such as 3.4.23 by their numbers. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map(version => version.split('.').map(Number));
  for (const at of [0, 1, 2]) {
    const difference = (left?.[at] ?? 0) - (right?.[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

async function fetchFromDebian(mirror: string, report: (line: string) => void): Promise<void> {
  await using archive = await openDebianArchive(mirror, suites);
  for (const suite of suites) {
    const version = (await archive.version('etcd-server', suite))?.replace(/-[^-]*$/, '');
    if (version === undefined) report(`Debian's ${suite} has no etcd on this architecture.`);
    else if (!existsSync(cacheFolder('etcd', version))) {
      report(`Fetching etcd ${version} from Debian's ${suite}.`);
      await fillOnce(cacheFolder('etcd', version), folder => unpack(archive, suite, folder));
    }
  }
}

async function unpack(archive: DebianArchive, suite: string, folder: string): Promise<void> {
  const work = await mkdtemp(path.join(tmpdir(), 'etcd-packages-'));
  try {
    const sums: string[] = [];
    for (const name of ['etcd-server', 'etcd-client']) {
      const deb = await archive.download(name, suite, work);
      sums.push(`${createHash('sha256').update(await readFile(deb)).digest('hex')}  ${path.basename(deb)}\n`);
      await run('dpkg', ['-x', deb, path.join(work, 'root')]);
    }
    for (const name of binaries) {
      await copyFile(path.join(work, 'root/usr/bin', name), path.join(folder, name));
      await chmod(path.join(folder, name), 0o755);
    }
    await writeFile(path.join(folder, 'packages.sha256'), sums.join(''));
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

function cachedFolders(): string[] {
  const base = cacheFolder('etcd');
  if (!existsSync(base)) return [];
  return readdirSync(base).filter(name => /^\d+\.\d+\.\d+$/.test(name)).map(name => path.join(base, name));
}

/** Whether a cached version came from packages, not from a build. */
const hasPackages = (folder: string): boolean => existsSync(path.join(folder, 'packages.sha256'));

function systemEtcd(): EtcdVersion | undefined {
  const folder = (process.env['PATH'] ?? '').split(path.delimiter)
    .find(part => path.isAbsolute(part) && ['etcd', 'etcdctl'].every(name => isExecutable(path.join(part, name))));
  if (folder === undefined) return undefined;
  const version = /etcd Version: (\d+\.\d+\.\d+)/.exec(execFileSync(path.join(folder, 'etcd'), ['--version'], { encoding: 'utf8' }))?.[1];
  return version === undefined ? undefined : versionAt(version, folder);
}

function versionAt(version: string, folder: string): EtcdVersion {
  const [etcd, etcdctl, etcdutl] = [path.join(folder, 'etcd'), path.join(folder, 'etcdctl'), path.join(folder, 'etcdutl')];
  return { version, etcd, etcdctl, ...(isExecutable(etcdutl) ? { etcdutl } : {}) };
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function main(): Promise<void> {
  for (const { version, etcd, etcdutl } of await fetchEtcdVersions(line => console.log(line)))
    console.log(`etcd ${version}: ${path.dirname(etcd)}${etcdutl === undefined ? '' : ' (with etcdutl)'}`);
}

if (isMain(import.meta.url)) void main();
