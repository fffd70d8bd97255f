import assert from 'node:assert/strict';
import fc from 'fast-check';
import { defaultSnapshotName, snapshotName } from '../../../src/core/snapshot/snapshotName.js';

const now = '2026-11-22T17:04:59.123Z';

describe('snapshotName', () => {
  it('fills the pattern with cluster, member, date and time', () => {
    assert.equal(snapshotName(defaultSnapshotName, { cluster: 'prod-eu', member: 'm1', now }), 'prod-eu-2026-11-22-170459.db');
    assert.equal(snapshotName('{member}_{date}', { cluster: 'c', member: 'cp-1', now }), 'cp-1_2026-11-22.db');
  });

  it('is a safe file name whatever the pattern and the names hold', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (pattern, cluster) => {
      const name = snapshotName(`${pattern}{cluster}`, { cluster, member: '../..', now });
      assert.match(name, /^[A-Za-z0-9_][A-Za-z0-9._-]{0,199}$/);
      assert.ok(name.endsWith('.db'));
    }));
  });
});
