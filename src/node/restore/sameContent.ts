import type { HashKv } from '../../core/cluster/status.js';
import { codeOf } from '../../core/errors.js';
import type { EndpointOf, Probe, Verdict } from '../../core/probe.js';

type Question = Extract<Probe, { readonly is: 'hashKv' }>;

/** Asks one member for its HashKV at a revision; 0n is its current one. */
export type AskHashKv = (member: EndpointOf, revision: bigint) => Promise<HashKv>;

/**
 * Whether every member holds the content that was foretold. etcd 3.4 does not hash at the very revision of the last
 * compaction, which is where a bumped restore stands: it is asked for the current one instead. Once clients have
 * written again, that is another revision; then all members are compared with each other there, and the verdict says so.
 */
export async function sameContent(question: Question, ask: AskHashKv): Promise<Verdict> {
  const foretold = BigInt(question.revision);
  const answers = await Promise.all(question.members.map(async member => ({ member, found: await atOrNow(member, foretold, ask) })));
  const differs = answers.find(({ found }) => found.revision === foretold && found.hash !== question.hash);
  if (differs !== undefined) return different(differs.member, differs.found, question.hash);
  if (answers.every(({ found }) => found.revision === foretold)) return { holds: true };
  return equalLater(answers, ask);
}

async function atOrNow(member: EndpointOf, revision: bigint, ask: AskHashKv): Promise<HashKv> {
  try {
    return await ask(member, revision);
  } catch (error) {
    if (codeOf(error) !== 'ETCD_COMPACTED') throw error;
    return ask(member, 0n);
  }
}

/** All at the highest revision any has reached; a member that lags is asked again by whoever waits for the probe. */
async function equalLater(answers: readonly { readonly member: EndpointOf; readonly found: HashKv }[], ask: AskHashKv): Promise<Verdict> {
  const revision = answers.reduce((most, { found }) => found.revision > most ? found.revision : most, 0n);
  const again = await Promise.all(answers.map(async ({ member }) => ({ member, found: await ask(member, revision) })));
  const [first] = again;
  const odd = again.find(({ found }) => found.hash !== first?.found.hash);
  if (odd !== undefined && first !== undefined) return different(odd.member, odd.found, first.found.hash);
  return { holds: true, note: { code: 'HASHKV_EQUAL_LATER', args: { revision: String(revision), hash: first?.found.hash ?? 0 } } };
}

const different = (member: EndpointOf, found: HashKv, expected: number): Verdict => ({
  holds: false, why: { code: 'HASHKV_DIFFERS', args: { member: member.name, revision: String(found.revision), hash: found.hash, expected } },
});
