import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { cacheFolder, fillOnce } from './cacheFolder.js';
import { debianMirror, openDebianArchive } from './debianArchive.js';
import { findProgram } from './findProgram.js';

/** A `go` that builds what we need, and the environment it needs. */
export interface Go {
  readonly program: string;
  readonly env: NodeJS.ProcessEnv;
}

/** The first version that fetches a newer one of itself where a module asks for it. */
const oldest = [1, 21] as const;
/** Of Debian's release after this one. */
const suite = 'trixie';
const version = '1.24';

/** The system's go if it is recent enough, else the one in the cache. Fetches nothing. */
export function findGo(): Go | undefined {
  const system = findProgram('go');
  if (system !== undefined && isRecent(system)) return { program: system, env: process.env };
  const root = cacheFolder('go', version, `usr/lib/go-${version}`);
  const program = path.join(root, 'bin/go');
  // Debian's build stays at its own version unless told.
  return existsSync(program) ? { program, env: { ...process.env, GOROOT: root, GOTOOLCHAIN: 'auto' } } : undefined;
}

/** The same, after fetching go from Debian's next release into the cache where there is none. */
export async function ensureGo(report: (line: string) => void): Promise<Go | undefined> {
  if (findGo() === undefined)
    await fetchGo(report).catch((error: unknown) => report(`Go could not be fetched from Debian's ${suite}: ${String(error)}`));
  return findGo();
}

function isRecent(program: string): boolean {
  const [, major = 0, minor = 0] = /go(\d+)\.(\d+)/.exec(execFileSync(program, ['version'], { encoding: 'utf8' }))?.map(Number) ?? [];
  return major > oldest[0] || (major === oldest[0] && minor >= oldest[1]);
}

async function fetchGo(report: (line: string) => void): Promise<void> {
  const mirror = await debianMirror();
  if (mirror === undefined) return;
  report(`Fetching Go ${version} from Debian's ${suite}.`);
  await using archive = await openDebianArchive(mirror, [suite]);
  await fillOnce(cacheFolder('go', version), async folder => {
    const work = await mkdtemp(path.join(tmpdir(), 'go-packages-'));
    try {
      for (const name of [`golang-${version}-go`, `golang-${version}-src`])
        execFileSync('dpkg', ['-x', await archive.download(name, suite, work), folder]);
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  });
}
