import type { Database } from '../bolt/database.js';
import { walkKeys } from '../bolt/database.js';
import { KeyValue } from '../content/keyValue.js';
import { compareMain, isRevision, revisionLength, wordsOf } from '../content/revision.js';
import type { Fingerprint } from './fingerprint.js';
import type { NewestEntries } from './newestEntries.js';

/** Shows the entries up to a revision to `newest` once; answers how many there are. */
export function seeEntries(database: Database, revision: bigint, fingerprint: Fingerprint, newest: NewestEntries): number {
  const [high, low] = wordsOf(revision);
  const value = new KeyValue();
  let entries = 0;
  walkKeys(database, (leaf, pages, first) => {
    const { bytes, view } = pages.memory;
    for (let i = 0; i < leaf.count; i++) {
      const keyAt = leaf.keyAt[i] ?? 0;
      const valueAt = leaf.valueAt[i] ?? 0;
      if (!isRevision(bytes, keyAt, valueAt - keyAt)) throw pages.damaged('REVISION_KEY', leaf.page);
      if (compareMain(view, keyAt, high, low) > 0) return;
      if (!value.read(bytes, valueAt, leaf.end[i] ?? 0)) throw pages.damaged('KEY_VALUE', leaf.page);
      fingerprint.of(view, value.keyAt, value.keyEnd);
      newest.see(fingerprint, first + i, valueAt - keyAt > revisionLength);
      entries++;
    }
  });
  return entries;
}
