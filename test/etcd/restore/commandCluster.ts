import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ClusterDefinition } from '../../../src/core/cluster/definition.js';
import type { EtcdVersion } from '../../../scripts/etcdVersions.js';
import { freePorts } from '../../../scripts/freePorts.js';

const exec = promisify(execFile);

/** A cluster whose members are started and stopped by commands of their own, as a `commands` cluster's are. */
export interface CommandCluster extends AsyncDisposable {
  readonly dir: string;
  readonly definition: ClusterDefinition;
  start(...names: readonly string[]): Promise<void>;
  stop(...names: readonly string[]): Promise<void>;
  /** Ends members, all unless named, at once, as a power cut does. */
  kill(...names: readonly string[]): Promise<void>;
  /** Whether the processes of all members run. */
  running(): Promise<boolean>;
  /** Runs etcdctl against members, all unless named. */
  etcdctl(args: readonly string[], names?: readonly string[]): Promise<string>;
  /** Waits until members answer linearizable reads. */
  untilHealthy(names?: readonly string[]): Promise<void>;
}

// A person's own script: finds its process by a pid file, returns at once from start, waits in stop. A process that has
// ended and was not reaped yet has no command line any more; another that got its number since, a different one.
const script = (argv: readonly string[], dir: string, name: string): string => `#!/bin/sh
pid="${dir}/${name}.pid"
alive() { [ -s "$pid" ] && grep -qsF "${dir}/${name}" "/proc/$(cat "$pid")/cmdline"; }
case "$1" in
  start) alive && exit 0
    setsid ${argv.map(word => `'${word}'`).join(' ')} >>"${dir}/${name}.log" 2>&1 </dev/null &
    echo $! >"$pid";;
  stop) alive || exit 0
    kill "$(cat "$pid")"; while alive; do sleep 0.05; done;;
  runs) alive;;
  kill) while alive; do kill -KILL "$(cat "$pid")"; sleep 0.01; done;;
esac
`;

/** Starts `size` members of a version and waits until they serve. */
export async function startCommandCluster(version: EtcdVersion, size: number, flags: readonly string[] = []): Promise<CommandCluster> {
  const dir = await mkdtemp(join(tmpdir(), 'etcd-commands-'));
  const ports = await freePorts(2 * size);
  const places = Array.from({ length: size }, (_, at) => ({
    name: `m${at + 1}`, dataDir: join(dir, `m${at + 1}`), clientUrl: `http://127.0.0.1:${ports[2 * at] ?? 0}`, peerUrl: `http://127.0.0.1:${ports[2 * at + 1] ?? 0}`,
  }));
  const initialCluster = places.map(({ name, peerUrl }) => `${name}=${peerUrl}`).join(',');
  await mkdir(join(dir, 'snapshots'));
  for (const { name, dataDir, clientUrl, peerUrl } of places) {
    const argv = [version.etcd, '--name', name, '--data-dir', dataDir, '--listen-client-urls', clientUrl, '--advertise-client-urls', clientUrl,
      '--listen-peer-urls', peerUrl, '--initial-advertise-peer-urls', peerUrl, '--initial-cluster', initialCluster,
      '--initial-cluster-token', 'the-first', '--initial-cluster-state', 'new', '--logger', 'zap', ...flags];
    await writeFile(join(dir, `${name}.sh`), script(argv, dir, name));
    await chmod(join(dir, `${name}.sh`), 0o700);
  }
  const definition: ClusterDefinition = {
    name: 'demo', run: 'commands', snapshotFolders: [join(dir, 'snapshots')],
    members: places.map(({ name, dataDir, clientUrl, peerUrl }) => ({
      name, host: 'local', clientUrls: [clientUrl], peerUrls: [peerUrl], dataDir, start: [join(dir, `${name}.sh`), 'start'], stop: [join(dir, `${name}.sh`), 'stop'],
    })),
  };
  const all = places.map(({ name }) => name);
  const each = async (verb: string, names: readonly string[]) => { await Promise.all((names.length > 0 ? names : all).map(name => exec(join(dir, `${name}.sh`), [verb]))); };
  const etcdctl = async (args: readonly string[], names = all) => {
    const endpoints = places.filter(({ name }) => names.includes(name)).map(({ clientUrl }) => clientUrl).join(',');
    return (await exec(version.etcdctl, ['--endpoints', endpoints, ...args], { env: { ...process.env, ETCDCTL_API: '3' }, maxBuffer: 2 ** 28 })).stdout;
  };
  const untilHealthy = async (names = all) => {
    for (let tries = 0; ; tries++) {
      try {
        await etcdctl(['endpoint', 'health', '--command-timeout=2s'], names);
        return;
      } catch (error) {
        if (tries >= 150) throw error;
        await new Promise(resolve => { setTimeout(resolve, 100); });
      }
    }
  };
  const cluster: CommandCluster = {
    dir, definition, etcdctl, untilHealthy,
    running: () => each('runs', all).then(() => true, () => false),
    start: (...names) => each('start', names), stop: (...names) => each('stop', names), kill: (...names) => each('kill', names),
    [Symbol.asyncDispose]: async () => { await each('kill', all); await rm(dir, { recursive: true, force: true }); },
  };
  await cluster.start();
  await untilHealthy();
  return cluster;
}

/** Writes `count` keys in transactions of a hundred. */
export async function writeKeys(cluster: CommandCluster, version: EtcdVersion, count: number, value: string): Promise<void> {
  const endpoint = cluster.definition.members[0]?.clientUrls[0] ?? '';
  for (let from = 0; from < count; from += 100) {
    const puts = Array.from({ length: Math.min(100, count - from) }, (_, at) => `put /registry/configmaps/default/c-${from + at} ${value}-${from + at}`);
    const child = execFile(version.etcdctl, ['--endpoints', endpoint, 'txn'], { env: { ...process.env, ETCDCTL_API: '3' } });
    const ended = new Promise<void>((resolve, reject) => { child.on('exit', code => { if (code === 0) resolve(); else reject(new Error(`etcdctl txn: ${String(code)}`)); }); });
    child.stdin?.end(`\n${puts.join('\n')}\n\n\n`);
    await ended;
  }
}
