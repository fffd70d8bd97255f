import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readDefinitions } from '../../../src/core/cluster/readDefinitions.js';

const member = (n: number) => ({
  name: `m${n}`, clientUrls: [`http://10.0.0.${n}:2379`], peerUrls: [`http://10.0.0.${n}:2380`], dataDir: `/var/lib/etcd-${n}`,
  start: ['systemctl', 'start', `etcd@${n}`], stop: ['systemctl', 'stop', `etcd@${n}`],
});
const cluster = { name: 'prod-eu', run: 'commands', members: [member(1), member(2), member(3)] };
const withMember = (change: object) => [{ ...cluster, members: [{ ...member(1), ...change }, member(2)] }];
const codes = (value: unknown) => readDefinitions(value).problems.map(p => `${p.field}: ${p.code}`);

describe('readDefinitions', () => {
  it('reads a whole cluster, with its defaults', () => {
    const { definitions, problems } = readDefinitions([{ ...cluster, hostSnapshotFolder: '/srv/snapshots' }]);
    assert.deepEqual(problems, []);
    assert.equal(definitions[0]?.members.at(2)?.host, 'local');
    assert.deepEqual(definitions[0].snapshotFolders, []);
    assert.equal(definitions[0].hostSnapshotFolder, '/srv/snapshots');
    assert.deepEqual(definitions[0].members[0]?.stop, ['systemctl', 'stop', 'etcd@1']);
  });

  it('takes nothing for an absent setting, and reports one that is no list', () => {
    assert.deepEqual(readDefinitions(undefined), { definitions: [], problems: [] });
    assert.deepEqual(codes({ prod: cluster }), [': NOT_A_LIST']);
  });

  const wrong: readonly (readonly [string, unknown, readonly string[]])[] = [
    ['a relative data directory', withMember({ dataDir: 'etcd' }), ['members[0].dataDir: NOT_ABSOLUTE']],
    ['a data directory that climbs', withMember({ dataDir: '/var/lib/../etc' }), ['members[0].dataDir: NOT_ABSOLUTE']],
    ['the root as data directory', withMember({ dataDir: '//' }), ['members[0].dataDir: NOT_ABSOLUTE']],
    ['a newline in a path', withMember({ dataDir: '/var/lib\n/etcd' }), ['members[0].dataDir: CONTROL_CHARACTER']],
    ['a URL without a port', withMember({ clientUrls: ['http://10.0.0.1'] }), ['members[0].clientUrls[0]: NOT_A_URL']],
    ['a URL that carries a password', withMember({ clientUrls: ['http://root:x@10.0.0.1:2379'] }), ['members[0].clientUrls[0]: NOT_A_URL']],
    ['a start command given as one text', withMember({ start: 'systemctl start etcd' }), ['members[0].start: NOT_A_LIST']],
    ['an empty start command', withMember({ start: [] }), ['members[0].start: EMPTY']],
    ['a number in a command', withMember({ stop: ['kill', 9] }), ['members[0].stop[1]: NOT_A_TEXT']],
    ['a name that could be an option', withMember({ name: '-rf' }), ['members[0].name: NOT_A_NAME']],
    ['a misspelt field', withMember({ dataDirectory: '/x' }), ['members[0].dataDirectory: UNKNOWN_FIELD']],
    ['two members of one name', withMember({ name: 'm2' }), ['members[1].name: DUPLICATE']],
    ['two members with one URL', withMember({ peerUrls: ['http://10.0.0.2:2380'] }), ['members[1].peerUrls[0]: DUPLICATE']],
    ['one data directory for two members of a host', withMember({ dataDir: '/var/lib/etcd-2/' }), ['members[1].dataDir: OVERLAPS']],
    ['a data directory inside another', withMember({ dataDir: '/var/lib/etcd-2/a' }), ['members[1].dataDir: OVERLAPS']],
    ['two clusters of one name', [cluster, { ...cluster, name: 'PROD-EU', members: [{ ...member(9) }] }], ['name: DUPLICATE']],
    ['no members', [{ ...cluster, members: [] }], ['members: EMPTY']],
    ['an unknown way of running', [{ ...cluster, run: 'docker' }], ['run: NOT_ONE_OF']],
    ['a manifest directory for commands', [{ ...cluster, manifestDir: '/etc/kubernetes/manifests' }], ['manifestDir: ONLY_FOR_STATIC_PODS']],
    ['a folder for snapshots that climbs', [{ ...cluster, hostSnapshotFolder: '/srv/../etc' }], ['hostSnapshotFolder: NOT_ABSOLUTE']],
    ['certificates on the hosts of members that have none', [{ ...cluster, tls: { at: 'host', caFile: '/ca.crt' } }], ['tls.at: NEEDS_HOSTS']],
    ['certificates in a place that is none', [{ ...cluster, tls: { at: 'moon', caFile: '/ca.crt' } }], ['tls.at: NOT_ONE_OF']],
    ['commands for a static pod', [{ ...cluster, run: 'staticPod', members: [member(1)] }], ['members[0].start: ONLY_FOR_COMMANDS', 'members[0].stop: ONLY_FOR_COMMANDS']],
    ['a certificate without its key', [{ ...cluster, tls: { certFile: '/pki/c.crt' } }], ['tls.keyFile: MISSING']],
    ['a member without anything', [{ ...cluster, members: [{}] }], ['name', 'clientUrls', 'peerUrls', 'dataDir', 'start', 'stop'].map(f => `members[0].${f}: MISSING`)],
  ];
  for (const [what, value, expected] of wrong) {
    it(`refuses ${what}`, () => {
      assert.deepEqual(codes(value), expected);
      assert.ok(readDefinitions(value).problems.every(p => p.index >= 0));
    });
  }

  it('keeps the clusters that are right beside one that is wrong', () => {
    const { definitions, problems } = readDefinitions([{ name: 'broken' }, cluster]);
    assert.deepEqual(definitions.map(d => d.name), ['prod-eu']);
    assert.deepEqual([...new Set(problems.map(p => `${p.index} ${p.cluster}`))], ['0 broken']);
  });

  it('never throws, whatever JSON the settings hold', () => {
    fc.assert(fc.property(fc.jsonValue(), fc.jsonValue(), fc.jsonValue(), (a, b, c) => {
      readDefinitions(a);
      readDefinitions([{ ...cluster, members: [{ ...member(1), dataDir: b, stop: c }], tls: a }]);
    }), { numRuns: 300 });
  });
});
