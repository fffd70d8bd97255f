import assert from 'node:assert/strict';
import { chown, lstat, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { socketsOf } from '../../../src/core/restore/sockets.js';
import { hands, move, perform, run, Scratch } from './scratch.js';

describe('a move', () => {
  const names = ['plain', 'with space', "it's", '"quoted"', '$(touch x)', '`touch x`', '-rf', '--', '*', '?[a]', 'ünïcödé ✓', 'a;b&c|d>e', '\\back\\slash', '~', '#hash', '!bang', 'a=b', '{a,b}'];

  it('renames within a data directory of any name', async () => {
    await using scratch = await Scratch.make();
    for (const name of names) {
      const etcd = await scratch.dataDir(name);
      const to = join(etcd.dataDir, `rescue-${run}`);
      await move(etcd, join(etcd.dataDir, 'member'), to);
      assert.equal(await readFile(join(to, 'snap/db'), 'utf8'), 'database', name);
      assert.deepEqual((await readdir(etcd.dataDir)).sort(), ['.recovery-step.lock', `rescue-${run}`], name);
    }
    assert.deepEqual((await readdir(scratch.dir)).sort(), names.toSorted());
  });

  it('is refused while a process has the database open, and names it', async () => {
    await using scratch = await Scratch.make();
    for (const member of ['member', `rescue-${run}`, `.restore-${run}/member`]) {
      const etcd = await scratch.dataDir(member.replace('/', '-'), member);
      const holder = await scratch.hold(join(etcd.dataDir, member, 'snap/db'));
      await assert.rejects(move(etcd, join(etcd.dataDir, member), join(etcd.dataDir, 'elsewhere')),
        { code: 'STILL_RUNNING', args: { host: 'local', dataDir: etcd.dataDir, pids: `${holder.pid ?? ''} ` } });
      assert(!(await readdir(etcd.dataDir)).includes('elsewhere'));
    }
  });

  it('is refused while a process has the WAL locked, and goes once it has ended', async () => {
    await using scratch = await Scratch.make();
    const etcd = await scratch.dataDir('m1');
    const holder = await scratch.hold(join(etcd.dataDir, 'member/wal/0.wal'), 'locked');
    const go = () => move(etcd, join(etcd.dataDir, 'member'), join(etcd.dataDir, 'aside'));
    // The lock is in the name of the command that took it, which has ended; it counts all the same.
    await assert.rejects(go(), { code: 'STILL_RUNNING' });
    const gone = new Promise(resolve => { holder.on('exit', resolve); });
    holder.kill('SIGKILL');
    await gone;
    await go();
  });

  it('is refused while a process goes on with data that was removed under it', async () => {
    await using scratch = await Scratch.make();
    const etcd = await scratch.dataDir('m1');
    const holder = await scratch.hold(join(etcd.dataDir, 'member/snap/db'));
    await rm(join(etcd.dataDir, 'member'), { recursive: true });
    await mkdir(join(etcd.dataDir, `.restore-${run}/member`), { recursive: true });
    await assert.rejects(move(etcd, join(etcd.dataDir, `.restore-${run}/member`), join(etcd.dataDir, 'member')),
      { code: 'STILL_RUNNING', args: { host: 'local', dataDir: etcd.dataDir, pids: `${holder.pid ?? ''} ` } });
  });

  it('is refused while something listens on a socket of the member', async () => {
    await using scratch = await Scratch.make();
    const socket = await scratch.listen();
    const etcd = { ...await scratch.dataDir('m1'), sockets: [...socketsOf(['http://127.0.0.1:1']), socket] };
    // Nobody holds the data: what is in the way is named by its port and, since it can be seen here, its process.
    const port = socket.split(':')[1] ?? '', comm = (await readFile('/proc/self/comm', 'utf8')).trim();
    const taken = { code: 'PORT_TAKEN', args: { host: 'local', ports: String(Number.parseInt(port, 16)), process: `${process.pid} (${comm})` } };
    await assert.rejects(move(etcd, join(etcd.dataDir, 'member'), join(etcd.dataDir, 'aside')), taken);
    await assert.rejects(move({ ...etcd, sockets: [`*:${port}`] }, join(etcd.dataDir, 'member'), join(etcd.dataDir, 'aside')), taken);
    assert.deepEqual(await hands.holds({ is: 'stopped', ...etcd }, new AbortController().signal), { holds: false, why: taken });
    await move({ ...etcd, sockets: socketsOf(['http://127.0.0.1:1']) }, join(etcd.dataDir, 'member'), join(etcd.dataDir, 'aside'));
  });

  it('is refused when the target is there, be it an empty directory or a link to nowhere', async () => {
    await using scratch = await Scratch.make();
    const etcd = await scratch.dataDir('m1');
    const to = join(etcd.dataDir, 'aside');
    for (const make of [() => mkdir(to), () => writeFile(to, ''), () => symlink('/nowhere/at/all', to)]) {
      await make();
      await assert.rejects(move(etcd, join(etcd.dataDir, 'member'), to), { code: 'PATH_EXISTS', args: { host: 'local', path: to } });
      await rm(to, { recursive: true });
    }
    assert((await lstat(join(etcd.dataDir, 'member'))).isDirectory());
  });

  it('is refused when there is nothing to move', async () => {
    await using scratch = await Scratch.make();
    const etcd = await scratch.dataDir('m1');
    const from = join(etcd.dataDir, 'nothing');
    await assert.rejects(move(etcd, from, join(etcd.dataDir, 'aside')), { code: 'PATH_MISSING', args: { host: 'local', path: from } });
  });

  it('makes the folder of restored data anew when a person has removed it, with the owner of what goes there', async () => {
    await using scratch = await Scratch.make();
    const etcd = await scratch.dataDir('m1');
    const [live, folder] = [join(etcd.dataDir, 'member'), join(etcd.dataDir, `.restore-${run}`)];
    if (process.getuid?.() === 0) await chown(live, 12_345, 23_456);
    const { uid, gid } = await lstat(live);
    await move(etcd, live, join(folder, 'member'));
    const made = await lstat(folder);
    assert.deepEqual([made.uid, made.gid, made.mode & 0o777], [uid, gid, 0o700]);
    assert.equal(await readFile(join(folder, 'member/snap/db'), 'utf8'), 'database');
  });

  it('goes through no link in that folder\'s place, and makes no other folder', async () => {
    await using scratch = await Scratch.make();
    const etcd = await scratch.dataDir('m1');
    const live = join(etcd.dataDir, 'member'), folder = join(etcd.dataDir, `.restore-${run}`);
    await mkdir(join(scratch.dir, 'elsewhere'));
    await symlink(join(scratch.dir, 'elsewhere'), folder);
    await assert.rejects(move(etcd, live, join(folder, 'member')), { code: 'PATH_EXISTS', args: { host: 'local', path: folder } });
    await assert.rejects(move(etcd, live, join(etcd.dataDir, 'rescue/member')), { code: 'HOST_SCRIPT_FAILED' });
    assert.deepEqual(await readdir(join(scratch.dir, 'elsewhere')), []);
    assert.equal(await readFile(join(live, 'snap/db'), 'utf8'), 'database');
  });

  it('does not follow a link that stands where its lock belongs', async () => {
    await using scratch = await Scratch.make();
    const etcd = await scratch.dataDir('m1');
    await symlink(join(scratch.dir, 'canary'), join(etcd.dataDir, '.recovery-step.lock'));
    await assert.rejects(move(etcd, join(etcd.dataDir, 'member'), join(etcd.dataDir, 'aside')), { code: 'PATH_EXISTS' });
    assert.deepEqual(await readdir(scratch.dir), ['m1']);
  });
});

describe('the probe for a path', () => {
  const signal = new AbortController().signal;
  const holds = async (is: 'exists' | 'absent', path: string) => (await hands.holds({ is, host: 'local', path }, signal)).holds;

  it('tells what is there and what is not; a link to nowhere is there', async () => {
    await using scratch = await Scratch.make();
    const { dataDir } = await scratch.dataDir("m '1");
    await symlink('/nowhere/at/all', join(dataDir, 'link'));
    for (const [name, there] of [['member', true], ['link', true], ['nothing', false], [`.restore-${run}/member`, false]] as const)
      assert.deepEqual([await holds('exists', join(dataDir, name)), await holds('absent', join(dataDir, name))], [there, !there], name);
    assert.deepEqual(await hands.holds({ is: 'exists', host: 'local', path: join(dataDir, 'nothing') }, signal),
      { holds: false, why: { code: 'PATH_MISSING', args: { host: 'local', path: join(dataDir, 'nothing') } } });
  });

  it('tells whether a folder is one or can be made; a link to one is none', async () => {
    await using scratch = await Scratch.make();
    const { dataDir } = await scratch.dataDir("m '1");
    await symlink(join(dataDir, 'member'), join(dataDir, 'link'));
    const folder = async (name: string) => (await hands.holds({ is: 'folder', host: 'local', path: join(dataDir, name) }, signal)).holds;
    for (const [name, good] of [['member', true], ['nothing', true], ['link', false], ['member/snap/db', false]] as const) assert.equal(await folder(name), good, name);
  });

  it('is answered below a data directory that is gone too', async () => {
    await using scratch = await Scratch.make();
    assert.equal(await holds('absent', join(scratch.dir, 'gone/member')), true);
    assert.deepEqual(await readdir(scratch.dir), []);
  });

  it('of staged data waits for the step that makes it, and for no other directory', async () => {
    await using scratch = await Scratch.make();
    const parent = await scratch.dataDir('.restore-of-somebody');
    const { dataDir } = await scratch.dataDir('.restore-of-somebody/m1');
    await holds('exists', join(dataDir, `.restore-${run}/member`));
    await holds('exists', join(dataDir, 'rescue'));
    assert((await readdir(dataDir)).includes('.recovery-step.lock'));
    assert(!(await readdir(parent.dataDir)).includes('.recovery-step.lock'));
  });

  it('for the same file compares size and content, and a name cannot answer for it', async () => {
    await using scratch = await Scratch.make();
    const sha256 = '827eeab94f7421c651f6170d7d0e62cd4fad4594fb07faff4466acb01128ccd9';
    const same = async (name: string, text: string, size = 9) => {
      const path = join(scratch.dir, name);
      await writeFile(path, text);
      const verdict = await hands.holds({ is: 'sameFile', host: 'local', path, sha256, size }, signal);
      return verdict.holds || verdict.why.code;
    };
    assert.equal(await same('-n $(x)', 'snapshot\n'), true);
    assert.equal(await same('a', 'snapshot\n', 8), 'FILE_DIFFERS');
    assert.equal(await same('b', 'SNAPSHOT\n'), 'FILE_DIFFERS');
    assert.equal(await same('c\n@HOLDS\n', 'SNAPSHOT\n'), 'FILE_DIFFERS');
    assert.equal((await hands.holds({ is: 'sameFile', host: 'local', path: join(scratch.dir, 'nothing'), sha256, size: 9 }, signal)).holds, false);
  });

  it('for etcd tells a stopped one from one that runs', async () => {
    await using scratch = await Scratch.make();
    const etcd = await scratch.dataDir('m1');
    const both = async () => [(await hands.holds({ is: 'stopped', ...etcd }, signal)).holds, (await hands.holds({ is: 'running', ...etcd }, signal)).holds];
    assert.deepEqual(await both(), [true, false]);
    await scratch.hold(join(etcd.dataDir, 'member/snap/db'), 'locked');
    assert.deepEqual(await both(), [false, true]);
  });

  it('of what need not be there does nothing when it is not, and moves it when it is', async () => {
    await using scratch = await Scratch.make();
    const etcd = await scratch.dataDir('m1');
    const [from, to] = [join(etcd.dataDir, 'member'), join(etcd.dataDir, `rescue-${run}`)];
    const ifThere = () => perform({ do: 'move', etcd, from, to, ifThere: true });
    await ifThere();
    assert((await readdir(etcd.dataDir)).includes(`rescue-${run}`));
    await ifThere();
    assert(!(await readdir(etcd.dataDir)).includes('member'));
  });
});
