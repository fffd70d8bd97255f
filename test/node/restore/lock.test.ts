import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, chown, copyFile, readdir, symlink, writeFile } from 'node:fs/promises';
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import type { HostKeep } from '../../../src/core/host/host.js';
import { localHost } from '../../../src/node/host/localHost.js';
import { lockDataDirs, operator } from '../../../src/node/restore/lock.js';
import { Scratch } from './scratch.js';

const since = '2026-11-22T03:00:00.000Z';

describe('the lock on data directories', () => {
  const dirs = (scratch: Scratch) => Promise.all(["m '1", '$(touch x)', 'm3'].map(async name => (await scratch.dataDir(name)).dataDir));

  it('keeps a second operator off, who is told who works there since when', async () => {
    await using scratch = await Scratch.make();
    const places = await dirs(scratch);
    const first = await lockDataDirs(places, since);
    for (const place of places)
      await assert.rejects(lockDataDirs([place], 'later'), (error: Error & { code?: string; args?: Record<string, string> }) =>
        error.code === 'LOCKED_BY_OTHER' && error.args?.['dataDir'] === place && error.args['owner'] === `${operator()} (process ${process.pid}, ${since})`);
    await first[Symbol.asyncDispose]();
  });

  it('takes all or none: what it had is free again when one was taken', async () => {
    await using scratch = await Scratch.make();
    const [a = '', b = '', c = ''] = await dirs(scratch);
    const other = await lockDataDirs([b], since);
    await assert.rejects(lockDataDirs([a, b, c], since), { code: 'LOCKED_BY_OTHER' });
    const rest = await lockDataDirs([a, c], since);
    for (const lock of [other, rest]) await lock[Symbol.asyncDispose]();
    await (await lockDataDirs([a, b, c], since))[Symbol.asyncDispose]();
  });

  it('is free once it is disposed of', async () => {
    await using scratch = await Scratch.make();
    const places = await dirs(scratch);
    for (let n = 0; n < 3; n++) await (await lockDataDirs(places, since))[Symbol.asyncDispose]();
  });

  it('is taken anew when its holder has ended, unless somebody else has it or had it meanwhile', async () => {
    await using scratch = await Scratch.make();
    const places = await dirs(scratch);
    const [first = ''] = places;
    const host = localHost();
    let holder: HostKeep | undefined;
    const lose = async (): Promise<void> => {
      await holder?.end();
      await holder?.ended;
    };
    await using lock = await lockDataDirs(places, since, { keep: async (...script) => holder = await host.keep(...script) });
    await lock.held();
    for (let n = 0; n < 3; n++) {
      await lose();
      await Promise.all([lock.held(), lock.held()]);
      for (const place of places) await assert.rejects(lockDataDirs([place], 'later'), { code: 'LOCKED_BY_OTHER' });
    }
    await lose();
    const other = await lockDataDirs([first], 'later');
    await assert.rejects(lock.held(), { code: 'LOCKED_BY_OTHER', args: { host: 'local', dataDir: first, owner: `${operator()} (process ${process.pid}, later)` } });
    await other[Symbol.asyncDispose]();
    await assert.rejects(lock.held(), { code: 'TAKEN_OVER', args: { host: 'local', dataDir: first, owner: `${operator()} (process ${process.pid}, later)` } });
  });

  it('is not taken anew once it was let go, also when that was lost', async () => {
    await using scratch = await Scratch.make();
    const places = await dirs(scratch);
    for (const lose of [true, false]) {
      let holder: HostKeep | undefined;
      const lock = await lockDataDirs(places, since, { keep: async (...script) => holder = await localHost().keep(...script) });
      if (lose) await holder?.end();
      await lock[Symbol.asyncDispose]();
      await lock.held();
      await (await lockDataDirs(places, 'later'))[Symbol.asyncDispose]();
    }
  });

  it('is free once the process that took it is killed', async () => {
    await using scratch = await Scratch.make();
    const places = await dirs(scratch);
    const editor = await scratch.child(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', `
      import { lockDataDirs } from ${JSON.stringify(join(import.meta.dirname, '../../../src/node/restore/lock.ts'))};
      const lock = await lockDataDirs(${JSON.stringify(places)}, 'before');
      console.log('locked', typeof lock);`]);
    await assert.rejects(lockDataDirs(places, since), { code: 'LOCKED_BY_OTHER' });
    const gone = new Promise(resolve => { editor.on('exit', resolve); });
    editor.kill('SIGKILL');
    await gone;
    for (let tries = 0; ; tries++) {
      try {
        await (await lockDataDirs(places, since))[Symbol.asyncDispose]();
        return;
      } catch (error) {
        if (tries > 40) throw error;
        await new Promise(resolve => { setTimeout(resolve, 50); });
      }
    }
  });

  // Root may open everything: then another user's process stands for the owner of the data.
  const asOwner = async (scratch: Scratch, dataDir: string): Promise<string> => {
    if (process.getuid?.() !== 0) return lockDataDirs([dataDir], since).then(() => 'locked', (error: unknown) => `${String((error as { code?: string }).code)} ${JSON.stringify((error as { args?: unknown }).args)}`);
    await chmod(scratch.dir, 0o755);
    const bundle = join(scratch.dir, 'lock.cjs');
    await build({ entryPoints: [join(import.meta.dirname, '../../../src/node/restore/lock.ts')], outfile: bundle, bundle: true, platform: 'node', target: 'node22', format: 'cjs', logLevel: 'warning' });
    // The program that runs this may lie where only root can go.
    const node = join(scratch.dir, 'node');
    await copyFile(process.execPath, node);
    const { stdout } = await promisify(execFile)(node, ['-e', `
      require(${JSON.stringify(bundle)}).lockDataDirs([${JSON.stringify(dataDir)}], 'now')
        .then(() => { console.log('locked'); process.exit(); }, error => { console.log(error.code, JSON.stringify(error.args)); });`], { uid: 12_345, gid: 12_345, cwd: '/' });
    return stdout.trim();
  };

  it('that another user left and nobody holds is named as what cannot be written, and nobody as its holder', async () => {
    await using scratch = await Scratch.make();
    const { dataDir } = await scratch.dataDir('m1');
    const lock = join(dataDir, '.recovery.lock');
    await writeFile(lock, 'root@here (process 1, before)');
    await chmod(lock, process.getuid?.() === 0 ? 0o600 : 0);
    if (process.getuid?.() === 0) await chown(dataDir, 12_345, 12_345);
    const said = await asOwner(scratch, dataDir);
    assert.match(said, /^FILE_UNWRITABLE /);
    assert(said.includes(`"path":"${lock}"`) && said.includes('Permission denied'), said);
  });

  it('that another user holds is that user\'s, though it cannot be read', async () => {
    await using scratch = await Scratch.make();
    const { dataDir } = await scratch.dataDir('m1');
    const lock = join(dataDir, '.recovery.lock');
    await scratch.hold(lock, 'locked');
    await chmod(lock, process.getuid?.() === 0 ? 0o600 : 0);
    if (process.getuid?.() === 0) await chown(dataDir, 12_345, 12_345);
    assert.equal(await asOwner(scratch, dataDir), `LOCKED_BY_OTHER ${JSON.stringify({ dataDir, owner: userInfo().username, host: hostname() })}`);
  });

  it('names a data directory that is gone, and follows no link', async () => {
    await using scratch = await Scratch.make();
    await assert.rejects(lockDataDirs([join(scratch.dir, 'gone')], since), { code: 'PATH_MISSING' });
    const { dataDir } = await scratch.dataDir('m1');
    await symlink(join(scratch.dir, 'canary'), join(dataDir, '.recovery.lock'));
    await assert.rejects(lockDataDirs([dataDir], since), { code: 'PATH_EXISTS' });
    assert.deepEqual(await readdir(scratch.dir), ['m1']);
  });
});
