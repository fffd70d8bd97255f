import assert from 'node:assert/strict';
import { mkdir, mkdtemp, open, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { machine } from 'node:os';
import { join } from 'node:path';
import type { EtcdProcess } from '../../../src/core/probe.js';
import { diskScript, readDisk, readTools, toolScript } from '../../../src/core/restore/factScripts.js';
import { localHost } from '../../../src/node/host/localHost.js';
import { run, Scratch } from './scratch.js';

const signal = new AbortController().signal;
const host = localHost();

async function disk(etcd: EtcdProcess): Promise<ReturnType<typeof readDisk>> {
  const outcome = await host.run(diskScript({ ...etcd, memberDirs: ['member'] }), { signal });
  assert.equal(outcome.code, 0, outcome.stderr);
  return readDisk(outcome.stdout);
}

describe('the facts about a disk', () => {
  it('of a member that is stopped', async () => {
    await using scratch = await Scratch.make();
    const etcd = await scratch.dataDir("it's $(x) *");
    const facts = await disk(etcd);
    const own = { uid: process.getuid?.() ?? -1, gid: process.getgid?.() ?? -1, kind: 'directory', device: facts.fileSystem };
    assert.deepEqual({ ...facts, freeBytes: 0, freeInodes: 0, memoryAvailable: 0, bootId: '', fileSystem: '' }, {
      uid: process.getuid?.(), parent: true, dataDir: own, member: own, links: [], dbSize: 8, writable: true, fileSystem: '', freeBytes: 0, freeInodes: 0,
      memoryAvailable: 0, heldBy: [], listening: false, bootId: '', leftovers: [],
    });
    assert(facts.freeBytes > 1_000_000 && facts.memoryAvailable > 1_000_000 && /^\d+$/.test(facts.fileSystem) && /^[\da-f-]{36}$/.test(facts.bootId), JSON.stringify(facts));
  });

  it('name who holds it, whether a socket is taken, and what earlier runs left', async () => {
    await using scratch = await Scratch.make();
    const socket = await scratch.listen();
    const etcd = { ...await scratch.dataDir('m1'), sockets: [socket] };
    const holder = await scratch.hold(join(etcd.dataDir, 'member/snap/db'), 'open');
    for (const name of [`.restore-${run}`, `.restore-${run}.part`, 'rescue-a', 'rescue-x\nfact\theldBy\t1']) await mkdir(join(etcd.dataDir, name));
    const facts = await disk(etcd);
    assert.deepEqual([facts.heldBy, facts.listening], [[String(holder.pid)], true]);
    assert.deepEqual(facts.leftovers.toSorted(), [`.restore-${run}`, `.restore-${run}.part`, 'rescue-a', 'rescue-x fact heldBy 1']);
  });

  it('name the ports that something else has taken, and what it is', async () => {
    await using scratch = await Scratch.make();
    const sockets = [await scratch.listen(), await scratch.listen()];
    const ports = sockets.map(socket => Number.parseInt(socket.split(':')[1] ?? '', 16)).sort((a, b) => a - b).join(', ');
    const etcd = { ...await scratch.dataDir('m1'), sockets };
    assert.deepEqual((await disk(etcd)).taken, { ports, process: `${process.pid} (${(await readFile('/proc/self/comm', 'utf8')).trim()})` });
    assert.equal((await disk({ ...etcd, sockets: [] })).taken, undefined);
    await scratch.hold(join(etcd.dataDir, 'member/snap/db'), 'open');
    assert.equal((await disk(etcd)).taken, undefined, 'who holds the data is who listens, as far as a restore cares');
  });

  it('tell whether who holds the database is who listens for the member', async () => {
    await using scratch = await Scratch.make();
    const etcd = { ...await scratch.dataDir('m1'), sockets: [await scratch.listen()] };
    assert.equal((await disk(etcd)).ownsSockets, undefined, 'nobody holds it');
    const holder = await scratch.hold(join(etcd.dataDir, 'member/snap/db'), 'open');
    assert.equal((await disk(etcd)).ownsSockets, false);
    // This process listens.
    await using own = await open(join(etcd.dataDir, 'member/snap/db'));
    assert.equal((await disk(etcd)).ownsSockets, true);
    assert(holder.pid !== undefined && own.fd > 0);
    assert.equal((await disk({ ...etcd, sockets: [] })).ownsSockets, undefined, 'nobody listens');
  });

  it('tell links, files and what is missing from directories', async () => {
    await using scratch = await Scratch.make();
    const { dataDir: real } = await scratch.dataDir('real');
    const at = (name: string): EtcdProcess => ({ host: 'local', dataDir: join(scratch.dir, name), memberDirs: ['member'], sockets: [] });
    await symlink(real, join(scratch.dir, 'link'));
    await writeFile(join(scratch.dir, 'file'), '');
    await mkdir(join(scratch.dir, 'empty'));
    await mkdir(join(scratch.dir, 'linked'));
    await symlink(join(real, 'member'), join(scratch.dir, 'linked/member'));
    const kinds = async (name: string) => {
      const { dataDir, member, parent } = await disk(at(name));
      return [dataDir.kind, member.kind, parent];
    };
    assert.deepEqual(await kinds('link'), ['link', 'directory', true]);
    assert.deepEqual(await kinds('file'), ['other', 'absent', true]);
    assert.deepEqual(await kinds('empty'), ['directory', 'absent', true]);
    assert.deepEqual(await kinds('linked'), ['directory', 'link', true]);
    assert.deepEqual(await kinds('gone'), ['absent', 'absent', true]);
    assert.deepEqual(await kinds('gone/as/well'), ['absent', 'absent', false]);
    assert((await disk(at('gone'))).freeBytes > 0, 'the space of the parent counts');
  });

  it('name every link inside the member directory', async () => {
    await using scratch = await Scratch.make();
    const { dataDir: real } = await scratch.dataDir('real');
    for (const [name, link] of [['a', 'wal'], ['b', 'snap/db']] as const) {
      const etcd = await scratch.dataDir(name);
      await rm(join(etcd.dataDir, 'member', link), { recursive: true });
      await symlink(join(real, 'member', link), join(etcd.dataDir, 'member', link));
      assert.deepEqual((await disk(etcd)).links, [`member/${link}`]);
    }
  });

  it('of an answer that makes no sense are empty and not wrong', () => {
    const none = readDisk('garbage\nfact\tuid\tx\nfact\tfree\t-\nfact\tdataDir\tweird 1 2 3\n');
    assert.deepEqual([none.uid, none.freeBytes, none.dataDir.kind, none.writable, none.parent], [0, 0, 'absent', false, false]);
  });
});

describe('the facts about tools', () => {
  const help = 'case "$*" in "version") echo "etcdutl version: VERSION"; echo "API version: 3.5";; "snapshot restore --help") printf "%s\\n" "--initial-cluster-token string" "BUMP";; *) exit 1;; esac';
  const fake = (version: string, bump: string) => help.replace('VERSION', version).replace('BUMP', bump);

  it('come from the folders first and then from the PATH, each binary once, with what it can do', async () => {
    await using scratch = await Scratch.make();
    const own = await mkdtemp(join(scratch.dir, 'own $(x)\' '));
    const folder = own.slice(scratch.dir.length + 1);
    await scratch.script(`${folder}/etcdutl`, fake('3.5.30', '--bump-revision uint --mark-compacted'));
    await scratch.script(`${folder}/etcdctl`, fake('3.5.9', '--skip-hash-check'));
    await mkdir(join(scratch.dir, 'other'));
    await symlink(join(own, 'etcdutl'), join(scratch.dir, 'other/etcdutl'));
    await scratch.script('other/etcdctl', 'echo "etcdctl version: 3.6.1"; exit 0');
    const outcome = await host.run(toolScript([own, join(scratch.dir, 'other'), 'relative', join(scratch.dir, 'none')]), { signal });
    assert.equal(outcome.code, 0, outcome.stderr);
    const tools = readTools(outcome.stdout).filter(({ path }) => path.startsWith(scratch.dir));
    assert.deepEqual(tools, [
      { path: join(own, 'etcdutl'), kind: 'etcdutl', version: '3.5.30', machine: machine(), canRestore: true, canBump: true },
      { path: join(own, 'etcdctl'), kind: 'etcdctl', version: '3.5.9', machine: machine(), canRestore: true, canBump: false },
      { path: join(scratch.dir, 'other/etcdctl'), kind: 'etcdctl', version: '3.6.1', machine: machine(), canRestore: false, canBump: false },
    ]);
  });

  it('leave out what is no program, and survive one that fails', async () => {
    await using scratch = await Scratch.make();
    await mkdir(join(scratch.dir, 'etcdctl'));
    await scratch.script('etcdutl', 'exit 1');
    const outcome = await host.run(toolScript([scratch.dir]), { signal });
    assert.deepEqual(readTools(outcome.stdout).filter(({ path }) => path.startsWith(scratch.dir)), [{ path: join(scratch.dir, 'etcdutl'), kind: 'etcdutl', version: '', machine: machine(), canRestore: false, canBump: false }]);
  });
});
