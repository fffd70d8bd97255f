import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { etcdVersions } from '../../scripts/etcdVersions.js';
import type { MemberAnswer, ObservedMember } from '../../src/core/cluster/observation.js';
import { renderText } from '../../src/core/cluster/renderTable.js';
import { endpointStatusTable, memberListTable } from '../../src/core/cluster/statusTables.js';
import type { Table } from '../../src/core/cluster/table.js';
import { bundledEndpoint } from '../node/etcd/bundledEndpoint.js';
import { realClusters, type RealCluster } from './realCluster.js';

const signal = new AbortController().signal;
/** etcdctl before 3.6 prints fewer columns of the same table. */
const columnsUpTo35 = ['ENDPOINT', 'ID', 'VERSION', 'DB SIZE', 'IS LEADER', 'IS LEARNER', 'RAFT TERM', 'RAFT INDEX', 'RAFT APPLIED INDEX', 'ERRORS'];

const pick = (table: Table, columns: readonly string[]): Table => {
  const at = columns.map(column => table.columns.indexOf(column));
  return { columns, rows: table.rows.map(row => at.map(index => row[index] ?? { text: '' })) };
};

/** Debian's newer builds draw the same table with lines. */
const ascii = (table: string): string => table.replace(/[┌┬┐├┼┤└┴┘]/g, '+').replaceAll('─', '-').replaceAll('│', '|');

type Bundle = Awaited<ReturnType<typeof bundledEndpoint>>;

async function ask(cluster: RealCluster, { open }: Bundle): Promise<readonly ObservedMember[]> {
  return Promise.all(cluster.members.map(async member => {
    const etcd = open({ endpoint: member.clientUrl, address: member.clientUrl.replace('http://', ''), timeoutMs: 5000 });
    try {
      const answer: MemberAnswer = {
        status: await etcd.status(signal), members: await etcd.members(signal), health: await etcd.health(signal),
      };
      const { name, clientUrl, peerUrl, dataDir } = member;
      return { member: { name, host: 'local', clientUrls: [clientUrl], peerUrls: [peerUrl], dataDir }, observation: { kind: 'answered', answer } };
    } finally {
      etcd.close();
    }
  }));
}

describe('the tables beside etcdctl', function () {
  this.timeout(120_000);
  const start = realClusters();
  let bundle: Bundle;

  before(async () => { bundle = await bundledEndpoint(); });

  after(() => bundle[Symbol.asyncDispose]());

  for (const version of etcdVersions()) {
    it(`${version.version}: are the same to the last character`, async () => {
      const cluster = await start({ version, size: 3, noFsync: true });
      const [first] = await ask(cluster, bundle);
      assert.ok(first?.observation.kind === 'answered' && first.observation.answer.members);
      assert.equal(renderText(memberListTable(first.observation.answer.members)), ascii(await cluster.etcdctl('member', 'list', '-w', 'table')));
      const isOld = /^3\.[45]\./.test(version.version);
      let ours = '', theirs = '';
      // A young cluster still sets its storage version and frees pages: both are asked until they meet it in one state.
      for (let tries = 0; tries < 30 && (tries === 0 || ours !== theirs); tries++) {
        const table = endpointStatusTable(await ask(cluster, bundle), () => '');
        ours = renderText(isOld ? pick(table, columnsUpTo35) : table);
        theirs = ascii(await cluster.etcdctl('endpoint', 'status', '-w', 'table'));
        if (ours !== theirs) await sleep(100);
      }
      assert.equal(ours, theirs);
      assert.deepEqual([...theirs.matchAll(/http:\S+/g)].map(match => match[0]), cluster.members.map(member => member.clientUrl));
    });
  }
});
