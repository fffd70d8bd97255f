import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { predictClusterId, predictIds, predictMemberId } from '../../../src/core/cluster/ids.js';
import { sha1 } from '../../../src/core/cluster/sha1.js';

describe('sha1', () => {
  it('equals the system\'s for every length around the block borders', () => {
    for (let length = 0; length <= 200; length++) {
      const message = randomBytes(length);
      assert.equal(Buffer.from(sha1(message)).toString('hex'), createHash('sha1').update(message).digest('hex'), `length ${length}`);
    }
  });
});

describe('predicted ids', () => {
  it('gives the ids that etcd gives to a member with default flags', () => {
    assert.deepEqual(predictIds([['http://localhost:2380']], 'etcd-cluster'),
      { clusterId: 0xcdf818194e3a8c32n, memberIds: [0x8e9e05c52164694dn] });
  });

  it('does not depend on the order of a member\'s URLs nor of the members', () => {
    const [a, b] = [['http://10.0.0.1:2380', 'http://[fd00::1]:2380'], ['http://10.0.0.2:2380']];
    assert.equal(predictMemberId(a, 't'), predictMemberId(a.toReversed(), 't'));
    assert.equal(predictIds([a, b], 't').clusterId, predictIds([b, a], 't').clusterId);
    assert.deepEqual(predictIds([b, a], 't').memberIds, predictIds([a, b], 't').memberIds.toReversed());
  });

  it('takes the URL as text: what means the same can give another id', () => {
    assert.notEqual(predictMemberId(['http://[fd00::1]:2380'], 't'), predictMemberId(['http://[fd00:0::1]:2380'], 't'));
    assert.equal(predictMemberId([' http://a:2380 '], 't'), predictMemberId(['http://a:2380'], 't'));
  });

  it('changes every id with the token', () => {
    const [one, other] = ['a', 'b'].map(token => predictIds([['http://a:2380'], ['http://b:2380']], token));
    assert.ok(one && other);
    assert.notEqual(one.clusterId, other.clusterId);
    assert.ok(one.memberIds.every(id => !other.memberIds.includes(id)));
  });

  it('sorts ids as unsigned numbers', () => {
    assert.equal(predictClusterId([0xffff_ffff_ffff_ffffn, 1n]), predictClusterId([1n, 0xffff_ffff_ffff_ffffn]));
  });
});
