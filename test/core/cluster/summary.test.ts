import assert from 'node:assert/strict';
import { KnownError } from '../../../src/core/errors.js';
import type { ObservedMember } from '../../../src/core/cluster/observation.js';
import { summarizeCluster, summarizeMembers } from '../../../src/core/cluster/summary.js';

const member = (n: number) => ({ name: `m${n}`, host: 'local', clientUrls: [`http://h${n}:2379`], peerUrls: [`http://h${n}:2380`], dataDir: '/d' });
const list = { clusterId: 7n, members: [1, 2, 3].map(n => ({ id: BigInt(n), ...member(n), isLearner: false })) };
const up = (n: number, change: { healthy?: 'no' | 'asked'; clusterId?: bigint; errors?: readonly string[]; version?: string; isLearner?: boolean } = {}): ObservedMember => ({
  member: member(n),
  observation: {
    kind: 'answered',
    answer: {
      members: list,
      ...change.healthy === 'asked' ? {} : { health: change.healthy === 'no' ? { healthy: false, tookMs: 5000, reason: { code: 'ETCD_NO_LEADER', args: {} } } : { healthy: true, tookMs: 2 } },
      status: {
        endpoint: member(n).clientUrls[0] ?? '', clusterId: change.clusterId ?? 7n, memberId: BigInt(n), version: change.version ?? '3.5.30', dbSize: 1, dbSizeInUse: 1,
        leaderId: 1n, isLearner: change.isLearner ?? false, raftTerm: 2n, raftIndex: 10n, raftAppliedIndex: 10n, revision: 5n, errors: change.errors ?? [],
      },
    },
  },
});
const down = (n: number): ObservedMember => ({ member: member(n), observation: { kind: 'unreachable', error: new KnownError('ETCD_TIMEOUT') } });
const asking = (n: number): ObservedMember => ({ member: member(n), observation: { kind: 'asking' } });

describe('a cluster at a glance', () => {
  const cases: readonly (readonly [string, readonly ObservedMember[], string])[] = [
    ['all healthy', [up(1), up(2), up(3)], 'healthy'],
    ['one of three down', [up(1), up(2), down(3)], 'degraded'],
    ['two of three down', [up(1, { healthy: 'no' }), down(2), down(3)], 'noQuorum'],
    ['all down', [down(1), down(2), down(3)], 'unreachable'],
    ['one still asked', [up(1), up(2), asking(3)], 'asking'],
    ['health still asked', [up(1), up(2), up(3, { healthy: 'asked' })], 'asking'],
    ['an alarm', [up(1, { errors: ['alarm:NOSPACE'] }), up(2), up(3)], 'degraded'],
    ['a second version', [up(1), up(2), up(3, { version: '3.6.1' })], 'degraded'],
    ['two cluster ids', [up(1), up(2), up(3, { clusterId: 8n })], 'split'],
  ];
  for (const [what, members, state] of cases) {
    it(`is ${state} with ${what}`, () => assert.equal(summarizeCluster(members).state, state));
  }

  it('names the versions in order, and the members that only one side knows', () => {
    const summary = summarizeCluster([up(1, { version: '3.5.30' }), up(2, { version: '3.5.9' }), down(4)]);
    assert.deepEqual(summary.versions, ['3.5.9', '3.5.30']);
    assert.deepEqual(summary.unknown, ['m3']);
    assert.deepEqual(summary.missing, ['m4']);
    assert.equal(`${summary.healthy}/${summary.total}`, '2/3');
  });

  it('tells leader, follower and learner apart', () => {
    const members = [up(1), up(2), up(3, { isLearner: true }), down(4)];
    assert.deepEqual(summarizeMembers(members).map(m => m.role), ['leader', 'follower', 'learner', 'unknown']);
  });
});
