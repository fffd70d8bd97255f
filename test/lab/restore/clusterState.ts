import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { Lab } from '../../../lab/lab.js';
import type { HashKv } from '../../../src/core/cluster/status.js';
import type { RestorePlan } from '../../../src/core/restore/planRestore.js';
import type { LabEditor } from './labRestore.js';

/** Who the members are, what each of them holds at one revision, and what the hosts run them from. */
export interface ClusterState {
  readonly revision: bigint;
  readonly who: readonly { readonly name: string; readonly clusterId: bigint; readonly memberId: bigint }[];
  readonly hashes: readonly HashKv[];
  /** sha256 of every key with its value, its revisions and its lease, by host. */
  readonly content: readonly string[];
  readonly manifests: ReadonlyMap<string, string>;
}

/** What a cluster is now, or was at a revision: whatever is written meanwhile, two looks at the same one can be compared. */
export async function stateOf(lab: Lab, editor: LabEditor, at?: bigint): Promise<ClusterState> {
  const members = await editor.identities();
  const revision = at ?? members.reduce((most, each) => each.revision > most ? each.revision : most, 0n);
  // Linearizable: each member has come as far before its hash is asked for.
  const content = await Promise.all(lab.hosts.map(async host => {
    const text = await lab.etcdctl(['get', '', '--prefix', `--rev=${revision}`, '-w', 'json'], [host]);
    return createHash('sha256').update(text.slice(text.indexOf('"kvs"'))).digest('hex');
  }));
  return {
    revision, content, hashes: await editor.hashesAt(revision), manifests: await editor.manifests(),
    who: members.map(({ name, clusterId, memberId }) => ({ name, clusterId, memberId })),
  };
}

/** The cluster is again what it was, to the last byte, on every member. */
export async function assertAsBefore(lab: Lab, editor: LabEditor, before: ClusterState): Promise<void> {
  const after = await stateOf(lab, editor, before.revision);
  assert.deepEqual(after.who, before.who);
  assert.deepEqual(after.manifests, before.manifests);
  assert.deepEqual(after.content, before.content);
  assert.equal(new Set(after.content).size, 1, 'members differ');
  assert.equal(new Set(after.hashes.map(({ hash }) => hash)).size, 1, 'members differ');
  // An API server may have compacted meanwhile, and what is compacted is not hashed any more; the keys were compared above.
  for (const [at, was] of before.hashes.entries()) if (after.hashes[at]?.compactRevision === was.compactRevision) assert.deepEqual(after.hashes[at], was);
}

/** The cluster is what its plan foretold, on every member, run from the same manifests as before. */
export async function assertAsForetold(editor: LabEditor, { subject: { foretold } }: RestorePlan, before: ClusterState): Promise<void> {
  const members = await editor.identities();
  assert.deepEqual(members.map(({ name, memberId }) => [name, memberId.toString(16).padStart(16, '0')]), members.map(({ name }) => [name, foretold.memberIds[name]?.padStart(16, '0')]));
  assert.deepEqual(members.map(({ clusterId }) => clusterId), members.map(() => BigInt(`0x${foretold.clusterId}`)));
  assert.deepEqual((await editor.hashesAt(BigInt(foretold.revision))).map(({ hash }) => hash), members.map(() => foretold.hashKv));
  assert(members.every(({ revision }) => revision > before.revision), 'a revision went back');
  assert.deepEqual(await editor.manifests(), before.manifests);
}

/** Every host has the same journal of a run, to the byte. */
export async function assertSameJournals(lab: Lab, run: string): Promise<void> {
  const sums = await Promise.all(lab.hosts.map(async host => (await lab.script(host, `sha256sum </var/lib/etcd/restore-${run}.journal`)).stdout));
  assert.equal(new Set(sums).size, 1, 'the journals differ');
}
