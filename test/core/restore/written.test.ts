import assert from 'node:assert/strict';
import { writtenSinceRestore, type MemberNow } from '../../../src/core/restore/written.js';

const about = {
  foretold: { clusterId: 'new', memberIds: {}, revision: '1000', hashKv: 1 },
};
const answer = (name: string, clusterId: string, revision: string): MemberNow => ({ name, clusterId, revision });
const silent: MemberNow = { name: 'm3' };

describe('what was written since', () => {
  it('the restore is counted from the revision foretold, by the member that is furthest', () => {
    assert.equal(writtenSinceRestore(about, [answer('m1', 'new', '1002'), answer('m2', 'new', '1007'), silent]), 7n);
    assert.equal(writtenSinceRestore(about, [answer('m1', 'new', '1000')]), 0n);
    assert.equal(writtenSinceRestore(about, [answer('m1', 'old', '2000'), silent]), undefined);
    assert.equal(writtenSinceRestore(about, []), undefined);
  });
});
