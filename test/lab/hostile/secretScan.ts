import { glob, readFile } from 'node:fs/promises';
import type { Lab, LabHost } from '../../../lab/lab.js';
import { run } from '../../../lab/run.js';

/** What must not be found, by what it is. */
export type Secrets = Readonly<Record<string, string>>;

/** A secret as it is, and as it may stand where something has encoded it. */
const formsOf = (secret: string): readonly string[] => [secret, Buffer.from(secret).toString('base64').replace(/=+$/, ''), Buffer.from(secret).toString('hex'), encodeURIComponent(secret)];

const patternsOf = (secrets: Secrets): string => [...new Set(Object.values(secrets).flatMap(formsOf))].join('\n');

/** Files with a secret in them, by what the secret is. `grep` prints a name, NUL, and what it found. */
function readHits(stdout: string, secrets: Secrets): ReadonlyMap<string, ReadonlySet<string>> {
  const hits = new Map(Object.keys(secrets).map(what => [what, new Set<string>()]));
  for (const line of stdout.split('\n')) {
    const [file = '', found = ''] = line.split('\0');
    for (const [what, secret] of Object.entries(secrets)) if (formsOf(secret).includes(found)) hits.get(what)?.add(file);
  }
  return hits;
}

// The secrets come on standard input, or the search would put them into the list of processes itself. A device or a pipe holds nothing.
const search = ['grep', '-raoHZF', '-D', 'skip', '-f', '-', '--'];

/**
 * Searches every disk of a host, and what it keeps in memory: all below `/` but the kernel's own file systems, and the lab's images, which are
 * this machine's and which no host can write.
 */
export async function onHost(lab: Lab, host: LabHost, secrets: Secrets): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const script = `set -- ; for each in /* /.[!.]*; do case "$each" in /proc|/sys|/dev|/var) ;; *) [ ! -e "$each" ] || set -- "$@" "$each";; esac; done
for each in /var/* /var/lib/*; do case "$each" in /var/lib|/var/lib/lab-images) ;; *) set -- "$@" "$each";; esac; done
${search.join(' ')} "$@" /dev/shm 2>/dev/null; true`;
  return readHits((await lab.script(host, script, { input: patternsOf(secrets) })).stdout, secrets);
}

/** Searches files and folders of this machine. */
export async function here(paths: readonly string[], secrets: Secrets): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  let found = '';
  for (let at = 0; at < paths.length; at += 1_000) found += (await run([...search, ...paths.slice(at, at + 1_000)], { input: patternsOf(secrets), anyCode: true })).stdout;
  return readHits(found, secrets);
}

/** Looks again and again at the command line and the environment of every process, of the hosts' as well: this machine's kernel runs them all. */
export function watchProcesses(secrets: Secrets): { stop(): Promise<{ readonly seen: ReadonlySet<string>; readonly passes: number }> } {
  const seen = new Set<string>();
  const looking = { on: true, passes: 0 };
  const look = async (): Promise<void> => {
    for await (const file of glob('/proc/[0-9]*/{cmdline,environ}')) {
      const text = await readFile(file, 'latin1').catch(() => '');
      for (const [what, secret] of Object.entries(secrets)) if (formsOf(secret).some(form => text.includes(form))) seen.add(`${what} in ${file.split('/')[3] ?? ''}`);
    }
    looking.passes++;
  };
  const watching = (async () => { while (looking.on) await look(); })();
  return { stop: async () => {
    looking.on = false;
    await watching;
    return { seen, passes: looking.passes };
  } };
}
