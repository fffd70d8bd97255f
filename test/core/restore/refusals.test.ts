import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RestoreChoice, RestoreFacts } from '../../../src/core/restore/facts.js';
import { planRestore } from '../../../src/core/restore/planRestore.js';
import type { RefusalCode } from '../../../src/core/restore/refusals.js';
import type { WarningCode } from '../../../src/core/restore/subject.js';
import { choice, entry, etcdutl, factsOf } from './factsFixture.js';
import { podFactsOf, withPods } from './podFixture.js';
import { onlyMember, withDefinition, withDisk, withMember, withoutCommands, withReport, withStatus } from './factsChanges.js';

interface Case {
  readonly because: string;
  readonly facts: RestoreFacts;
  readonly choice?: RestoreChoice;
  /** Arguments that must be among those of the refusal or warning. */
  readonly args?: Readonly<Record<string, string | number>>;
}

const absent = { kind: 'absent', uid: 0, gid: 0, device: '' } as const;
const three = factsOf(3);
const down = factsOf(3, { down: true });
const pods = podFactsOf(3);
const podsOfMember = (at: number) => pods.members[at]?.pods ?? assert.fail('no pods');
const live = three.live ?? assert.fail('no live cluster');
const recorded = { id: 1n, name: 'x', peerUrls: ['http://elsewhere:2380'], clientUrls: [], isLearner: false };
const status = three.members[0]?.status ?? assert.fail('no status');
const insists: RestoreChoice = { ...choice, insists: ['OTHER_CLUSTER'] };

const refusals: Record<RefusalCode, readonly Case[]> = {
  RUN_KIND_NOT_SUPPORTED: [{ because: 'systemd units are for later', facts: { ...three, cluster: { ...three.cluster, run: 'systemd' } }, args: { kind: 'systemd' } }],
  HOST_SILENT: [{ because: 'a host cannot be reached', facts: { ...pods, members: pods.members.slice(0, 2), silentHosts: new Map([['cp-3', { code: 'COMMAND_FAILED', args: { command: 'ssh', host: 'cp-3', reason: 'timed out' } }]]) }, args: { host: 'cp-3', reason: 'COMMAND_FAILED', detail: 'timed out' } }],
  MANIFEST_DIR_MISSING: [{ because: 'the directory is not there', facts: withPods(pods, 0, () => ({ exists: false, manifests: [] })), args: { host: 'cp-1', dir: '/etc/kubernetes/manifests' } }],
  MANIFEST_MISSING: [{ because: 'somebody moved it away', facts: withPods(pods, 1, ({ manifests }) => ({ manifests: manifests.slice(1) })), args: { host: 'cp-2', member: 'cp-2' } }],
  MANIFEST_TWICE: [
    { because: 'a copy lies beside it', facts: withPods(pods, 0, ({ manifests }) => ({ manifests: [...manifests, ...manifests.slice(0, 1).map(each => ({ ...each, file: 'etcd.yaml.bak' }))] })), args: { host: 'cp-1', pod: 'etcd', files: 'etcd.yaml, etcd.yaml.bak' } },
    { because: 'an API server would be started half way', facts: withPods(pods, 2, ({ manifests }) => ({ manifests: [...manifests, ...manifests.slice(1, 2).map(each => ({ ...each, file: 'api~' }))] })), args: { host: 'cp-3', pod: 'kube-apiserver' } },
  ],
  MANIFEST_OF_ANOTHER: [
    { because: 'the hosts are mixed up', facts: withPods(withPods(pods, 0, () => podsOfMember(1)), 1, () => podsOfMember(0)), args: { host: 'cp-2', member: 'cp-2', flag: '--name', defined: 'cp-2', found: 'cp-1' } },
    ...([['--name', { name: 'cp-9' }, 'cp-9'], ['--data-dir', { dataDir: '/elsewhere' }, '/elsewhere'], ['--initial-advertise-peer-urls', { peerUrls: ['https://10.9.9.9:2380'] }, 'https://10.9.9.9:2380']] as const).map(([flag, change, found]) => ({
      because: `${flag} is another`, args: { host: 'cp-1', member: 'cp-1', file: 'etcd.yaml', flag, found },
      facts: withPods(pods, 0, ({ manifests }) => ({ manifests: manifests.map(each => each.etcd === undefined ? each : { ...each, etcd: { ...each.etcd, ...change } }) })),
    })),
  ],
  MANIFEST_NOT_MOVABLE: [{ because: 'the directory is a mount', facts: withPods(pods, 0, () => ({ movable: false })), args: { host: 'cp-1' } }],
  KUBELET_NOT_A_UNIT: [{ because: 'something else than systemd runs it', facts: withPods(pods, 1, () => ({ kubeletUnit: false })), choice: { ...choice, kubelets: 'restart' }, args: { host: 'cp-2' } }],
  NO_MEMBERS: [{ because: 'the definition is empty', facts: { ...factsOf(0) }, args: { cluster: 'demo' } }],
  COMMANDS_MISSING: [
    { because: 'there are none', facts: withoutCommands(three), args: { member: 'm1' } },
    { because: 'start is empty', facts: withDefinition(three, 2, { start: [] }), args: { member: 'm3' } },
  ],
  UNSAFE_TEXT: [
    { because: 'a newline in a path', facts: withDefinition(three, 0, { dataDir: '/data\n/m1' }), args: { member: 'm1' } },
    { because: 'a NUL in a command', facts: withDefinition(three, 0, { stop: ['x\0y'] }) },
    { because: 'half a character in a command', facts: withDefinition(three, 0, { stop: ['\ud800'] }) },
    { because: 'an empty word in a command', facts: withDefinition(three, 0, { start: ['x', ''] }) },
    { because: 'a path that reads backwards', facts: withDefinition(three, 1, { dataDir: '/data/\u202e1m' }), args: { member: 'm2' } },
    { because: 'a comma in a name', facts: withDefinition(down, 0, { name: 'm1,m9=http://x:1' }) },
    { because: 'a comma in a URL', facts: withDefinition(down, 0, { peerUrls: ['http://a:1,http://b:1'] }) },
    { because: 'no peer URL', facts: withDefinition(down, 0, { peerUrls: [] }) },
    { because: 'no client URL', facts: withDefinition(down, 0, { clientUrls: [] }) },
    { because: 'a relative data directory', facts: withDefinition(down, 0, { dataDir: 'data' }) },
  ],
  UNSAFE_VALUE: [
    { because: 'a manifest is called so', facts: withPods(pods, 0, ({ manifests }) => ({ manifests: manifests.map(each => ({ ...each, file: `etcd\u0085${each.pod}.yaml` })) })), args: { value: '/etc/kubernetes/manifests/etcd kube-controller-manager.yaml' } },
    { because: 'an API server\'s CA has an escape in its path', facts: withPods(pods, 1, ({ manifests }) => ({ manifests: manifests.map(each => each.api === undefined ? each : { ...each, api: { ...each.api, caFile: '/pki/\u001b[31mca.crt' } }) })), args: { value: '/pki/ [31mca.crt' } },
    { because: 'the snapshot\'s name is turned round', facts: { ...three, snapshot: { ...three.snapshot, path: '/backups/\u202ebd.omed' } }, args: { value: '/backups/ bd.omed' } },
  ],
  SEPARATE_WAL_DIR: [{ because: 'the WAL lies elsewhere', facts: withDefinition(three, 1, { walDir: '/wal/m2' }), args: { member: 'm2', path: '/wal/m2' } }],
  LEARNER: [
    { because: 'a live member is one', facts: { ...three, live: { ...live, members: live.members.map((member, at) => ({ ...member, isLearner: at === 2 })) } }, args: { member: 'm3' } },
    { because: 'the snapshot records one', facts: withStatus(three, { members: [{ ...recorded, peerUrls: ['http://127.0.0.1:12380'], isLearner: true }] }), args: { member: 'x' } },
  ],
  MEMBER_MISMATCH: [
    { because: 'another member answers', facts: withMember(three, 0, { status: { ...status, memberId: live.members[1]?.id ?? 0n } }), args: { member: 'm1', found: 'm2' } },
    { because: 'a member of another cluster answers', facts: withMember(three, 0, { status: { ...status, clusterId: 7n } }), args: { member: 'm1' } },
  ],
  MEMBER_NOT_DEFINED: [{ because: 'the cluster has one more', facts: { ...three, live: { ...live, members: [...live.members, { ...recorded, id: 0xabn, name: '' }] } }, args: { member: 'ab', urls: 'http://elsewhere:2380' } }],
  MEMBER_NOT_IN_CLUSTER: [{ because: 'it was removed', facts: { ...three, live: { ...live, members: live.members.slice(0, 2) } }, args: { member: 'm3' } }],
  PEER_URLS_DIFFER: [{ because: 'localhost is another text', facts: withDefinition(three, 0, { peerUrls: ['http://localhost:12380'] }), args: { member: 'm1', defined: 'http://localhost:12380', live: 'http://127.0.0.1:12380' } }],
  SAME_TWICE: [
    { because: 'of a name', facts: withDefinition(down, 1, { name: 'm1' }), args: { value: 'm1' } },
    { because: 'of a peer URL', facts: withDefinition(down, 1, { peerUrls: ['http://127.0.0.1:12380'] }), args: { member: 'm2' } },
    { because: 'of a data directory', facts: withDefinition(down, 1, { dataDir: '/data/m1' }), args: { member: 'm2' } },
  ],
  SNAPSHOT_WITHOUT_HASH: [{ because: 'it is a bare database', facts: withReport(three, { trailer: 'absent', kind: 'database' }), args: { path: '/backups/demo.db' } }],
  SNAPSHOT_OF_OTHER_CLUSTER: [{ because: 'no peer URL is known', facts: withStatus(three, { members: [recorded] }), args: { cluster: 'demo', members: 'x http://elsewhere:2380' } }],
  SNAPSHOT_EMPTY_CLUSTER: [{ because: 'it has no revision', facts: withStatus(three, { revision: 0n }), args: { path: '/backups/demo.db' } }],
  VERSION_UNKNOWN: [{ because: 'nobody answers and the snapshot does not say', facts: withReport(down, { status: withoutVersion() }), args: { cluster: 'demo' } }],
  NO_TOOL: [
    { because: 'there is none', facts: { ...three, tools: new Map() }, args: { host: 'local', version: '3.5', found: '' } },
    { because: 'it is of another version', facts: { ...three, tools: new Map([['local', [etcdutl('3.4.23')]]]) }, args: { found: '/opt/3.4.23/etcdutl 3.4.23' } },
  ],
  NO_PARENT: [{ because: 'the disk is not mounted', facts: withDisk(down, 0, { parent: false, dataDir: absent, member: absent, writable: false }), args: { member: 'm1' } }],
  NOT_A_DIRECTORY: [
    { because: 'a file stands there', facts: withDisk(down, 0, { dataDir: entry('other') }), args: { member: 'm1', path: '/data/m1' } },
    { because: 'member is a file', facts: withDisk(down, 0, { member: entry('other') }), args: { path: '/data/m1/member' } },
  ],
  LINK_IN_DATA: [
    { because: 'the data directory is one', facts: withDisk(down, 0, { dataDir: entry('link') }), args: { member: 'm1', path: '/data/m1' } },
    { because: 'member is one', facts: withDisk(down, 0, { member: entry('link') }), args: { path: '/data/m1/member' } },
    { because: 'the WAL is one', facts: withDisk(down, 0, { links: ['member/wal'] }), args: { path: '/data/m1/member/wal' } },
  ],
  OTHER_FILE_SYSTEM: [{ because: 'member is mounted', facts: withDisk(down, 0, { member: entry('directory', '77') }), args: { member: 'm1' } }],
  NOT_WRITABLE: [{ because: 'mounted read-only', facts: withDisk(down, 0, { writable: false }), args: { member: 'm1' } }],
  NOT_OWNER: [{ because: 'this user could not give the data back to etcd', facts: withDisk(down, 0, { uid: 1000 }), args: { member: 'm1', uid: 998, own: 1000 } }],
  MEMBER_CANNOT_BE_ASKED: [{
    because: 'its certificate is not trusted, which says nothing about whether it runs',
    facts: { ...three, members: three.members.map((member, at) => at === 0 ? { name: member.name, disk: member.disk, silent: { code: 'ETCD_TLS_UNTRUSTED', args: { endpoint: 'https://a', reason: 'x' } } } : member) },
    args: { member: 'm1', endpoint: 'https://a', reason: 'ETCD_TLS_UNTRUSTED', detail: 'x' },
  }],
  DATA_DIR_OF_ANOTHER: [
    { because: 'it answers, but nobody has this data open', facts: withDisk(three, 0, { heldBy: [] }), args: { member: 'm1' } },
    { because: 'who has it open is not who listens', facts: withDisk(three, 0, { ownsSockets: false }), args: { member: 'm1' } },
    { because: 'the same without quorum', facts: withDisk(onlyMember(three, 'm2'), 1, { heldBy: [] }), args: { member: 'm2' } },
  ],
  NO_SPACE: [{ because: 'three members share a disk with room for two', facts: [0, 1, 2].reduce((facts, at) => withDisk(facts, at, { freeBytes: 2.5 * 169_639_501 }), three), args: { members: 'm1, m2, m3', needed: 508_918_503 } }],
  NO_INODES: [{ because: 'few are left', facts: withDisk(three, 1, { freeInodes: 10 }), args: { member: 'm2', free: 10 } }],
  NO_MEMORY: [{ because: 'the tool maps the database', facts: withDisk(three, 2, { memoryAvailable: 100_000_000 }), args: { member: 'm3', free: 100_000_000 } }],
  RUN_UNFINISHED: [{ because: 'its journal lies beside the data', facts: withDisk(down, 0, { openRuns: ['20260101t000000z-aaaa'] }), args: { member: 'm1', run: '20260101t000000z-aaaa' } }],
};

const warnings: Record<WarningCode, readonly Case[]> = {
  CLUSTER_SERVES: [{ because: 'it has quorum', facts: three, args: { cluster: 'demo' } }],
  WRITES_LOST: [
    { because: 'the cluster went on', facts: three, args: { revisions: '600' } },
    { because: 'a stopped member went on', facts: down, args: { revisions: '500' } },
  ],
  REVISIONS_GO_BACK: [
    { because: 'no tool can raise it', facts: { ...three, tools: new Map([['local', [etcdutl('3.5.9', false)]]]) } },
    { because: 'it was chosen', facts: three, choice: { ...choice, bump: 'none' } },
  ],
  OLD_DATA_MISSING: [{ because: 'a disk was lost', facts: factsOf(3, { down: true, gone: [1] }), args: { member: 'm2' } }],
  HELD_BUT_SILENT: [{ because: 'it hangs', facts: withDisk(down, 1, { heldBy: ['4711'] }), args: { member: 'm2', pids: '4711' } }],
  PORTS_TAKEN: [{ because: 'something else listens there', facts: withDisk(down, 1, { listening: true, taken: { ports: '2379', process: '4711 (nc)' } }), args: { member: 'm2', ports: '2379', process: '4711 (nc)' } }],
  RUNS_ON_DELETED: [{ because: 'its data was removed under it', facts: withDisk(three, 1, { member: absent, onDeleted: ['4711', '4712'] }), args: { member: 'm2', pids: '4711, 4712' } }],
  EVEN_MEMBERS: [{ because: 'four survive no more than three', facts: factsOf(4), args: { members: 4 } }],
  ALARM_IN_SNAPSHOT: [{ because: 'it was raised then', facts: withStatus(three, { alarms: [{ memberId: 1n, kind: 'NOSPACE' }, { memberId: 2n, kind: 'NOSPACE' }] }), args: { kinds: 'NOSPACE' } }],
  AUTH_IN_SNAPSHOT: [{ because: 'it was on', facts: withStatus(three, { auth: { enabled: true, revision: 2n, users: 1, roles: 1 } }) }],
  ENCRYPTED_VALUES: [{ because: 'Kubernetes encrypted them', facts: withStatus(three, { values: { encrypted: 3, protobuf: 0, plain: 0, encryptionKeys: ['aescbc:v1:key1'] } }), args: { count: 3, keys: 'aescbc:v1:key1' } }],
  API_SERVERS_RUN: [{ because: 'its values are Kubernetes objects', facts: withStatus(three, { values: { encrypted: 0, protobuf: 3, plain: 0, encryptionKeys: [] } }) }],
  TOOL_OF_NEXT_VERSION: [{ because: 'the own one cannot raise revisions', facts: { ...three, tools: new Map([['local', [etcdutl('3.5.9', false), etcdutl('3.6.5')]]]) }, args: { tool: '/opt/3.6.5/etcdutl', version: '3.6.5', server: '3.5' } }],
  OTHER_CLUSTER: [{ because: 'the person insists', facts: withStatus(three, { members: [recorded] }), choice: insists, args: { cluster: 'demo' } }],
  LEFTOVERS: [{ because: 'of an earlier run', facts: withDisk(three, 0, { leftovers: ['rescue-a'] }), args: { member: 'm1', names: 'rescue-a' } },
    { because: 'with a name that is none for a screen', facts: withDisk(three, 0, { leftovers: ['rescue-\u0085\u202ea'] }), args: { member: 'm1', names: 'rescue- a' } }],
  REVISION_UNKNOWN: [{ because: 'all data is gone', facts: factsOf(3, { down: true, gone: [0, 1, 2], unknown: true }), args: { revision: '2000' } }],
  RECORDED_NOT_DEFINED: [{ because: 'only one member is defined, and all are down', facts: withStatus(factsOf(1, { down: true }), { members: [{ ...recorded, name: 'm1', peerUrls: ['http://127.0.0.1:12380'] }, recorded] }), args: { members: 'x (http://elsewhere:2380)' } }],
  INITIAL_CLUSTER_DIFFERS: [{ because: 'kubeadm writes those who were there when a host joined', facts: pods, args: {
    used: 'cp-1=https://10.0.0.1:2380,cp-2=https://10.0.0.2:2380,cp-3=https://10.0.0.3:2380',
    differing: 'cp-1: cp-1=https://10.0.0.1:2380; cp-2: cp-1=https://10.0.0.1:2380,cp-2=https://10.0.0.2:2380',
  } }],
  NO_API_SERVER_ON_HOST: [{ because: 'a host has none', facts: withPods(pods, 1, ({ manifests }) => ({ manifests: manifests.slice(0, 1) })), args: { hosts: 'cp-2' } }],
  KUBELETS_REMEMBER: [{ because: 'no restore reaches the kubelets of workers', facts: pods }],
  ORIGIN_UNKNOWN: [{ because: 'no members are recorded', facts: withStatus(three, { members: [] }) }],
};

function withoutVersion(): RestoreFacts['snapshot']['report']['status'] {
  const { status: all } = three.snapshot.report;
  return Object.fromEntries(Object.entries(all).filter(([name]) => name !== 'clusterVersion')) as unknown as typeof all;
}

const matches = (wanted: Case['args'], args: Readonly<Record<string, string | number>>): boolean =>
  Object.entries(wanted ?? {}).every(([name, value]) => args[name] === value);

describe('a restore is refused', () => {
  for (const [code, cases] of Object.entries(refusals)) {
    for (const { because, facts, choice: chosen = choice, args } of cases) {
      it(`${code}: ${because}`, () => {
        const result = planRestore(facts, chosen);
        assert('refusals' in result, 'a plan was made');
        const found = result.refusals.filter(each => each.code === code);
        assert(found.some(each => matches(args, each.args)), JSON.stringify(result.refusals));
        assert.deepEqual(planRestore(facts, chosen), result);
      });
    }
  }

  it('for every reason at once', () => {
    const facts = withDisk(withDisk(withStatus(withDefinition(three, 0, { walDir: '/wal' }), { members: [recorded] }), 1, { writable: false }), 2, { heldBy: [] });
    const result = planRestore({ ...facts, tools: new Map() }, choice);
    assert('refusals' in result);
    assert.deepEqual(result.refusals.map(each => each.code), ['SEPARATE_WAL_DIR', 'DATA_DIR_OF_ANOTHER', 'SNAPSHOT_OF_OTHER_CLUSTER', 'NO_TOOL', 'NOT_WRITABLE']);
  });

  it('when a member of the run itself answers already', () => {
    const first = planRestore(three, choice);
    assert('plan' in first);
    const { clusterId, memberIds } = first.plan.subject.foretold;
    const members = live.members.map(member => ({ ...member, id: BigInt(`0x${memberIds[member.name] ?? ''}`) }));
    const again = { ...three, live: { ...live, clusterId: BigInt(`0x${clusterId}`), members }, members: three.members.map((member, at) => ({ ...member, status: { ...status, clusterId: BigInt(`0x${clusterId}`), memberId: members[at]?.id ?? 0n } })) };
    const result = planRestore(again, choice);
    assert('refusals' in result);
    assert.deepEqual(result.refusals.map(each => each.code), ['RUN_UNFINISHED']);
  });

  it('no more for a snapshot of another cluster once the person insists', () => {
    assert('plan' in planRestore(withStatus(three, { members: [recorded] }), insists));
  });

  it('not when a file system has no fixed number of inodes, or the host does not tell its memory', () => {
    assert('plan' in planRestore(withDisk(withDisk(three, 0, { freeInodes: 0 }), 1, { memoryAvailable: 0 }), choice));
  });
});

describe('a plan warns', () => {
  for (const [code, cases] of Object.entries(warnings)) {
    for (const { because, facts, choice: chosen = choice, args } of cases) {
      it(`${code}: ${because}`, () => {
        const result = planRestore(facts, chosen);
        assert('plan' in result, 'it was refused');
        const found = result.plan.subject.warnings.filter(each => each.code === code);
        assert(found.some(each => matches(args, each.args)), JSON.stringify(result.plan.subject.warnings));
      });
    }
  }

  it('of nothing when there is nothing', () => {
    const quiet = withMember(factsOf(1, { down: true }), 0, { revisionOnDisk: 2_000n });
    const result = planRestore(quiet, choice);
    assert('plan' in result);
    assert.deepEqual(result.plan.subject.warnings, []);
  });
});

describe('the words for refusals and warnings', () => {
  // The file imports `vscode`, which there is only inside an editor: it is read as text.
  const words = readFileSync(join(import.meta.dirname, '../../../src/vscode/words/refusals.ts'), 'utf8');

  it('name only arguments that are given', () => {
    const of = (code: string, facts: RestoreFacts, chosen: RestoreChoice): readonly Readonly<Record<string, string | number>>[] => {
      const result = planRestore(facts, chosen);
      const all = 'plan' in result ? result.plan.subject.warnings : result.refusals;
      return all.filter(each => each.code === code).map(each => each.args);
    };
    for (const [table, cases] of [['refusals', refusals], ['warnings', warnings]] as const) {
      const body = new RegExp(`const ${table}: Record<[^]*?\\n};`).exec(words)?.[0] ?? assert.fail(`${table} not found`);
      for (const [code, each] of Object.entries(cases)) {
        const sentence = new RegExp(`^  ${code}: (.*)$`, 'm').exec(body)?.[1] ?? assert.fail(`no words for ${code}`);
        const names = [...sentence.replaceAll(/\{ \.\.\.a.*$/g, '').matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
        for (const { facts, choice: chosen = choice } of each)
          for (const args of of(code, facts, chosen)) assert.deepEqual(names.filter(name => !(name in args)), [], `${code} has no such argument in ${JSON.stringify(args)}`);
      }
    }
  });
});
