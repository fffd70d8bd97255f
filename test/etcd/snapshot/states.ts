import type { RealCluster } from '../realCluster.js';
import type { Gateway } from './gateway.js';

/** What the steps act on. */
export interface Scene {
  readonly cluster: RealCluster;
  readonly gateway: Gateway;
}

/** A state of a database, reached from the one before. */
export interface State {
  readonly name: string;
  reach(scene: Scene): Promise<unknown>;
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
/** Text that does not repeat, the same each time. */
const text = (length: number, seed: number): string => {
  let state = seed + 1;
  return numbers(Math.ceil(length / 6)).map(() => (state = Math.imul(state, 1664525) + 1013904223 >>> 0).toString(36).padStart(6, '0').slice(-6)).join('').slice(0, length);
};

async function compactTo(gateway: Gateway, back: bigint): Promise<void> {
  await gateway.compact(await gateway.revision() - back);
}

/** From an empty database through everything that changes how it is laid out; the last state needs a password. */
export const states: readonly State[] = [
  { name: 'empty', reach: () => Promise.resolve() },
  { name: 'one key', reach: ({ gateway }) => gateway.put('/registry/namespaces/default', 'k8s\0x') },
  { name: 'several keys in one revision', reach: ({ gateway }) => gateway.putAll(numbers(50).map(i => [`/txn/${i}`, text(i * 7, i)])) },
  {
    name: 'keys written again and again',
    async reach({ gateway }) {
      for (const i of numbers(120)) await gateway.put(`/registry/pods/${i % 13}`, text(80 + i, i));
    },
  },
  {
    name: 'a tree of three levels',
    async reach({ gateway }) {
      for (const part of numbers(10)) await gateway.putAll(numbers(600).map(i => [`/deep/${part}/${i}`, text(90, part * 600 + i)]));
    },
  },
  {
    name: 'values over many pages',
    async reach({ gateway }) {
      for (const [i, length] of [5000, 20_000, 300_000, 1_000_000].entries()) await gateway.put(`/large/${i}`, text(length, i));
    },
  },
  { name: 'keys of thousands of bytes', reach: ({ gateway }) => gateway.putAll([[text(3000, 1), 'a'], [text(30_000, 2), 'b']]) },
  {
    name: 'leases',
    async reach({ gateway }) {
      for (const i of numbers(12)) {
        const { ID } = await gateway.call('lease/grant', { TTL: 36_000 }) as { ID: string };
        await gateway.put(`/registry/events/${i}`, text(40, i), ID);
      }
    },
  },
  { name: 'tombstones', reach: ({ gateway }) => gateway.deleteAll('/registry/pods/1') },
  { name: 'compacted', reach: ({ gateway }) => compactTo(gateway, 20n) },
  {
    name: 'compacted, then written',
    async reach({ gateway }) {
      for (const i of numbers(40)) await gateway.put(`/registry/pods/${i % 11}`, text(60, i));
      await gateway.deleteAll('/txn/2');
    },
  },
  { name: 'compacted at a tombstone', reach: ({ gateway }) => compactTo(gateway, 0n) },
  {
    name: 'compacted at a tombstone, then written',
    async reach({ gateway }) {
      for (const i of numbers(10)) await gateway.put(`/txn/${i}`, 'again');
    },
  },
  { name: 'a learner', reach: ({ gateway }) => gateway.call('cluster/member/add', { peerURLs: ['http://127.0.0.1:1'], isLearner: true }) },
  {
    name: 'a removed member',
    async reach({ gateway, cluster }) {
      const listed = await cluster.etcdctl('member', 'list', '--write-out=simple');
      const learner = /^([0-9a-f]+), unstarted/m.exec(listed)?.[1];
      await gateway.call('cluster/member/remove', { ID: BigInt(`0x${learner ?? '0'}`).toString() });
    },
  },
  {
    name: 'users and roles',
    async reach({ cluster }) {
      for (const name of ['root', 'kube']) {
        await cluster.etcdctl('role', 'add', name);
        await cluster.etcdctl('user', 'add', `${name}:secret`);
        await cluster.etcdctl('user', 'grant-role', name, name);
      }
      await cluster.etcdctl('role', 'grant-permission', 'kube', '--prefix=true', 'readwrite', '/registry/');
    },
  },
  {
    name: 'an alarm',
    async reach({ gateway, cluster }) {
      const { header } = await gateway.call('maintenance/status', {}) as { header: { member_id: string } };
      await gateway.call('maintenance/alarm', { action: 'ACTIVATE', memberID: header.member_id, alarm: 'NOSPACE' });
      await cluster.etcdctl('alarm', 'list');
    },
  },
  {
    name: 'everything deleted, compacted at the deletion',
    async reach({ gateway, cluster }) {
      await cluster.etcdctl('alarm', 'disarm');
      await gateway.deleteAll('');
      await compactTo(gateway, 0n);
    },
  },
  { name: 'written after everything was deleted', reach: ({ gateway }) => gateway.putAll([['/a', '1'], ['/b', '2']]) },
  { name: 'defragmented', reach: ({ cluster }) => cluster.etcdctl('defrag') },
  { name: 'authentication on', reach: ({ cluster }) => cluster.etcdctl('auth', 'enable') },
];
