import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isWorkedOn } from '../../../src/node/restore/isWorkedOn.js';
import { lockDataDirs } from '../../../src/node/restore/lock.js';

describe('whether a data directory is worked on', () => {
  let dir: string;
  beforeEach(async () => { dir = await mkdtemp(join(tmpdir(), 'etcd-worked-on-')); });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  it('is so while an operator holds its lock, and not before or after', async () => {
    assert.equal(await isWorkedOn([dir]), false);
    const lock = await lockDataDirs([dir], '2026-01-01T00:00:00.000Z');
    assert.equal(await isWorkedOn([join(dir, 'another'), dir]), true);
    await lock[Symbol.asyncDispose]();
    assert.equal(await isWorkedOn([dir]), false);
  });
});
