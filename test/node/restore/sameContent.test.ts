import assert from 'node:assert/strict';
import type { HashKv } from '../../../src/core/cluster/status.js';
import { KnownError } from '../../../src/core/errors.js';
import { sameContent, type AskHashKv } from '../../../src/node/restore/sameContent.js';

const members = ['m1', 'm2', 'm3'].map(name => ({ name, endpoint: `http://${name}` }));
const question = { is: 'hashKv', members, revision: '1000000100', hash: 42 } as const;
const foretold = 1_000_000_100n;

/** A member's hashes by revision; one it refuses is below its compaction. `now` is where it stands. */
interface Member { readonly now: bigint; readonly hashes: ReadonlyMap<bigint, number> }
const at = (now: bigint, ...hashes: readonly (readonly [bigint, number])[]): Member => ({ now, hashes: new Map(hashes) });

const asking = (...all: readonly Member[]): { readonly ask: AskHashKv; readonly asked: string[] } => {
  const asked: string[] = [];
  const ask: AskHashKv = async ({ name }, wanted) => {
    await Promise.resolve();
    asked.push(`${name} ${wanted}`);
    const member = all[members.findIndex(each => each.name === name)];
    assert(member !== undefined);
    const revision = wanted === 0n ? member.now : wanted;
    if (revision > member.now) throw new KnownError('ETCD_FUTURE_REVISION', { endpoint: name });
    const hash = member.hashes.get(revision);
    if (hash === undefined) throw new KnownError('ETCD_COMPACTED', { endpoint: name });
    return { hash, revision, compactRevision: foretold } satisfies HashKv;
  };
  return { ask, asked };
};

describe('the question whether all members hold the foretold content', () => {
  it('is answered at the foretold revision', async () => {
    const { ask, asked } = asking(at(foretold, [foretold, 42]), at(foretold, [foretold, 42]), at(foretold + 5n, [foretold, 42], [foretold + 5n, 7]));
    assert.deepEqual(await sameContent(question, ask), { holds: true });
    assert.deepEqual(asked, members.map(({ name }) => `${name} ${foretold}`));
  });

  it('names the member whose content is another', async () => {
    const { ask } = asking(at(foretold, [foretold, 42]), at(foretold, [foretold, 43]), at(foretold, [foretold, 42]));
    assert.deepEqual(await sameContent(question, ask), { holds: false, why: { code: 'HASHKV_DIFFERS', args: { member: 'm2', revision: '1000000100', hash: 43, expected: 42 } } });
  });

  it('is asked at the current revision of members that do not hash at their compaction', async () => {
    const old = (hash: number): Member => ({ now: foretold, hashes: new Map([[foretold, hash]]) });
    const refusing = (...all: readonly Member[]): AskHashKv => {
      const { ask } = asking(...all);
      return (member, revision) => revision === foretold ? Promise.reject(new KnownError('ETCD_COMPACTED', {})) : ask(member, revision);
    };
    assert.deepEqual(await sameContent(question, refusing(old(42), old(42), old(42))), { holds: true });
    assert.equal((await sameContent(question, refusing(old(42), old(42), old(41)))).holds, false);
  });

  it('once clients wrote again compares the members with each other, and says so', async () => {
    const later = foretold + 9n;
    const { ask, asked } = asking(at(later, [later, 7]), at(foretold + 3n, [foretold + 3n, 5], [later, 7]), at(later, [later, 7]));
    const behind: AskHashKv = (member, revision) => revision === later && member.name === 'm2' ? Promise.resolve({ hash: 7, revision: later, compactRevision: 0n }) : ask(member, revision);
    assert.deepEqual(await sameContent(question, behind), { holds: true, note: { code: 'HASHKV_EQUAL_LATER', args: { revision: String(later), hash: 7 } } });
    assert(asked.includes('m2 0'));
  });

  it('then names the member that differs from the first', async () => {
    const later = foretold + 9n;
    const { ask } = asking(at(later, [later, 7]), at(later, [later, 7]), at(later, [later, 8]));
    assert.deepEqual(await sameContent(question, ask), { holds: false, why: { code: 'HASHKV_DIFFERS', args: { member: 'm3', revision: String(later), hash: 8, expected: 7 } } });
  });

  it('still holds against the foretold number when only some members were written to', async () => {
    const { ask } = asking(at(foretold, [foretold, 41]), at(foretold + 9n, [foretold + 9n, 7]), at(foretold + 9n, [foretold + 9n, 7]));
    assert.deepEqual(await sameContent(question, ask), { holds: false, why: { code: 'HASHKV_DIFFERS', args: { member: 'm1', revision: '1000000100', hash: 41, expected: 42 } } });
  });

  it('passes on why a member does not answer', async () => {
    await assert.rejects(sameContent(question, () => Promise.reject(new KnownError('ETCD_UNREACHABLE', { endpoint: 'e', reason: 'r' }))), { code: 'ETCD_UNREACHABLE' });
  });
});
