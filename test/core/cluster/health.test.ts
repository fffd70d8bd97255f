import assert from 'node:assert/strict';
import { chooseMember } from '../../../src/core/cluster/chooseMember.js';
import { clusterHealth } from '../../../src/core/cluster/health.js';
import type { MemberView } from '../../../src/core/cluster/health.js';
import { isWasteful, quorum } from '../../../src/core/cluster/quorum.js';
import type { EndpointStatus } from '../../../src/core/cluster/status.js';

const status = (n: number, change: Partial<EndpointStatus> = {}): EndpointStatus => ({
  endpoint: `http://m${n}:2379`, clusterId: 7n, memberId: BigInt(n), version: '3.5.30', dbSize: 1, dbSizeInUse: 1, leaderId: 1n,
  isLearner: false, raftTerm: 4n, raftIndex: 100n, raftAppliedIndex: 100n, revision: 9n, errors: [], ...change,
});
const up = (n: number, change: Partial<EndpointStatus> = {}): MemberView =>
  ({ endpoint: `http://m${n}:2379`, reachable: true, status: status(n, change), health: { healthy: true, tookMs: 1 } });
const sick = (n: number, change: Partial<EndpointStatus> = {}): MemberView =>
  ({ endpoint: `http://m${n}:2379`, reachable: true, status: status(n, { leaderId: 0n, ...change }),
    health: { healthy: false, tookMs: 1, reason: { code: 'ETCD_NO_LEADER', args: {} } } });
const down = (n: number): MemberView => ({ endpoint: `http://m${n}:2379`, reachable: false, reason: { code: 'ETCD_UNREACHABLE', args: {} } });

describe('quorum', () => {
  it('is the majority, and an even number of voters is one too many', () => {
    assert.deepEqual([1, 2, 3, 4, 5, 6, 7].map(quorum), [1, 2, 2, 3, 3, 4, 4]);
    assert.deepEqual([0, 1, 2, 3, 4].map(isWasteful), [false, false, true, false, true]);
  });
});

describe('the health of a cluster', () => {
  it('is healthy when all agree', () => {
    const health = clusterHealth([up(1), up(2), up(3)], 3);
    assert.equal(health.state, 'healthy');
    assert.equal(health.leaderId, 1n);
    assert.equal(health.term, 4n);
    assert.deepEqual([health.votersHealthy, health.votersNeeded], [3, 2]);
  });

  it('is degraded while one member does not answer, and names it', () => {
    const health = clusterHealth([up(1), up(2), down(3)], 3);
    assert.equal(health.state, 'degraded');
    assert.deepEqual(health.unreachable, ['http://m3:2379']);
  });

  it('is down without a leader, and when nobody answers', () => {
    assert.equal(clusterHealth([sick(1), down(2), down(3)], 3).state, 'down');
    assert.equal(clusterHealth([down(1), down(2), down(3)], 3).state, 'down');
    assert.equal(clusterHealth([], 0).state, 'down');
  });

  it('takes no leader where members of the newest term disagree, and ignores what an older term believed', () => {
    assert.equal(clusterHealth([up(1), up(2, { leaderId: 2n })], 3).leaderId, 0n);
    assert.equal(clusterHealth([up(1), up(2, { leaderId: 2n, raftTerm: 3n }), up(3)], 3).leaderId, 1n);
  });

  it('tells the lag behind the leader, never below zero', () => {
    const { lag } = clusterHealth([up(1), up(2, { raftAppliedIndex: 60n }), up(3, { raftAppliedIndex: 101n })], 3);
    assert.deepEqual([...lag.values()], [0n, 40n, 0n]);
    assert.equal(clusterHealth([down(1), up(2), up(3)], 3).lag.size, 0);
  });

  it('is degraded by mixed versions, sorted as versions, and by an alarm', () => {
    const mixed = clusterHealth([up(1, { version: '3.5.30' }), up(2, { version: '3.5.9' }), up(3)], 3);
    assert.deepEqual(mixed.versions, ['3.5.9', '3.5.30']);
    assert.equal(mixed.state, 'degraded');
    assert.equal(clusterHealth([up(1), up(2), up(3, { errors: ['memberID:3 alarm:NOSPACE '] })], 3).state, 'degraded');
  });

  it('finds the endpoint that leads into another cluster', () => {
    const health = clusterHealth([up(1), up(2), up(3, { clusterId: 8n })], 3);
    assert.deepEqual(health.strangers, ['http://m3:2379']);
    assert.equal(health.state, 'degraded');
  });
});

describe('the member a snapshot is taken from', () => {
  it('is the healthy follower that is least behind', () => {
    assert.equal(chooseMember([up(1), up(2, { raftAppliedIndex: 90n }), up(3)]), 'http://m3:2379');
  });

  it('is the leader when no follower is healthy', () => {
    assert.equal(chooseMember([up(1), sick(2), down(3)]), 'http://m1:2379');
  });

  it('is whoever has applied most when the quorum is lost', () => {
    assert.equal(chooseMember([sick(1, { raftAppliedIndex: 80n }), sick(2, { raftAppliedIndex: 90n }), down(3)]), 'http://m2:2379');
  });

  it('is never a learner, a stranger or nobody', () => {
    assert.equal(chooseMember([up(1), up(4, { isLearner: true })]), 'http://m1:2379');
    assert.equal(chooseMember([up(1), up(2), up(3, { clusterId: 8n, raftAppliedIndex: 999n })]), 'http://m2:2379');
    assert.equal(chooseMember([down(1)]), undefined);
    assert.equal(chooseMember([up(4, { isLearner: true })]), undefined);
  });
});
