import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RestorePlan } from '../../../src/core/restore/planRestore.js';
import type { CommandCluster } from '../restore/commandCluster.js';

export const KEYS = 300;

export interface Seen { readonly hash: string; readonly revision: string; readonly ids: string }

/** What every member says of its content and of itself. */
export async function seen(cluster: CommandCluster, names: readonly string[]): Promise<readonly Seen[]> {
  return Promise.all(names.map(async name => {
    const status = await cluster.etcdctl(['endpoint', 'status', '-w', 'json'], [name]);
    const hash = await cluster.etcdctl(['endpoint', 'hashkv', '-w', 'json'], [name]);
    const pick = (text: string, key: string) => new RegExp(`"${key}":(\\d+)`).exec(text)?.[1] ?? '';
    return { hash: pick(hash, 'hash'), revision: pick(status, 'revision'), ids: `${BigInt(pick(status, 'cluster_id')).toString(16)} ${BigInt(pick(status, 'member_id')).toString(16)}` };
  }));
}

/** Every member has every key, and is who and what was foretold. */
export async function checkRestored(cluster: CommandCluster, { subject: { foretold } }: RestorePlan, names: readonly string[]): Promise<void> {
  const short = (id = ''): string => BigInt(`0x${id}`).toString(16);
  const expected = names.map(name => ({ hash: String(foretold.hashKv), revision: foretold.revision, ids: `${short(foretold.clusterId)} ${short(foretold.memberIds[name])}` }));
  assert.deepEqual(await seen(cluster, names), expected);
  for (const name of names) {
    const keys = (await cluster.etcdctl(['get', '/registry/', '--prefix', '--keys-only'], [name])).split('\n').filter(line => line.startsWith('/registry/'));
    assert.equal(keys.length, KEYS, name);
  }
}

/** Data directories whose run lock is still held by somebody. */
export async function holders(cluster: CommandCluster): Promise<readonly string[]> {
  const locks = await readFile('/proc/locks', 'utf8');
  const { stat } = await import('node:fs/promises');
  const found = await Promise.all((await readdir(cluster.dir)).filter(name => /^m\d$/.test(name)).map(async name => {
    const inode = await stat(join(cluster.dir, name, '.recovery.lock')).then(({ ino }) => ino, () => 0);
    return inode !== 0 && new RegExp(` FLOCK .*:${inode} `).test(locks) ? [name] : [];
  }));
  return found.flat();
}
