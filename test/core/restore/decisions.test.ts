import assert from 'node:assert/strict';
import fc from 'fast-check';
import { bumpFor, highestRevisionSeen, writtenBetween } from '../../../src/core/restore/bump.js';
import { stepsOf } from '../../../src/core/plan.js';
import type { RestoreFacts, ToolFacts } from '../../../src/core/restore/facts.js';
import { planRestore } from '../../../src/core/restore/planRestore.js';
import { socketsOf } from '../../../src/core/restore/sockets.js';
import { memoryNeeded, spaceOf } from '../../../src/core/restore/space.js';
import { chooseTool, minorOf, minorText, serverMinor, toolsFor } from '../../../src/core/restore/tool.js';
import { choice, etcdutl, factsOf, GIB } from './factsFixture.js';
import { onlyMember, withDefinition, withDisk, withMember, withStatus } from './factsChanges.js';
import { podFactsOf } from './podFixture.js';

describe('by how much the revision is raised', () => {
  it('is a thousand million at least', () => {
    assert.equal(bumpFor(100n, 100n), 1_000_000_000n);
    assert.equal(bumpFor(100n, 833_333_433n), 1_000_000_000n);
    assert.equal(bumpFor(100n, 50n), 1_000_000_000n);
  });

  it('is a fifth more than was lost, rounded up', () => {
    assert.equal(bumpFor(0n, 1_000_000_000n), 1_200_000_000n);
    assert.equal(bumpFor(0n, 1_000_000_001n), 1_200_000_002n);
    assert.equal(bumpFor(1n, 2_000_000_002n), 2_400_000_002n);
  });

  it('is always past everything that was seen, and exact beyond 2^53', () => {
    fc.assert(fc.property(fc.bigInt({ min: 0n, max: 2n ** 61n }), fc.bigInt({ min: 0n, max: 2n ** 61n }), (snapshot, highest) => {
      const bump = bumpFor(snapshot, highest);
      assert(snapshot + bump > highest);
      assert(bump >= 1_000_000_000n);
      const lost = highest - snapshot;
      if (bump > 1_000_000_000n) assert(bump * 10n >= lost * 12n && (bump - 1n) * 10n < lost * 12n);
    }), { seed: 1, numRuns: 500 });
  });

  it('counts from the highest revision of any member, running or not', () => {
    assert.equal(highestRevisionSeen(factsOf(3)), 2_600n);
    assert.equal(highestRevisionSeen(factsOf(3, { down: true })), 2_500n);
    assert.equal(highestRevisionSeen(withMember(onlyMember(factsOf(3), 'm2'), 2, { revisionOnDisk: 9_000n })), 9_000n);
    assert.equal(highestRevisionSeen(withStatus(factsOf(1), { revision: 10_000n })), 10_000n);
  });

  it('reaches beyond what an earlier restore was raised to, when nobody can say how far the cluster had come', () => {
    const lost = factsOf(3, { down: true, gone: [0, 1, 2], unknown: true });
    assert.equal(highestRevisionSeen({ ...lost, foretoldBefore: 1_000_002_000n }), 1_000_002_000n);
    assert.equal(bumpFor(2_000n, 1_000_002_000n), 1_200_000_000n);
  });
});

describe('what was written after the snapshot', () => {
  const B = 1_000_000_000n;
  /** A restore from this revision's snapshot. */
  const raise = (from: bigint, to = from + B) => ({ from, to });

  it('is the distance between the revisions, and never less than nothing', () => {
    assert.equal(writtenBetween(500n, 520n, []), 20n);
    assert.equal(writtenBetween(500n, 480n, []), 0n);
  });

  it('is not what a restore has raised the revision by', () => {
    assert.equal(writtenBetween(500n, 500n + B + 8n, [raise(500n)]), 8n);
    // Restored twice from one snapshot: what was written between the two is gone already.
    assert.equal(writtenBetween(500n, 500n + 2n * B + 8n, [raise(500n, 500n + 2n * B), raise(500n)]), 8n);
    // The restore was from a later snapshot: what that one has of it goes too.
    assert.equal(writtenBetween(500n, 515n + B + 8n, [raise(515n)]), 23n);
    // The snapshot was taken after the restore.
    assert.equal(writtenBetween(500n + B, 500n + B + 8n, [raise(500n)]), 8n);
    // As its disk says, the cluster was never that far.
    assert.equal(writtenBetween(500n, 520n, [raise(500n)]), 20n);
  });

  it('is what a plan warns of, and by how much it was raised is told beside it', () => {
    const facts = { ...factsOf(3), raises: [raise(2_000n, 2_590n)] };
    const planned = planRestore(facts, choice);
    assert('plan' in planned);
    assert.deepEqual(planned.plan.subject.warnings.find(({ code }) => code === 'WRITES_LOST')?.args, { revisions: '10' });
    assert.equal(planned.plan.subject.raisedSince, '590');
  });
});

describe('the sockets of URLs', () => {
  it('of an IPv4 address are that one, the wildcards, and the same within IPv6', () => {
    assert.deepEqual(socketsOf(['http://10.1.2.3:2379']), ['0302010A:094B', '00000000:094B', `${'0'.repeat(32)}:094B`, '0000000000000000FFFF00000302010A:094B']);
  });
  it('of an IPv6 address are that one and the wildcard, in the words of the kernel', () => {
    assert.deepEqual(socketsOf(['https://[::1]:2380']), ['00000000000000000000000001000000:094C', `${'0'.repeat(32)}:094C`]);
    assert.deepEqual(socketsOf(['https://[2001:db8:1:2:3:4:5:6]:2380'])[0], 'B80D01200200010004000300' + '06000500:094C');
  });
  it('of an IPv4 address written as IPv6 are those of the IPv4 address', () => {
    assert.deepEqual(socketsOf(['http://[::ffff:10.1.2.3]:2379']), socketsOf(['http://10.1.2.3:2379']));
  });
  it('of a wildcard, a host name, or an address with a zone are any of that port', () => {
    for (const host of ['0.0.0.0', '[::]', 'etcd-1.example', 'localhost', '[fe80::1%25eth0]', '[fe80::1%eth0]']) assert.deepEqual(socketsOf([`https://${host}:2379`]), ['*:094B'], host);
  });
  it('have the port of the scheme where none is given', () => {
    assert.deepEqual(socketsOf(['http://h', 'https://h', 'https://h:443']), ['*:0050', '*:01BB']);
  });
  it('are none for a socket file and for what is no URL, and each but once', () => {
    assert.deepEqual(socketsOf(['unix://localhost:2379', 'unix:///run/etcd', 'nonsense', '']), []);
    assert.deepEqual(socketsOf(['http://h:1', 'http://h:1', 'http://g:1']), ['*:0001']);
  });
});

describe('the tool to restore with', () => {
  const ctl = (version: string, canBump = true): ToolFacts => ({ path: `/opt/${version}/etcdctl`, kind: 'etcdctl', version, machine: 'x86_64', canRestore: true, canBump });
  const chosen = (tools: readonly ToolFacts[], bump: 'auto' | 'none' = 'auto') => chooseTool(tools, 3005, bump)?.path;

  it('is of the servers\' minor version, etcdutl before etcdctl, the newest of them', () => {
    assert.equal(chosen([ctl('3.5.30'), etcdutl('3.5.9'), etcdutl('3.5.30'), etcdutl('3.6.1')]), '/opt/3.5.30/etcdutl');
    assert.equal(chosen([ctl('3.5.16')]), '/opt/3.5.16/etcdctl');
  });
  it('is of the next minor version only where the own one cannot raise the revision', () => {
    assert.equal(chosen([etcdutl('3.5.9', false), etcdutl('3.6.1')]), '/opt/3.6.1/etcdutl');
    assert.equal(chosen([etcdutl('3.5.9', false), ctl('3.5.16'), etcdutl('3.6.1')]), '/opt/3.5.16/etcdctl');
    assert.equal(chosen([etcdutl('3.5.9', false), etcdutl('3.6.1')], 'none'), '/opt/3.5.9/etcdutl');
    assert.equal(chosen([etcdutl('3.5.9', false), etcdutl('3.6.1', false)]), '/opt/3.5.9/etcdutl');
    assert.equal(chosen([etcdutl('3.6.1')]), '/opt/3.6.1/etcdutl');
  });
  it('is never older than the servers, two versions newer, or one that cannot restore', () => {
    assert.equal(chosen([etcdutl('3.4.23'), etcdutl('3.7.0'), { ...ctl('3.5.30'), canRestore: false }, etcdutl('')]), undefined);
    assert.equal(chosen([]), undefined);
  });
  it('is chosen for the lowest version that runs, else for the one the snapshot names', () => {
    const mixed = factsOf(3);
    const status = mixed.members[1]?.status ?? assert.fail();
    assert.equal(serverMinor(withMember(mixed, 1, { status: { ...status, version: '3.4.23' } })), 3004);
    assert.equal(serverMinor(factsOf(1, { down: true })), 3005);
    assert.equal(serverMinor(withStatus(factsOf(1, { down: true }), { storageVersion: '3.6.0' })), 3006);
  });
  it('reads versions of every writing', () => {
    assert.deepEqual(['3.5.30', 'v3.5.0-rc.1', '3.10.1', '', 'x', undefined].map(minorOf), [3005, 3005, 3010, undefined, undefined, undefined]);
    assert.deepEqual([3004, 3010].map(minorText), ['3.4', '3.10']);
  });

  it('is copied from this machine where the host has none that will do, if it runs on the same kind of processor', () => {
    const here: ToolFacts = { ...etcdutl('3.5.30'), copy: { sha256: 'cd'.repeat(32), size: 25_000_000 } };
    const facts = (machine: string, own: readonly ToolFacts[]): RestoreFacts => {
      const pods = podFactsOf(1);
      return { ...pods, tools: new Map([['local', [here]], ['cp-1', own]]), machines: new Map([['cp-1', machine]]) };
    };
    assert.deepEqual(toolsFor(facts('x86_64', []), 'cp-1'), [here]);
    assert.deepEqual(toolsFor(facts('aarch64', []), 'cp-1'), []);
    const old = ctl('3.4.23', false);
    assert.equal(chooseTool(toolsFor(facts('x86_64', [old]), 'cp-1'), 3004, 'auto'), here);
    assert.equal(chooseTool(toolsFor(facts('x86_64', [ctl('3.5.30')]), 'cp-1'), 3005, 'auto')?.copy, undefined);
    const result = planRestore(facts('x86_64', []), choice);
    assert('plan' in result);
    const steps = stepsOf(result.plan);
    const upload = steps.find(({ id }) => id === 'upload-tool@cp-1');
    assert(upload?.act.do === 'upload' && upload.act.from === here.path && upload.act.sha256 === here.copy?.sha256);
    const staging = steps.flatMap(({ act }) => act.do === 'stage' ? [act.staging] : [])[0];
    assert.deepEqual([staging?.tool, staging?.copied], [upload.act.to, upload.act.sha256]);
  });
});

describe('the space a restore takes', () => {
  const each = Math.ceil((20_000_000 + 2 * 64 * 2 ** 20) * 1.1);

  it('adds up for members that share a file system', () => {
    assert.deepEqual(spaceOf(factsOf(3)), [{ host: 'local', members: ['m1', 'm2', 'm3'], needed: 3 * each, free: 50 * GIB }]);
  });
  it('is counted apart on file systems, and on hosts, of their own', () => {
    const apart = withDisk(factsOf(3), 2, { fileSystem: '77', freeBytes: GIB });
    assert.deepEqual(spaceOf(apart).map(({ members, needed, free }) => [members, needed, free]), [[['m1', 'm2'], 2 * each, 50 * GIB], [['m3'], each, GIB]]);
    assert.deepEqual(spaceOf(withDefinition(factsOf(2), 1, { host: 'cp-2' })).map(({ host, needed }) => [host, needed]), [['local', each], ['cp-2', each + Math.ceil(20_000_032 * 1.1)]]);
  });
  it('in memory is that of one restore: a host makes them one after the other', () => {
    assert.equal(memoryNeeded(factsOf(5)), memoryNeeded(factsOf(1)));
  });
});
