import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { chmod, chown, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Staging } from '../../../src/core/action.js';
import { actionScript } from '../../../src/core/host/actionScripts.js';
import { localHost } from '../../../src/node/host/localHost.js';
import { hands, perform, run, Scratch } from './scratch.js';

// Does what `snapshot restore` does to the disk, and tells how it was called.
const tool = String.raw`
printf '%s\n' "$@" >"$(dirname "$0")/argv"; env >"$(dirname "$0")/env"
while [ $# -gt 0 ]; do [ "$1" = --data-dir ] && to=$2; shift; done
[ -e "$to" ] && { echo "data-dir \"$to\" not empty"; exit 1; }
mkdir -p "$to/member/snap" "$to/member/wal"
printf db >"$to/member/snap/db"
HALF
printf snap >"$to/member/snap/0.snap"; printf wal >"$to/member/wal/0.wal"
`;

describe('staging a restore', () => {
  const signal = new AbortController().signal;
  const stage = (staging: Staging, cancel = signal) => perform({ do: 'stage', host: 'local', staging }, cancel);

  async function staging(scratch: Scratch, half = '', name = "tool's $(x) a=b"): Promise<Staging> {
    const { dataDir } = await scratch.dataDir('m1');
    await mkdir(join(scratch.dir, name), { recursive: true });
    return {
      dataDir, target: join(dataDir, `.restore-${run}`), part: join(dataDir, `.restore-${run}.part`), tool: await scratch.script(join(name, 'etcdutl'), tool.replace('HALF', half)),
      snapshot: '/backups/my $(snap).db', name: "m '1", initialCluster: "m '1=http://[::1]:2380,m2=http://h:2380", token: 'etcd-recovery-x', peerUrls: 'http://[::1]:2380',
      bumpRevision: '1000000000', owner: { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 }, like: join(dataDir, 'member'),
    };
  }

  it('calls the tool with every value as it is, in an environment of ours', async () => {
    await using scratch = await Scratch.make();
    const wanted = await staging(scratch);
    await stage(wanted);
    const said = (name: string) => readFile(join(wanted.tool, '..', name), 'utf8');
    assert.deepEqual((await said('argv')).trimEnd().split('\n'), ['snapshot', 'restore', '/backups/my $(snap).db', '--name', "m '1",
      '--initial-cluster', wanted.initialCluster, '--initial-cluster-token', 'etcd-recovery-x', '--initial-advertise-peer-urls', 'http://[::1]:2380',
      '--data-dir', wanted.part, '--bump-revision', '1000000000', '--mark-compacted']);
    assert.deepEqual((await said('env')).trimEnd().split('\n').map(line => line.split('=')[0]).filter(name => name !== '_' && name !== 'PWD' && name !== 'SHLVL').sort(), ['ETCDCTL_API', 'LC_ALL', 'PATH']);
    assert.deepEqual((await readdir(wanted.dataDir)).sort(), ['.recovery-stage.out', '.recovery-step.lock', `.restore-${run}`, 'member']);
    assert.equal((await stat(join(wanted.target, 'member/snap/db'))).mode & 0o777, 0o600);
  });

  it('gives each container a name of its own, and leaves every other word alone', async () => {
    await using scratch = await Scratch.make();
    const wanted = await staging(scratch);
    const runtime = await scratch.script('runtime', `echo "$1" >>"${scratch.dir}/names"; [ "$2" = 'x {container}' ] || exit 9; shift 2; exec "$@"`);
    for (let n = 0; n < 2; n++) {
      await stage({ ...wanted, toolIn: [runtime, '{container}', 'x {container}'] });
      await rm(wanted.target, { recursive: true });
    }
    const names = (await readFile(join(scratch.dir, 'names'), 'utf8')).trimEnd().split('\n');
    assert(names.every(name => /^etcd-recovery-\d+-\d+$/.test(name)), names.join());
    assert.equal(new Set(names).size, 2);
  });

  it('gives the data the owner the old data had, where this user may', async () => {
    await using scratch = await Scratch.make();
    const own = await staging(scratch);
    const [asUid, asGid] = process.getuid?.() === 0 ? [12_345, 23_456] : [own.owner.uid, own.owner.gid];
    const wanted = { ...own, owner: { uid: asUid, gid: asGid } };
    await chown(wanted.dataDir, asUid, asGid);
    await stage(wanted);
    for (const path of ['', 'member', 'member/snap/db', 'member/wal/0.wal']) {
      const { uid, gid } = await stat(join(wanted.target, path));
      assert.deepEqual([uid, gid], [asUid, asGid], path);
    }
  });

  it('gives the member directory the mode the old one had; what there was none of keeps the tool\'s', async () => {
    await using scratch = await Scratch.make();
    const wanted = await staging(scratch);
    const mode = async () => (await stat(join(wanted.target, 'member'))).mode & 0o777;
    await chmod(wanted.like, 0o750);
    await stage(wanted);
    assert.equal(await mode(), 0o750);
    await rm(wanted.target, { recursive: true });
    await chmod(wanted.dataDir, 0o755);
    await stage({ ...wanted, like: wanted.dataDir });
    assert.equal(await mode(), 0o700);
  });

  it('that fails says what the tool said, and leaves nothing on which etcd could start', async () => {
    await using scratch = await Scratch.make();
    const wanted = await staging(scratch, 'echo "@HOLDS" >&2; echo "Error: expected sha256 [12], got [34]" >&2; exit 7');
    await assert.rejects(stage(wanted), { code: 'TOOL_FAILED', args: { host: 'local', tool: wanted.tool, code: '7', reason: '@HOLDS Error: expected sha256 [12], got [34] ' } });
    assert(!(await readdir(wanted.dataDir)).includes(`.restore-${run}`));
  });

  for (const [missing, half] of [['member/wal/*.wal', 'rmdir "$to/member/wal"; printf s >"$to/member/snap/0.snap"; exit 0'], ['member/snap/*.snap', 'printf w >"$to/member/wal/0.wal"; exit 0'],
    ['member/snap/db', ': >"$to/member/snap/db"; exit 0'], ['member/wal/*.wal', ': >"$to/member/wal/0.wal"; exit 0']] as const) {
    it(`is not believed when the tool says all is well but ${missing} is not: ${half}`, async () => {
      await using scratch = await Scratch.make();
      const wanted = await staging(scratch, half);
      await assert.rejects(stage(wanted), { code: 'STAGING_INCOMPLETE', args: { host: 'local', path: wanted.part, missing } });
      assert(!(await readdir(wanted.dataDir)).includes(`.restore-${run}`));
    });
  }

  it('that is cancelled half way ends the tool, and is made anew the next time', async () => {
    await using scratch = await Scratch.make();
    const wanted = await staging(scratch, '[ -e "$0.second" ] || { : >"$0.second"; echo half; sleep 60; }');
    const cancel = new AbortController();
    const first = stage(wanted, cancel.signal);
    while (!(await readdir(wanted.dataDir)).includes(`.restore-${run}.part`)) await new Promise(resolve => { setTimeout(resolve, 20); });
    await new Promise(resolve => { setTimeout(resolve, 100); });
    cancel.abort();
    await assert.rejects(first, { name: 'AbortError' });
    assert((await hands.holds({ is: 'absent', host: 'local', path: wanted.target }, signal)).holds);
    await stage(wanted);
    assert.deepEqual((await readdir(join(wanted.target, 'member/snap'))).sort(), ['0.snap', 'db']);
    assert(!(await readdir(wanted.dataDir)).includes(`.restore-${run}.part`));
  });

  it('whose editor was killed goes on to its end; who looks afterwards waits for it', async () => {
    await using scratch = await Scratch.make();
    const wanted = await staging(scratch, 'sleep 1');
    const { text, args } = actionScript({ do: 'stage', host: 'local', staging: wanted });
    // Another process plays the editor that is killed; it says when the step has begun.
    const editor = await scratch.child(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', `
      import { localHost } from ${JSON.stringify(join(import.meta.dirname, '../../../src/node/host/localHost.ts'))};
      void localHost().run({ text: ${JSON.stringify(text)}, args: ${JSON.stringify(args)} }, { signal: new AbortController().signal });
      setTimeout(() => console.log('begun'), 500);`]);
    const gone = new Promise(resolve => { editor.on('exit', resolve); });
    editor.kill('SIGKILL');
    await gone;
    assert((await readdir(wanted.dataDir)).includes(`.restore-${run}.part`));
    assert((await hands.holds({ is: 'exists', host: 'local', path: join(wanted.target, 'member') }, signal)).holds);
    assert(!(await readdir(wanted.dataDir)).includes(`.restore-${run}.part`));
  });

  it('does not begin while another step works there, and says so', async () => {
    await using scratch = await Scratch.make();
    const wanted = await staging(scratch);
    const holder = await scratch.child('/bin/sh', ['-c', 'exec flock "$0" sh -c "echo locked; exec sleep 60"', join(wanted.dataDir, '.recovery-step.lock')]);
    await assert.rejects(stage(wanted), { code: 'STEP_BUSY', args: { host: 'local', dataDir: wanted.dataDir } });
    assert(holder.pid !== undefined);
  });

  it('refuses a scratch that is not this run\'s own, and deletes nothing', async () => {
    await using scratch = await Scratch.make();
    const wanted = await staging(scratch);
    await mkdir(join(scratch.dir, `.restore-${run}.part`));
    const precious = join(scratch.dir, 'precious');
    await mkdir(precious);
    await writeFile(join(precious, 'file'), '');
    await symlink(precious, wanted.part);
    const { dataDir } = wanted;
    for (const part of [wanted.part, `${dataDir}/member`, dataDir, '/', '', `${dataDir}/.restore-../../x.part`, join(scratch.dir, `.restore-${run}.part`), `${dataDir}/x/../.restore-${run}.part`, `${dataDir}/.restore-x.part`, `${dataDir}/.restore-${run}.part\n`, `${dataDir}/.restore-${run}.part/`])
      await assert.rejects(stage({ ...wanted, part }), { code: 'PATH_MISSING' }, part);
    assert.deepEqual(await readdir(precious), ['file']);
    assert.equal(await readFile(join(dataDir, 'member/snap/db'), 'utf8'), 'database');
    assert((await readdir(scratch.dir)).includes(`.restore-${run}.part`));
  });

  /** A tool that was copied beside the data, as an upload leaves it. */
  async function copiedTool(scratch: Scratch): Promise<Staging & { readonly copied: string }> {
    const wanted = await staging(scratch);
    const place = `${wanted.target}.tool`, text = await readFile(wanted.tool);
    await writeFile(place, text, { mode: 0o600 });
    return { ...wanted, tool: place, copied: createHash('sha256').update(text).digest('hex') };
  }

  it('runs a tool that was copied there, and makes it a program for its owner only', async () => {
    await using scratch = await Scratch.make();
    const wanted = await copiedTool(scratch);
    await stage(wanted);
    assert.equal((await stat(wanted.tool)).mode & 0o777, 0o700);
    assert.equal(await readFile(join(wanted.target, 'member/snap/db'), 'utf8'), 'db');
  });

  // What the owner of the data directory can do to a tool between its upload and its use.
  const otherTools: Readonly<Record<string, (place: string, canary: string) => Promise<void>>> = {
    'another program': async (place, canary) => { await rm(place); await writeFile(place, `#!/bin/sh\ntouch '${canary}'\n`, { mode: 0o700 }); },
    'a link to a file of somebody else\'s': async (place, canary) => { await rm(place); await writeFile(canary, '', { mode: 0o640 }); await symlink(canary, place); },
    'the same program, which others can write to': place => chmod(place, 0o666),
    ...process.getuid?.() === 0 ? { 'the same program, which is somebody else\'s': (place: string) => chown(place, 12_345, 12_345) } : {},
  };
  for (const [what, change] of Object.entries(otherTools)) {
    it(`neither runs nor changes ${what} in the place of the tool that was copied there`, async () => {
      await using scratch = await Scratch.make();
      const wanted = await copiedTool(scratch), canary = join(scratch.dir, 'canary');
      await change(wanted.tool, canary);
      const before = await stat(wanted.tool);
      await assert.rejects(stage(wanted), { code: 'TOOL_DIFFERS', args: { host: 'local', path: wanted.tool } });
      assert.equal((await stat(wanted.tool)).mode, before.mode);
      assert.equal((await stat(canary).catch(() => undefined))?.size ?? 0, 0);
      assert.equal((await readdir(scratch.dir)).includes('canary'), what.startsWith('a link'));
      assert(!(await readdir(wanted.dataDir)).some(name => name.startsWith(`.restore-${run}`) && !name.endsWith('.tool')));
    });
  }

  // What its owner can do to the scratch between two commands of ours.
  const swaps = {
    'the scratch by a link': 'mv "$to" "$0.real"; ln -s "$0.real" "$to"',
    'the scratch by a directory that others may write to': 'chmod 777 "$to"',
    'what was restored by a link': 'mv "$to/member" "$0.real"; ln -s "$0.real" "$to/member"',
    ...process.getuid?.() === 0 ? { 'the scratch by a directory of somebody else': 'chown 12345 "$to"' } : {},
  };
  for (const [what, swap] of Object.entries(swaps)) {
    it(`changes nothing when somebody replaces ${what}`, async () => {
      await using scratch = await Scratch.make();
      const wanted = await staging(scratch, `printf snap >"$to/member/snap/0.snap"; printf wal >"$to/member/wal/0.wal"; ${swap}; exit 0`, 'tool');
      await chmod(wanted.like, 0o750);
      await assert.rejects(stage(wanted), { code: 'STAGING_REPLACED' });
      assert(!(await readdir(wanted.dataDir)).includes(`.restore-${run}`));
      const real = await stat(`${wanted.tool}.real`).catch(() => undefined);
      if (real !== undefined) assert.equal(real.mode & 0o777, 0o700);
    });
  }

  it('follows no link that its owner puts there once it is given away', async () => {
    await using scratch = await Scratch.make();
    const wanted = await staging(scratch);
    await chmod(wanted.like, 0o750);
    const canary = join(scratch.dir, 'canary');
    await writeFile(canary, 'secret', { mode: 0o600 });
    // The owner of what was given away is as quick as can be. As anybody else nothing is given away, and there is nothing to gain.
    await mkdir(join(scratch.dir, 'bin'));
    await scratch.script('bin/chown', `/usr/bin/env PATH=/usr/bin:/bin chown "$@" || exit; mv "${wanted.part}/member" "${wanted.part}/real"; ln -s "${canary}" "${wanted.part}/member"`);
    const { PATH = '' } = process.env;
    process.env['PATH'] = `${join(scratch.dir, 'bin')}:${PATH}`;
    try {
      await stage(wanted).catch(() => undefined);
    } finally {
      process.env['PATH'] = PATH;
    }
    assert.equal((await stat(canary)).mode & 0o777, 0o600);
    const given = (await readdir(join(wanted.dataDir))).find(name => name.startsWith(`.restore-${run}`)) ?? assert.fail('nothing was staged');
    assert.equal((await readdir(join(wanted.dataDir, given))).includes('real'), process.getuid?.() === 0);
  });

  it('empties a scratch through no link inside it', async () => {
    await using scratch = await Scratch.make();
    const wanted = await staging(scratch);
    await mkdir(wanted.part);
    await symlink(join(wanted.dataDir, 'member'), join(wanted.part, 'member'));
    await stage(wanted);
    assert.equal(await readFile(join(wanted.dataDir, 'member/snap/db'), 'utf8'), 'database');
  });

  it('is refused when there is staged data already, or a link in its place', async () => {
    await using scratch = await Scratch.make();
    const wanted = await staging(scratch);
    for (const make of [() => mkdir(wanted.target), () => symlink('/nowhere/at/all', wanted.target)]) {
      await make();
      await assert.rejects(stage(wanted), { code: 'PATH_EXISTS', args: { host: 'local', path: wanted.target } });
      await rm(wanted.target, { recursive: true });
    }
  });

  it('writes through no link that stands where its log belongs', async () => {
    await using scratch = await Scratch.make();
    const wanted = await staging(scratch, 'echo words');
    const canary = join(scratch.dir, 'canary');
    await writeFile(canary, 'whole');
    await symlink(canary, join(wanted.dataDir, '.recovery-stage.out'));
    await stage(wanted);
    assert.equal(await readFile(canary, 'utf8'), 'whole');
  });

  it('runs none of a script that did not arrive whole', async () => {
    await using scratch = await Scratch.make();
    const outcome = await localHost().run({ text: `touch '${join(scratch.dir, 'canary')}'\nif true; then`, args: [] }, { signal });
    assert.notEqual(outcome.code, 0);
    assert.deepEqual(await readdir(scratch.dir), []);
  });
});
