import type { DamageReason } from '../errors.js';
import type { RecordedAlarm, RecordedConfState, RecordedMember } from '../report.js';
import { bigintsOf, objectOf, parseExact, textOfBytes } from './json.js';
import { readMember, readMemberId } from './members.js';
import { readFields } from './protobuf.js';
import { isRevision, mainRevision, revisionLength } from './revision.js';

/** What the buckets beside `key` say. etcd: `server/storage/schema`. */
export class SmallBuckets {
  readonly members: RecordedMember[] = [];
  readonly removedMembers: bigint[] = [];
  readonly alarms: RecordedAlarm[] = [];
  leases = 0;
  users = 0;
  roles = 0;
  authEnabled = false;
  authRevision = 0n;
  /** The latest compaction, finished or only scheduled: a server finishes it when it starts. */
  compactRevision = 0n;
  clusterVersion?: string;
  storageVersion?: string;
  consistentIndex?: bigint;
  term?: bigint;
  confState?: RecordedConfState;

  /** Takes an entry of a bucket; answers what is wrong with it, if anything. Buckets it does not know pass. */
  take(bucket: string, key: Uint8Array, value: Uint8Array): DamageReason | undefined {
    switch (bucket) {
      case 'members': return this.#member(key, value) ? undefined : 'MEMBER';
      case 'members_removed': return this.#removed(key) ? undefined : 'MEMBER';
      case 'alarm': return this.#alarm(key) ? undefined : 'ALARM';
      case 'lease': return this.#lease(key, value) ? undefined : 'LEASE';
      case 'auth': return this.#auth(textOfBytes(key), value) ? undefined : 'AUTH';
      case 'authUsers': return this.#account(value) && ++this.users ? undefined : 'AUTH';
      case 'authRoles': return this.#account(value) && ++this.roles ? undefined : 'AUTH';
      case 'cluster': return this.#cluster(textOfBytes(key), value) ? undefined : 'CLUSTER_VALUE';
      case 'meta': return this.#meta(textOfBytes(key) ?? '', value) ? undefined : 'META_VALUE';
    }
    return undefined;
  }

  #member(key: Uint8Array, value: Uint8Array): boolean {
    const member = readMember(key, value);
    if (member) this.members.push(member);
    return member !== undefined;
  }

  #removed(key: Uint8Array): boolean {
    const id = readMemberId(key);
    if (id !== undefined) this.removedMembers.push(id);
    return id !== undefined;
  }

  #alarm(key: Uint8Array): boolean {
    const fields = readFields(key);
    if (fields?.some(({ number, wire }) => number <= 2 && wire !== 0) !== false) return false;
    const [memberId = 0n, kind = 0n] = [1, 2].map(wanted => fields.find(({ number }) => number === wanted)?.value);
    this.alarms.push({ memberId, kind: kind === 1n ? 'NOSPACE' : kind === 2n ? 'CORRUPT' : 'UNKNOWN' });
    return true;
  }

  #lease(key: Uint8Array, value: Uint8Array): boolean {
    const fields = readFields(value);
    const id = fields?.find(({ number }) => number === 1);
    if (key.length !== 8 || id?.wire !== 0 || id.value !== u64(key)) return false;
    this.leases++;
    return true;
  }

  #auth(name: string | undefined, value: Uint8Array): boolean {
    if (name === 'authEnabled') this.authEnabled = value[0] === 1;
    if (name === 'authRevision' && value.length === 8) this.authRevision = u64(value);
    return name === 'authEnabled' ? value.length === 1 : name !== 'authRevision' || value.length === 8;
  }

  #account(value: Uint8Array): boolean {
    return readFields(value)?.every(({ number, wire }) => number > 4 || wire === 2) === true;
  }

  #cluster(name: string | undefined, value: Uint8Array): boolean {
    const text = textOfBytes(value);
    if (name === 'clusterVersion' && text !== undefined) this.clusterVersion = text;
    if (name === 'clusterVersion') return text !== undefined && isVersion(text);
    return name !== 'downgrade' || objectOf(parseExact(text ?? '')) !== undefined;
  }

  #meta(name: string, value: Uint8Array): boolean {
    switch (name) {
      case 'consistent_index': return value.length === 8 && ((this.consistentIndex = u64(value)), true);
      case 'term': return value.length === 8 && ((this.term = u64(value)), true);
      case 'scheduledCompactRev':
      case 'finishedCompactRev': return this.#compaction(value);
      case 'storageVersion': {
        const text = textOfBytes(value);
        if (text !== undefined) this.storageVersion = text;
        return text !== undefined && isVersion(text);
      }
      case 'confState': return this.#confState(value);
    }
    return true;
  }

  #compaction(value: Uint8Array): boolean {
    if (value.length !== revisionLength || !isRevision(value, 0, value.length)) return false;
    const main = mainRevision(viewOf(value), 0);
    if (main > this.compactRevision) this.compactRevision = main;
    return true;
  }

  #confState(value: Uint8Array): boolean {
    const json = objectOf(parseExact(textOfBytes(value) ?? ''));
    const voters = bigintsOf(json?.['voters']);
    const learners = bigintsOf(json?.['learners']);
    if (!json || !voters || !learners) return false;
    this.confState = { voters, learners };
    return true;
  }
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
const u64 = (bytes: Uint8Array): bigint => viewOf(bytes).getBigUint64(0);
const isVersion = (text: string): boolean => /^\d+\.\d+\.\d+[\w.+-]*$/.test(text);
