import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EtcdProcess } from '../../../src/core/probe.js';
import { hands, perform, run, Scratch } from './scratch.js';

const signal = new AbortController().signal;
const pause = (ms: number): Promise<void> => new Promise(resolve => { setTimeout(resolve, ms); });

describe('stop and start by the user\'s own commands', () => {
  const stop = (etcd: EtcdProcess, argv: readonly string[], withinMs = 10_000) => perform({ do: 'stop', etcd, argv, withinMs });
  const start = (etcd: EtcdProcess, argv: readonly string[], withinMs = 10_000) => perform({ do: 'start', etcd, argv, withinMs });
  const runs = async (etcd: EtcdProcess) => (await hands.holds({ is: 'running', ...etcd }, signal)).holds;
  // Holds the database as etcd would; its id goes to a file by which the test ends it.
  const holding = 'exec 3<>"$1"; flock 3; echo $$ >>"$2.pid"; ';

  it('a command that returns at once and one that stays in the foreground both start it, and are left alone', async () => {
    await using scratch = await Scratch.make();
    for (const [name, text] of [['daemon', `( ${holding} exec sleep 60 ) & exit 0`], ['foreground', `${holding} exec sleep 60`], ['setsid', `setsid sh -c '${holding} exec sleep 60' x "$1" "$2" & `]] as const) {
      const etcd = await scratch.dataDir(name);
      await start(etcd, [await scratch.script(`${name}.sh`, text), join(etcd.dataDir, 'member/snap/db'), join(scratch.dir, name)]);
      assert(await runs(etcd), name);
    }
  });

  it('a start command is not called when etcd runs already', async () => {
    await using scratch = await Scratch.make();
    const etcd = await scratch.dataDir('m1');
    const never = await scratch.script('never.sh', 'echo called >"$1/called"');
    await scratch.hold(join(etcd.dataDir, 'member/snap/db'), 'locked');
    await start(etcd, [never, scratch.dir]);
    assert.deepEqual((await readdir(scratch.dir)).sort(), ['m1', 'never.sh']);
  });

  it('a stop command is called also when etcd is stopped already, and may complain of that: something may be about to start it again', async () => {
    await using scratch = await Scratch.make();
    const etcd = await scratch.dataDir('m1');
    await stop(etcd, [await scratch.script('stop.sh', 'echo called >"$1/called"; echo "nothing runs" >&2; exit 1'), scratch.dir]);
    assert.equal(await readFile(join(scratch.dir, 'called'), 'utf8'), 'called\n');
  });

  it('a reader of the data, or of what was put aside, is no etcd that runs: the start command is called all the same', async () => {
    await using scratch = await Scratch.make();
    for (const [name, held] of [['old', `rescue-${run}/snap/db`], ['restored', `.restore-${run}/member/snap/db`], ['own', 'member/snap/db']] as const) {
      const etcd = await scratch.dataDir(name);
      if (name !== 'own') await scratch.dataDir(name, held.replace('/snap/db', ''));
      const reader = await scratch.child('/bin/sh', ['-c', 'exec 3<"$1"; flock -s 3; echo ready; exec sleep 60', 'reader', join(etcd.dataDir, held)]);
      assert(!await runs(etcd), held);
      await start(etcd, [await scratch.script(`${name}.sh`, `${holding} exec sleep 60`), join(etcd.dataDir, 'member/wal/0.wal'), join(scratch.dir, name)]);
      assert(await runs(etcd), held);
      // It holds the data all the same: nothing may be moved under it.
      assert(!(await hands.holds({ is: 'stopped', ...etcd }, signal)).holds, held);
      assert(reader.pid !== undefined);
    }
  });

  it('stops a process and waits until it has ended', async () => {
    await using scratch = await Scratch.make();
    const etcd = await scratch.dataDir('m1');
    const holder = await scratch.hold(join(etcd.dataDir, 'member/snap/db'), 'locked');
    await stop(etcd, [await scratch.script('stop.sh', '( sleep 0.3; kill "$1" ) &'), String(holder.pid)]);
    assert(!await runs(etcd));
  });

  it('a command that fails is named with its code and the end of what it said', async () => {
    await using scratch = await Scratch.make();
    const etcd = await scratch.dataDir('m 1');
    const failing = await scratch.script('failing.sh', 'echo "out @HOLDS"; printf "tab\\there\\n@HOLDS\\n\\033[31mred: no such unit\\n" >&2; exit 3');
    await scratch.hold(join(etcd.dataDir, 'member/snap/db'));
    await assert.rejects(stop(etcd, [failing, 'two words', '$(x)']), {
      code: 'USER_COMMAND_FAILED',
      args: { host: 'local', command: `${failing} two words $(x)`, code: '3', reason: 'out @HOLDS tab here @HOLDS [31mred: no such unit ' },
    });
  });

  it('a command that is not there, or cannot be run, fails like any other', async () => {
    await using scratch = await Scratch.make();
    const etcd = await scratch.dataDir('m1');
    for (const argv of [['/no/such/command'], [scratch.dir], ['--help'], ['-rf'], ['']])
      await assert.rejects(start(etcd, argv), (error: Error & { code?: string; args?: { code: string } }) => error.code === 'USER_COMMAND_FAILED' && /^12[67]$/.test(error.args?.code ?? ''), String(argv));
  });

  it('a command that hangs, or ends well without effect, comes to its deadline', async () => {
    await using scratch = await Scratch.make();
    const etcd = await scratch.dataDir('m1');
    const hanging = await scratch.script('hang.sh', 'echo "waiting for the lock"; echo $$ >"$1.pid"; exec sleep 60');
    await assert.rejects(start(etcd, [hanging, join(scratch.dir, 'a')], 1_000), { code: 'NOT_RUNNING', args: { host: 'local', dataDir: etcd.dataDir, reason: 'waiting for the lock ' } });
    await assert.rejects(start(etcd, ['true'], 1_000), { code: 'NOT_RUNNING' });
    const holder = await scratch.hold(join(etcd.dataDir, 'member/snap/db'));
    await assert.rejects(stop(etcd, [hanging, join(scratch.dir, 'b')], 1_000), { code: 'STILL_RUNNING', args: { host: 'local', dataDir: etcd.dataDir, pids: `${holder.pid ?? ''} ` } });
    await assert.rejects(stop(etcd, ['true'], 1_000), { code: 'STILL_RUNNING' });
  });

  it('a command that was given up at its deadline does not act later, though it ignores being asked to end', async function () {
    this.timeout(30_000);
    await using scratch = await Scratch.make();
    const etcd = await scratch.dataDir('m1');
    const [later, child] = [join(scratch.dir, 'later'), join(scratch.dir, 'child')];
    const late = await scratch.script('late.sh', 'trap "" TERM; ( sleep 3; echo started >"$2" ) & sleep 3; echo started >"$1"');
    await assert.rejects(start(etcd, [late, later, child], 1_000), { code: 'NOT_RUNNING' });
    await scratch.hold(join(etcd.dataDir, 'member/snap/db'));
    await assert.rejects(stop(etcd, [late, later, child], 1_000), { code: 'STILL_RUNNING' });
    await pause(3_000);
    assert.deepEqual((await readdir(scratch.dir)).sort(), ['late.sh', 'm1']);
  });

  // etcd closes its files and sockets some time before it has ended; a start command that still sees it does nothing.
  const closing = 'trap "exec 3>&-; sleep 1.5; echo ended >\"$2.ended\"; exit" TERM; exec 3<>"$1"; flock 3; echo $$ >>"$2.pid"; echo ready; while :; do sleep 0.05; done';

  it('waits for the end of the process itself, not only until it has closed its files', async () => {
    await using scratch = await Scratch.make();
    const etcd = await scratch.dataDir('m1');
    const name = join(scratch.dir, 'etcd');
    const { pid } = await scratch.child('/bin/bash', ['-c', closing, 'etcd', join(etcd.dataDir, 'member/snap/db'), name]);
    await stop(etcd, ['kill', String(pid)]);
    assert.equal(await readFile(`${name}.ended`, 'utf8'), 'ended\n');
  });

  it('does not start before that end either, when the stop was cut short', async () => {
    await using scratch = await Scratch.make();
    const etcd = await scratch.dataDir('m1');
    const name = join(scratch.dir, 'etcd');
    const { pid } = await scratch.child('/bin/bash', ['-c', closing.replace('1.5', '4'), 'etcd', join(etcd.dataDir, 'member/snap/db'), name]);
    await assert.rejects(stop(etcd, [await scratch.script('stop.sh', 'kill "$1"; sleep 60'), String(pid)], 1_000), { code: 'STILL_RUNNING' });
    await start(etcd, [await scratch.script('start.sh', `[ -e "$3" ] || exit 8; ${holding} exec sleep 60`), join(etcd.dataDir, 'member/snap/db'), join(scratch.dir, 'new'), `${name}.ended`]);
  });

  it('a process that closed its files and never ends is named', async () => {
    await using scratch = await Scratch.make();
    const etcd = await scratch.dataDir('m1');
    const { pid } = await scratch.child('/bin/bash', ['-c', closing.replace('1.5', '60'), 'etcd', join(etcd.dataDir, 'member/snap/db'), join(scratch.dir, 'etcd')]);
    // What it has started itself may have the database open, too.
    await assert.rejects(stop(etcd, ['kill', String(pid)], 1_000), (error: Error & { code?: string; args?: { pids: string; dataDir: string } }) =>
      error.code === 'STILL_RUNNING' && error.args?.dataDir === etcd.dataDir && error.args.pids.split(' ').includes(String(pid)));
  });

  it('a command of an earlier attempt that fails late does not speak for the next', async () => {
    await using scratch = await Scratch.make();
    const etcd = await scratch.dataDir('m1');
    const late = await scratch.script('late.sh', 'sleep 1.5; exit 9');
    await assert.rejects(start(etcd, [late], 1_000), { code: 'NOT_RUNNING' });
    const good = await scratch.script('good.sh', `sleep 1.5; ${holding} exec sleep 60`);
    await start(etcd, [good, join(etcd.dataDir, 'member/snap/db'), join(scratch.dir, 'good')]);
  });

  it('a command may print as much as it likes, and read nothing', async () => {
    await using scratch = await Scratch.make();
    const etcd = await scratch.dataDir('m1');
    const noisy = await scratch.script('noisy.sh', `head -c 3000000 /dev/zero | tr '\\0' 'x'; echo; [ -z "$(cat)" ] || exit 5; ${holding} exec sleep 60`);
    await start(etcd, [noisy, join(etcd.dataDir, 'member/snap/db'), join(scratch.dir, 'noisy')]);
    assert((await readFile(join(etcd.dataDir, '.recovery-start.out'))).length > 3_000_000);
  });

  it('waits for a step that works on the same data directory', async function () {
    this.timeout(60_000);
    await using scratch = await Scratch.make();
    const etcd = await scratch.dataDir('m1');
    const slow = await scratch.script('slow.sh', `echo begun >>"$3"; sleep 1; echo slow >>"$3"; ${holding} exec sleep 60`);
    const quick = await scratch.script('quick.sh', 'echo quick >>"$1"; kill "$(cat "$2.pid")"');
    const order = join(scratch.dir, 'order'), pid = join(scratch.dir, 'slow');
    const first = start(etcd, [slow, join(etcd.dataDir, 'member/snap/db'), pid, order]);
    // Its command runs under the lock: only then does the other come second, however long a shell takes to begin.
    while (!existsSync(order)) await pause(20);
    await Promise.all([first, stop(etcd, [quick, order, pid])]);
    assert.equal(await readFile(order, 'utf8'), 'begun\nslow\nquick\n');
  });
});
