import assert from 'node:assert/strict';
import { KnownError } from '../../../src/core/errors.js';
import { humanBytes } from '../../../src/core/cluster/humanBytes.js';
import type { ObservedMember } from '../../../src/core/cluster/observation.js';
import { renderMarkdown, renderText } from '../../../src/core/cluster/renderTable.js';
import { statusJson } from '../../../src/core/cluster/statusJson.js';
import { endpointStatusTable, memberListTable, newestMemberList } from '../../../src/core/cluster/statusTables.js';
import { sortTable } from '../../../src/core/cluster/table.js';

const ids = [0xeeeb9a5c561ca91n, 0x8e9e05c52164694dn, 0xcdf818194e3a8c32n];
const member = (n: number) => ({
  name: `m${n}`, host: 'local', clientUrls: [`http://127.0.0.${n}:2379`], peerUrls: [`http://127.0.0.${n}:2380`], dataDir: `/d/${n}`,
});
const list = {
  clusterId: 1n,
  members: ids.map((id, at) => ({ id, name: at === 2 ? '' : `m${at + 1}`, peerUrls: member(at + 1).peerUrls, clientUrls: at === 2 ? [] : member(at + 1).clientUrls, isLearner: at === 2 })),
};
const answered = (n: number, change: object = {}): ObservedMember => ({
  member: member(n),
  observation: {
    kind: 'answered',
    answer: {
      members: list, health: { healthy: true, tookMs: 3 },
      status: {
        endpoint: `http://127.0.0.${n}:2379`, clusterId: 1n, memberId: ids[n - 1] ?? 0n, version: '3.6.4', storageVersion: '3.6.0', dbSize: 20480,
        dbSizeInUse: 16384, dbSizeQuota: 2147483648, leaderId: ids[0] ?? 0n, isLearner: false, raftTerm: 2n, raftIndex: 100n + BigInt(n),
        raftAppliedIndex: 100n + BigInt(n), revision: 9n, errors: [], downgrade: { enabled: false, targetVersion: '' }, ...change,
      },
    },
  },
});
const down: ObservedMember = { member: member(3), observation: { kind: 'unreachable', error: new KnownError('ETCD_UNREACHABLE', { endpoint: 'x' }) } };
const reason = () => 'connection refused';

describe('the tables of etcdctl', () => {
  it('prints sizes as etcdctl does', () => {
    const sizes: readonly (readonly [number, string])[] = [
      [0, '0 B'], [9, '9 B'], [10, '10 B'], [999, '999 B'], [1000, '1.0 kB'], [20480, '20 kB'], [1250000, '1.3 MB'], [9949999, '9.9 MB'],
      [9950000, '10 MB'], [2147483648, '2.1 GB'], [8589934592, '8.6 GB'], [10500000, '10 MB'], [11500000, '12 MB'],
    ];
    for (const [bytes, text] of sizes) assert.equal(humanBytes(bytes), text);
  });

  it('prints the member list with unpadded ids and an unstarted member', () => {
    assert.equal(renderText(memberListTable(list)), [
      '+------------------+-----------+------+-----------------------+-----------------------+------------+',
      '|        ID        |  STATUS   | NAME |      PEER ADDRS       |     CLIENT ADDRS      | IS LEARNER |',
      '+------------------+-----------+------+-----------------------+-----------------------+------------+',
      '|  eeeb9a5c561ca91 |   started |   m1 | http://127.0.0.1:2380 | http://127.0.0.1:2379 |      false |',
      '| 8e9e05c52164694d |   started |   m2 | http://127.0.0.2:2380 | http://127.0.0.2:2379 |      false |',
      '| cdf818194e3a8c32 | unstarted |      | http://127.0.0.3:2380 |                       |       true |',
      '+------------------+-----------+------+-----------------------+-----------------------+------------+', '',
    ].join('\n'));
  });

  it('keeps a line for a member that gives no answer, with the reason', () => {
    const table = endpointStatusTable([answered(1), answered(2), down], reason);
    assert.equal(table.columns.length, 16);
    assert.deepEqual(table.rows[0]?.map(cell => cell.text), [
      'http://127.0.0.1:2379', 'eeeb9a5c561ca91', '3.6.4', '3.6.0', '20 kB', '16 kB', '20%', '2.1 GB', 'true', 'false', '2', '101', '101', '', '', 'false']);
    assert.deepEqual(table.rows[2]?.map(cell => cell.text).filter(text => text !== ''), ['http://127.0.0.3:2379', 'connection refused']);
  });

  it('breaks long cells between words', () => {
    const table = { columns: ['ERRORS'], rows: [[{ text: 'memberID:9372538179322589801 alarm:NOSPACE, etcdserver: no leader' }]] };
    assert.equal(renderText(table).split('\n').slice(3, -2).map(line => line.slice(2, -2).trim()).join(' '), table.rows[0]?.[0]?.text);
    assert.ok(renderText(table).split('\n').every(line => line.length <= 34));
  });

  it('orders by value and not by text; without a value comes last; equal rows keep their order', () => {
    const table = endpointStatusTable([answered(1, { dbSize: 2e9 }), down, answered(2, { dbSize: 9e6 })], reason);
    const first = (sorted: typeof table) => sorted.rows.map(row => row[0]?.text.slice(15, 16));
    assert.deepEqual(first(sortTable(table, { column: 4, direction: 'ascending' })), ['2', '1', '3']);
    assert.deepEqual(first(sortTable(table, { column: 10, direction: 'ascending' })), ['1', '2', '3']);
    assert.deepEqual(first(sortTable(table, undefined)), ['1', '3', '2']);
  });

  it('escapes what Markdown would take for markup', () => {
    assert.equal(renderMarkdown({ columns: ['A'], rows: [[{ text: 'a|b_c\n<d>' }]] }), '| A |\n| --- |\n| a\\|b\\_c \\<d\\> |\n');
  });

  it('exports ids exactly, as text', () => {
    const json: unknown = JSON.parse(statusJson('prod', '2026-11-22T00:00:00Z', [answered(1), down], reason));
    assert.deepEqual((json as { members: readonly { id: unknown }[] }).members[1]?.id, { hex: '8e9e05c52164694d', decimal: '10276657743932975437' });
    assert.equal((json as { endpoints: readonly { error?: unknown }[] }).endpoints[1]?.error, 'connection refused');
  });
});

describe('what is observed of a cluster', () => {
  it('believes the member list of the member that has applied most', () => {
    assert.equal(newestMemberList([down, answered(2)])?.members.length, 3);
    assert.equal(newestMemberList([down]), undefined);
  });
});
