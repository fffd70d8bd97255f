import assert from 'node:assert/strict';
import { isSnapshotName, pathOnHost, readHostListing } from '../../../src/core/snapshot/hostSnapshots.js';

describe('the list that a host gives of its snapshots', () => {
  it('is read newest first, with what is still on its way marked as such', () => {
    const text = '20480\t1000.0000000000\told.db\n5\t2000.5\thalf.db.incoming.part\n7\t3000.1234\tnew.db\n@LISTED\tfiles=5\n';
    assert.deepEqual(readHostListing(text, '/srv/snapshots/'), {
      entries: [
        { path: '/srv/snapshots/new.db', name: 'new.db', size: 7, mtimeMs: 3_000_123, partial: false },
        { path: '/srv/snapshots/half.db.incoming.part', name: 'half.db.incoming.part', size: 5, mtimeMs: 2_000_500, partial: true },
        { path: '/srv/snapshots/old.db', name: 'old.db', size: 20480, mtimeMs: 1_000_000, partial: false },
      ],
      more: 2,
    });
  });

  it('has no name in it that is more than a name, whatever the host says', () => {
    const hostile = ['../up.db', '/etc/shadow.db', '-rf.db', '.hidden.db', 'a b.db', 'a\u202edb.db', 'a;b.db', "a'b.db", '$(id).db', 'ü.db', `${'x'.repeat(198)}.db`, 'notes.txt', '', '..', 'a.db/../../b.db'];
    for (const name of hostile) assert.deepEqual(readHostListing(`1\t1\t${name}\n@LISTED\tfiles=1\n`, '/srv').entries, [], name);
    for (const line of ['1\t1', 'x\t1\ta.db', '1\tx\ta.db', '-1\t1\ta.db', '1\t1\ta.db\tb.db', `${'9'.repeat(40)}\t1\ta.db`, '@a.db']) assert.deepEqual(readHostListing(line, '/srv').entries, [], line);
    assert.deepEqual(readHostListing('1\t1\ta.db\n@LISTED\tfiles=many\n', '/srv').more, 0);
  });

  it('knows our own names', () => {
    assert.ok(['prod-eu-2026-11-22-170459.db', '_.db', 'a'.repeat(200)].every(isSnapshotName));
    assert.ok(['', '.', '..', '-a', '.a', 'a/b', 'a\nb', 'a\0', 'a'.repeat(201)].every(name => !isSnapshotName(name)));
    assert.equal(pathOnHost({ folder: '/srv//', name: 'a.db' }), '/srv/a.db');
  });
});
