import assert from 'node:assert/strict';
import { readdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
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

  it('names a data directory that is gone, and follows no link', async () => {
    await using scratch = await Scratch.make();
    await assert.rejects(lockDataDirs([join(scratch.dir, 'gone')], since), { code: 'PATH_MISSING' });
    const { dataDir } = await scratch.dataDir('m1');
    await symlink(join(scratch.dir, 'canary'), join(dataDir, '.recovery.lock'));
    await assert.rejects(lockDataDirs([dataDir], since), { code: 'PATH_EXISTS' });
    assert.deepEqual(await readdir(scratch.dir), ['m1']);
  });
});
