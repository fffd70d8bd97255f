import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Action } from '../../../src/core/action.js';
import { actionScript } from '../../../src/core/host/actionScripts.js';
import { dataDirScript } from '../../../src/core/host/dataDirScript.js';
import { endScript } from '../../../src/core/host/endScript.js';
import { journalListScript, readJournalList } from '../../../src/core/host/journalScripts.js';
import { isPlainText } from '../../../src/core/host/shellWord.js';
import { goneScript } from '../../../src/core/host/probeScripts.js';
import { diskScript, imageToolScript, manifestScript, readDisk, readManifestFiles, readTools, revisionScript, toolScript } from '../../../src/core/restore/factScripts.js';
import { lockDataDirs, operator } from '../../../src/node/restore/lock.js';
import { oddFileName } from './hostileKinds.js';
import { never, plainOf, runs, type Spot } from './spot.js';

type Trial = (spot: Spot) => Promise<void>;

/** `{container}` alone is a word of ours. */
const contained = (words: readonly string[]): readonly string[] => words.filter(word => word !== '{container}');
const codeOf = (error: unknown): unknown => error instanceof Error && 'code' in error ? error.code : error;

async function dataDir(spot: Spot): Promise<void> {
  let at = `${spot.base}/made`;
  for (const name of spot.names) assert.equal((await spot.ask(dataDirScript(at += `/${name}`, { uid: 0, gid: 0 }))).code, 0);
  spot.left.delete(`${spot.base}/made`);
  spot.left.set(at, null);
}

async function files(spot: Spot): Promise<void> {
  for (const [at, value] of spot.values.entries()) {
    const to = `${spot.base}/files/${spot.names[at] ?? ''}`;
    await spot.host.write(to, value);
    if (at % 4 === 0) await spot.host.append(to, value);
    spot.left.set(to, at % 4 === 0 ? value + value : value);
  }
  const first = `${spot.base}/files/${spot.names[0] ?? ''}`, text = spot.left.get(first) ?? '';
  assert.equal(await spot.host.read(first), text);
  const pieces: Uint8Array[] = [];
  for await (const piece of spot.host.stream(first, never, 1)) pieces.push(piece);
  assert.deepEqual(Buffer.concat(pieces), Buffer.from(text).subarray(1));
  spot.left.delete(`${spot.base}/files`);
}

/** From a file here that has such a name as well. */
async function upload(spot: Spot): Promise<void> {
  const from = await mkdtemp(path.join(tmpdir(), 'hostile-'));
  try {
    for (const [at, name] of spot.names.entries()) {
      if (at % 4 !== 0) continue;
      await writeFile(path.join(from, name), name);
      await spot.host.upload(path.join(from, name), `${spot.base}/uploads/${name}`, { signal: never });
      spot.left.set(`${spot.base}/uploads/${name}`, name);
    }
    assert.deepEqual((await readdir(from)).sort(), [...new Set(spot.names.filter((_, at) => at % 4 === 0))].sort());
  } finally {
    await rm(from, { recursive: true });
  }
  spot.left.delete(`${spot.base}/uploads`);
}

/** A value as the whole path. What there really is of that name may be looked at. */
async function rawPaths(spot: Spot): Promise<void> {
  await Promise.all(spot.values.map(async value => {
    const found = await spot.host.read(value).catch(codeOf);
    assert(found === undefined || found === 'FILE_UNREADABLE' || /^[/.]/.test(value), `${value}: ${String(found)}`);
    const looked = await spot.ask(goneScript(value));
    assert.equal(looked.code, 0);
    assert(looked.said?.code === 'HOLDS' || /^[/.]/.test(value), value);
  }));
}

async function disk(spot: Spot): Promise<void> {
  const facts = readDisk((await spot.ask(diskScript(spot.etcd))).stdout);
  const leftovers = [...spot.left.keys()].filter(at => at.startsWith(`${spot.etcd.dataDir}/.restore-`)).map(at => at.slice(spot.etcd.dataDir.length + 1).split('/')[0] ?? '');
  assert.deepEqual([facts.dbSize, facts.member.kind, facts.heldBy, new Set(facts.leftovers)], [8, 'directory', [], new Set(leftovers.map(plainOf))]);
}

async function journals(spot: Spot): Promise<void> {
  const found = readJournalList((await spot.ask(journalListScript(spot.etcd.dataDir))).stdout);
  assert.deepEqual(found.map(({ name }) => name).sort(), [...new Set(spot.values.map(oddFileName).filter(name => /^[a-z0-9-]+$/.test(name)).map(name => `restore-${name}.journal`))].sort());
}

/** A tool whose path could not be told as it is, is none. */
async function tools(spot: Spot): Promise<void> {
  const found = readTools((await spot.ask(toolScript([...spot.values, spot.etcd.dataDir]))).stdout).filter(tool => tool.path.startsWith(spot.base));
  assert.deepEqual(found.map(({ path: at, version, runIn }) => ({ path: at, version, runIn })), isPlainText(spot.path) ? [{ path: `${spot.etcd.dataDir}/etcdutl`, version: '1.2.3', runIn: undefined }] : []);
}

async function manifests(spot: Spot): Promise<void> {
  const { files: found } = readManifestFiles((await spot.ask(manifestScript(spot.manifestDir))).stdout);
  const seen = [...spot.left].filter(([at]) => at.startsWith(`${spot.manifestDir}/`) && !at.startsWith(`${spot.manifestDir}/.`));
  assert.deepEqual(found.map(({ file, base64 }) => [file, Buffer.from(base64, 'base64').toString('utf8')]).sort(), seen.map(([at, text]) => [plainOf(at.slice(spot.manifestDir.length + 1)), text]).sort());
}

async function image(spot: Spot): Promise<void> {
  await Promise.all(spot.values.map(async value => { assert.equal((await spot.ask(imageToolScript(value, spot.etcd.dataDir))).stdout, '', value); }));
}

async function revision(spot: Spot): Promise<void> {
  assert.equal((await spot.ask(revisionScript([`${spot.base}/tell-revision`, ...contained(spot.values)], spot.all))).stdout, '');
  spot.told('revision', [...contained(spot.values), 'snapshot', 'status', spot.all, '-w', 'json']);
}

async function probes(spot: Spot): Promise<void> {
  const { host: { name: host }, etcd } = spot;
  await spot.holds({ is: 'exists', host, path: etcd.dataDir });
  await spot.holds({ is: 'absent', host, path: `${spot.base}/none/${spot.path}` });
  await spot.holds({ is: 'folder', host, path: `${etcd.dataDir}/member` });
  await spot.holds({ is: 'stopped', ...etcd });
  await spot.holds({ is: 'running', ...etcd }, 'NOT_RUNNING');
  for (const folder of [etcd.dataDir.slice(0, etcd.dataDir.lastIndexOf('/')), etcd.dataDir]) spot.locked(folder);
  await Promise.all(spot.values.map(async value => {
    await spot.holds({ is: 'exists', host, path: `/nonexistent/${value}` }, 'PATH_MISSING');
    await spot.holds({ is: 'sameFile', host, path: `${etcd.dataDir}/member/snap/db`, sha256: value, size: 8 }, 'FILE_DIFFERS');
  }));
}

async function end(spot: Spot): Promise<void> {
  // Its process id is beyond those of Linux.
  for (const value of spot.values) assert.equal((await spot.ask(endScript(4_194_305, value))).code, 0);
}

async function stop(spot: Spot): Promise<void> {
  await spot.does({ do: 'stop', etcd: spot.etcd, argv: [`${spot.base}/tell-stop`, ...spot.values], withinMs: 60_000 });
  spot.told('stop', spot.values);
  for (const [what, text] of Object.entries({ out: '', rc: '0\n', pids: '' })) spot.left.set(`${spot.etcd.dataDir}/.recovery-stop.${what}`, text);
}

async function start(spot: Spot): Promise<void> {
  const argv = [`${spot.base}/tell-start`, ...spot.values];
  const { code, said } = await spot.ask(actionScript({ do: 'start', etcd: spot.etcd, argv, withinMs: 60_000 }));
  assert.deepEqual([code, said], [70, { code: 'USER_COMMAND_FAILED', args: { command: plainOf(argv.join(' ')), code: '1', reason: '@HOLDS ' } }]);
  spot.told('start', spot.values);
  for (const [what, text] of Object.entries({ out: '@HOLDS\n', rc: '1\n' })) spot.left.set(`${spot.etcd.dataDir}/.recovery-start.${what}`, text);
  spot.locked(spot.etcd.dataDir);
}

/** So often that each value is a name, a token or the like; the script outlives its connection, as it does in a restore. */
async function stage(spot: Spot): Promise<void> {
  for (const [at, run] of runs.entries()) await stageOnce(spot, run, contained(spot.values.slice(at * STAGED, (at + 1) * STAGED)));
}

const STAGED = 6;

async function stageOnce(spot: Spot, run: string, values: readonly string[]): Promise<void> {
  const { dataDir: folder } = spot.etcd, [name = 'n', snapshot = 's', initialCluster = 'c', token = 't', peerUrls = 'p', bumpRevision = 'b'] = values;
  const staging = {
    dataDir: folder, part: `${folder}/.restore-${run}.part`, target: `${folder}/.restore-${run}`, tool: `${spot.base}/tell-stage`, snapshot, name, initialCluster, token, peerUrls, bumpRevision,
    owner: { uid: 0, gid: 0 }, like: `${folder}/member`,
  };
  await spot.does({ do: 'stage', host: spot.host.name, staging }, true);
  spot.told('stage', ['snapshot', 'restore', snapshot, '--name', name, '--initial-cluster', initialCluster, '--initial-cluster-token', token, '--initial-advertise-peer-urls', peerUrls, '--data-dir', staging.part, '--bump-revision', bumpRevision, '--mark-compacted']);
  spot.left.set(`${folder}/.recovery-stage.out`, '');
  for (const file of ['snap/db', 'snap/1.snap', 'wal/1.wal']) spot.left.set(`${staging.target}/member/${file}`, 'x\n');
}

async function move(spot: Spot): Promise<void> {
  const member = `${spot.etcd.dataDir}/member`;
  for (const name of spot.names.slice(0, 2)) {
    await spot.does({ do: 'move', etcd: spot.etcd, from: member, to: `${spot.etcd.dataDir}/${name}` });
    await spot.does({ do: 'move', etcd: spot.etcd, from: `${spot.etcd.dataDir}/${name}`, to: member });
  }
}

async function pod(spot: Spot): Promise<void> {
  await spot.does({ do: 'park', pod: spot.pod, withinMs: 60_000 });
  await spot.holds({ is: 'parked', pod: spot.pod });
  await spot.does({ do: 'putBack', pod: spot.pod, running: false, withinMs: 60_000 });
  await spot.holds({ is: 'placed', pod: spot.pod, running: false });
  spot.left.set(`${spot.base}/parked/${spot.path}`, null);
}

/** No word of this reaches systemd; the kubelet itself is left alone, since its pods are no matter of these values. */
async function kubelet(spot: Spot): Promise<void> {
  const missing = { ...spot.pod, manifest: `${spot.manifestDir}/none.yaml` };
  const { code, said } = await spot.ask(actionScript({ do: 'restartKubelet', pod: missing, withinMs: 60_000 }));
  assert.deepEqual([code, said], [70, { code: 'PATH_MISSING', args: { path: plainOf(missing.manifest) } }]);
  await spot.holds({ is: 'kubeletRestarted', pod: spot.pod }, 'KUBELET_NOT_RESTARTED');
  await spot.holds({ is: 'kubeletRestarted', pod: missing }, 'PATH_MISSING');
  spot.locked(spot.etcd.dataDir);
}

async function lock(spot: Spot): Promise<void> {
  await (await lockDataDirs([spot.etcd.dataDir], spot.all, spot.host))[Symbol.asyncDispose]();
  spot.left.set(`${spot.etcd.dataDir}/.recovery.lock`, `${operator()} (process ${process.pid}, ${spot.all})`);
}

/** What values are put through: each puts every value of a spot through a script or several, and leaves what it says and nothing else. */
export const trials: Readonly<Record<string, Trial>> = {
  dataDir, files, upload, rawPaths, disk, journals, tools, manifests, image, revision, probes, end, stop, start, stage, move, pod, kubelet, lock,
};

/** The trial of each action; the type checker finds one that is added and has none. */
export const trialOf: Readonly<Record<Exclude<Action['do'], 'expect' | 'upload'>, Trial>> = { stage, move, stop, start, park: pod, putBack: pod, restartKubelet: kubelet };
