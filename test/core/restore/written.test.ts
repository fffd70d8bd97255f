import assert from 'node:assert/strict';
import { oldCluster, writtenSinceRestore, type MemberNow } from '../../../src/core/restore/written.js';

const about = {
  foretold: { clusterId: 'new', memberIds: {}, revision: '1000', hashKv: 1 }, highestRevisionSeen: '500', members: [],
  snapshot: { path: '/s.db', sha256: '', size: 1, savedMs: 0, revision: '450', keys: 1 },
};
const answer = (name: string, clusterId: string, revision: string, serves = true): MemberNow => ({ name, clusterId, revision, serves });
const silent: MemberNow = { name: 'm3' };

describe('what was written since', () => {
  it('the restore is counted from the revision foretold, by the member that is furthest', () => {
    assert.equal(writtenSinceRestore(about, [answer('m1', 'new', '1002'), answer('m2', 'new', '1007'), silent]), 7n);
    assert.equal(writtenSinceRestore(about, [answer('m1', 'new', '1000')]), 0n);
    assert.equal(writtenSinceRestore(about, [answer('m1', 'old', '2000'), silent]), undefined);
    assert.equal(writtenSinceRestore(about, []), undefined);
  });

  it('the plan is counted from the highest revision it saw, beside what was written since the snapshot', () => {
    assert.deepEqual(oldCluster(about, [answer('m1', 'old', '510'), answer('m2', 'old', '512', false), silent]),
      { members: ['m1', 'm2'], serves: true, revision: 512n, sinceSnapshot: 62n, sincePlan: 12n });
    assert.deepEqual(oldCluster(about, [answer('m1', 'old', '500', false)]), { members: ['m1'], serves: false, revision: 500n, sinceSnapshot: 50n, sincePlan: 0n });
  });

  it('the plan is counted from where the members were then, whatever a restore that was taken back had raised the revision to', () => {
    const member = { name: 'm1', host: 'local', endpoint: '', dataDir: '/d', peerUrls: [], staged: '/s', before: { memberId: '1', version: '3.5.30', dbSize: 1, isLeader: true, revision: '505' } };
    assert.equal(oldCluster({ ...about, highestRevisionSeen: '1000500', members: [member] }, [answer('m1', 'old', '512')])?.sincePlan, 7n);
  });

  it('the snapshot is counted without what earlier restores have raised', () => {
    assert.equal(oldCluster({ ...about, raisedSince: '1000000' }, [answer('m1', 'old', '1000460')])?.sinceSnapshot, 10n);
    assert.equal(oldCluster({ ...about, raisedSince: '1000000' }, [answer('m1', 'old', '460')])?.sinceSnapshot, 0n);
  });

  it('is nothing less than nothing, when another cluster answers', () => {
    assert.deepEqual(oldCluster(about, [answer('m1', 'other', '3')]), { members: ['m1'], serves: true, revision: 3n, sinceSnapshot: 0n, sincePlan: 0n });
  });

  it('is not asked of the restored cluster, nor of nobody', () => {
    assert.equal(oldCluster(about, [answer('m1', 'new', '1002'), silent]), undefined);
    assert.equal(oldCluster(about, [silent]), undefined);
    assert.deepEqual(oldCluster(about, [answer('m1', 'new', '1002'), answer('m2', 'old', '501')])?.members, ['m2']);
  });
});
