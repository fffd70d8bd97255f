import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { listSnapshots } from '../../../src/vscode/snapshots/listSnapshots.js';

describe('a folder of snapshots', () => {
  let folder = '';
  beforeEach(async () => { folder = await mkdtemp(path.join(tmpdir(), 'etcd-list-')); });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const file = async (name: string, size: number, seconds: number): Promise<void> => {
    await writeFile(path.join(folder, name), Buffer.alloc(size));
    await utimes(path.join(folder, name), seconds, seconds);
  };

  it('lists snapshots newest first, and interrupted ones as such', async () => {
    await file('old.db', 10, 1000);
    await file('new.db', 20, 3000);
    await file('half.db.part', 5, 2000);
    await file('readme.md', 5, 2000);
    await mkdir(path.join(folder, 'folder.db'));
    await symlink('/nowhere', path.join(folder, 'dangling.db'));
    const { entries, more } = await listSnapshots(folder);
    assert.deepEqual(entries.map(({ name, size, partial }) => [name, size, partial]), [['new.db', 20, false], ['half.db.part', 5, true], ['old.db', 10, false]]);
    assert.equal(more, 0);
  });

  it('is empty when it is not there yet, and says why when it cannot be read', async () => {
    assert.deepEqual(await listSnapshots(path.join(folder, 'absent')), { entries: [], more: 0 });
    await writeFile(path.join(folder, 'plain'), '');
    assert.match((await listSnapshots(path.join(folder, 'plain'))).unreadable ?? '', /ENOTDIR/);
  });

  it('counts what it does not list', async () => {
    await Promise.all(Array.from({ length: 205 }, (_, n) => file(`s${n}.db`, 1, n)));
    const { entries, more } = await listSnapshots(folder);
    assert.equal(entries.length, 200);
    assert.equal(more, 5);
    assert.equal(entries[0]?.name, 's204.db');
  });
});
