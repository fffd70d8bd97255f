import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { actionScript, type HostAction } from '../../../src/core/host/actionScripts.js';
import type { Host, HostScript } from '../../../src/core/host/host.js';
import { said } from '../../../src/core/host/outcome.js';
import { probeScript, type HostProbe } from '../../../src/core/host/probeScripts.js';
import type { EtcdProcess, StaticPod } from '../../../src/core/probe.js';
import { oddFileName } from './hostileKinds.js';
import type { Tree } from './tree.js';

export const never = new AbortController().signal;
/** Runs of which each stages its own data. */
export const runs = ['20261122t030000z-4f2a', '20261122t040000z-4f2b', '20261122t050000z-4f2c'];

/** Writes down what it was given, and does what a tool does as far as a step looks at it; the start command complains. */
const tell = `#!/bin/sh
printf '%s\\0' "$@" >>"$0.told"
case "$0" in *-stage) while [ "$1" != --data-dir ]; do shift; done; mkdir -p "$2/member/snap" "$2/member/wal"; for file in snap/db snap/1.snap wal/1.wal; do echo x >"$2/member/$file"; done;; esac
case "$0" in *-start) echo '@HOLDS'; exit 1;; esac
`;

/** What a script's own words make of a text: a control character cannot begin a line. */
export const plainOf = (text: string): string => text.replaceAll(/[\u0000-\u001f\u007f]/g, ' ');
const sendableName = (value: string): string => oddFileName(value.replaceAll(/[\n\r]/g, ''));

/** Some values on a host: the folder that is theirs alone, with each as a part of every path in it, and what is expected to lie there in the end. */
export class Spot {
  readonly host: Host;
  readonly base: string;
  readonly values: readonly string[];
  /** Names of files, and all of them as one path. */
  readonly names: readonly string[];
  readonly path: string;
  readonly etcd: EtcdProcess;
  /** What lies there by now, by path; `null` is an empty directory. */
  readonly left = new Map<string, string | null>();

  constructor(host: Host, base: string, values: readonly string[]) {
    this.host = host;
    this.base = base;
    this.values = values;
    this.names = values.map(sendableName);
    this.path = this.names.join('/');
    this.etcd = { host: host.name, dataDir: `${base}/data/${this.path}`, memberDirs: ['member', ...runs.map(run => `.restore-${run}/member`)], sockets: [] };
  }

  get manifest(): string { return `kind: ${JSON.stringify(this.values)}\n`; }
  get manifestDir(): string { return `${this.base}/manifests/${this.path}`; }
  /** The values in one word. */
  get all(): string { return this.values.join(' '); }
  get pod(): StaticPod {
    return {
      host: this.host.name, name: this.all, process: this.all, seen: this.etcd, manifest: `${this.manifestDir}/manifest.yaml`, parked: `${this.base}/parked/${this.path}/manifest.yaml`,
      sha256: createHash('sha256').update(this.manifest).digest('hex'),
    };
  }

  /** What has to lie there before. */
  planted(): Tree {
    const { dataDir } = this.etcd;
    const files: Tree = {
      [`${dataDir}/member/snap/db`]: 'database', [`${dataDir}/member/wal/0.wal`]: 'wal', [`${dataDir}/etcdutl`]: '#!/bin/sh\necho etcdutl version: 1.2.3\n',
      [this.pod.manifest]: this.manifest, [`${this.base}/files`]: null, [`${this.base}/made`]: null, [`${this.base}/uploads`]: null,
      ...Object.fromEntries(['stop', 'start', 'stage', 'revision'].map(kind => [`${this.base}/tell-${kind}`, tell])),
      // Where nothing of the adapter's takes part, a name may have every character that a file system takes.
      ...Object.fromEntries(this.values.flatMap(value => [[`${dataDir}/.restore-${oddFileName(value)}`, 'left'], [`${dataDir}/restore-${oddFileName(value)}.journal`, 'none'], [`${this.manifestDir}/${oddFileName(value)}`, value.toWellFormed()]])),
    };
    for (const [path, content] of Object.entries(files)) this.left.set(path, content);
    return files;
  }

  /** What a script prints and how it ends; it has nothing to complain of. */
  async ask(script: HostScript, outlives = false) {
    const { code, stdout, stderr } = await this.host.run(script, { signal: never, ...outlives && { outlives: true as const } });
    assert.equal(stderr, '', JSON.stringify(script.args));
    return { code, stdout, said: said(stdout) };
  }

  async holds(probe: HostProbe, code = 'HOLDS'): Promise<void> {
    assert.equal((await this.ask(probeScript(probe))).said?.code, code, JSON.stringify(probe));
  }

  async does(action: HostAction, outlives = false): Promise<void> {
    assert.deepEqual(await this.ask(actionScript(action), outlives), { code: 0, stdout: '', said: undefined }, JSON.stringify(action));
    this.locked(this.etcd.dataDir);
  }

  /** A step was there. */
  locked(folder: string): void {
    this.left.set(`${folder}/.recovery-step.lock`, '');
  }

  /** A command of the user's was given these words. */
  told(kind: string, words: readonly string[]): void {
    const path = `${this.base}/tell-${kind}.told`;
    this.left.set(path, `${this.left.get(path) ?? ''}${words.map(word => `${word}\0`).join('')}`);
  }
}
