import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** Other releases of Debian, read from the mirror this system is configured for, without touching the system's own lists. */
export interface DebianArchive extends AsyncDisposable {
  /** Version of a package in a suite, or nothing when the suite has none. */
  version(name: string, suite: string): Promise<string | undefined>;
  /** Downloads a package into a folder and returns the path of the .deb; apt has checked its signature chain. */
  download(name: string, suite: string, folder: string): Promise<string>;
}

/** The mirror of the running Debian release, from apt's own configuration; nothing on another system. */
export async function debianMirror(): Promise<string | undefined> {
  const release = await readFile('/etc/os-release', 'utf8').catch(() => '');
  const codename = /^VERSION_CODENAME=(\S+)/m.exec(release)?.[1];
  if (!/^ID=debian$/m.test(release) || codename === undefined) return undefined;
  for (const text of await sourcesTexts()) {
    const found = mirrorIn(text, codename);
    if (found !== undefined) return found;
  }
  return undefined;
}

async function sourcesTexts(): Promise<string[]> {
  const parts = await readdir('/etc/apt/sources.list.d').catch((): string[] => []);
  const files = ['/etc/apt/sources.list', ...parts.map(part => `/etc/apt/sources.list.d/${part}`)];
  return Promise.all(files.map(file => readFile(file, 'utf8').catch(() => '')));
}

/** Finds the mirror of `codename` in the text of one sources file, in either of apt's two formats. */
export function mirrorIn(text: string, codename: string): string | undefined {
  for (const line of text.split('\n')) {
    const [, url, suite, components] = /^deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    if (suite === codename && /\bmain\b/.test(components ?? '')) return url;
  }
  for (const stanza of text.replaceAll(/^#.*\n/gm, '').split(/\n\s*\n/)) {
    const field = (name: string): string[] => new RegExp(`^${name}:\\s*(.*)$`, 'mi').exec(stanza)?.[1]?.trim().split(/\s+/) ?? [];
    if (field('Types').includes('deb') && field('Suites').includes(codename) && field('Components').includes('main')) return field('URIs')[0];
  }
  return undefined;
}

/** Opens the archive for some suites: fetches their package lists into a temporary folder. */
export async function openDebianArchive(mirror: string, suites: readonly string[]): Promise<DebianArchive> {
  const folder = await mkdtemp(path.join(tmpdir(), 'debian-archive-'));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const options = await writeConfiguration(folder, mirror, suites);
    await run('apt-get', [...options, 'update'], { maxBuffer: 1 << 24 });
    return {
      version: (name, suite) => versionIn(options, name, suite),
      download: (name, suite, into) => downloadTo(options, name, suite, into),
      [Symbol.asyncDispose]: remove,
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function writeConfiguration(folder: string, mirror: string, suites: readonly string[]): Promise<string[]> {
  await mkdir(path.join(folder, 'lists/partial'), { recursive: true });
  await mkdir(path.join(folder, 'cache/archives/partial'), { recursive: true });
  const signed = existsSync(keyring) ? `[signed-by=${keyring}] ` : '';
  await writeFile(path.join(folder, 'sources.list'), suites.map(suite => `deb ${signed}${mirror} ${suite} main\n`).join(''));
  const settings = {
    'Dir::Etc::sourcelist': path.join(folder, 'sources.list'),
    'Dir::Etc::sourceparts': '-',
    'Dir::State::lists': path.join(folder, 'lists'),
    'Dir::State::status': '/dev/null',
    'Dir::Cache': path.join(folder, 'cache'),
    'APT::Sandbox::User': 'root',
    // A mirror may lag behind: its signature is still checked.
    'Acquire::Check-Valid-Until': 'false',
    'Acquire::Languages': 'none',
    'Acquire::Retries': '3',
    'Acquire::IndexTargets::deb::DEP-11::DefaultEnabled': 'false',
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
}

async function versionIn(options: readonly string[], name: string, suite: string): Promise<string | undefined> {
  const { stdout } = await run('apt-cache', [...options, 'madison', name]);
  const row = stdout.split('\n').map(line => line.split('|').map(cell => cell.trim())).find(cells => cells[2]?.includes(` ${suite}/main `));
  return row?.[1];
}

async function downloadTo(options: readonly string[], name: string, suite: string, into: string): Promise<string> {
  await mkdir(into, { recursive: true });
  await run('apt-get', [...options, 'download', `${name}/${suite}`], { cwd: into });
  const file = (await readdir(into)).find(entry => entry.startsWith(`${name}_`) && entry.endsWith('.deb'));
  if (file === undefined) throw new Error(`apt-get download left no ${name} package of ${suite} in ${into}`);
  return path.join(into, file);
}
