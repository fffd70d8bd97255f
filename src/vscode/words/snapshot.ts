import { l10n } from 'vscode';
import type { DamageReason, SnapshotErrorCode } from '../../core/snapshot/errors.js';
import type { MessageArgs } from '../../core/errors.js';
import type { Sentence } from './sentence.js';

export const snapshotWords: Record<SnapshotErrorCode, Sentence> = {
  SNAPSHOT_EMPTY: a => l10n.t('{path} is empty: the snapshot was never written. Choose another one, and look at the job that made it.', a),
  SNAPSHOT_PARTIAL: a => l10n.t('{path} is a download that did not finish. Take the snapshot again; this file can be deleted.', a),
  SNAPSHOT_PACKED: a => l10n.t('{path} is packed ({format}). Unpack it first, then verify the file inside.', a),
  SNAPSHOT_NOT_ETCD: a => l10n.t('{path} is not an etcd snapshot. Choose a file made by "etcdctl snapshot save", or a member\'s "member/snap/db".', a),
  SNAPSHOT_NOT_ETCD_DATABASE: a => l10n.t('{path} is a database, but not etcd\'s: it has no "key" bucket. Choose a file made by "etcdctl snapshot save".', a),
  SNAPSHOT_TRUNCATED: a => l10n.t('{path} is cut off: it has {size} bytes and should have at least {expected}. Copy it again from where it was made, or choose another snapshot.', a),
  SNAPSHOT_TRAILING_BYTES: a => l10n.t('{path} has {extra} bytes too many after its end. Copy it again from where it was made, or choose another snapshot.', a),
  SNAPSHOT_HASH_MISMATCH: a => l10n.t('{path} is damaged: its sha256 is {computed}, but the snapshot was made with {recorded}. Copy it again from where it was made, or choose another snapshot.', a),
  SNAPSHOT_DAMAGED: damaged,
  SNAPSHOT_CHANGED: a => l10n.t('{path} changed while it was read. Wait until nothing writes to it, then verify it again.', a),
  SNAPSHOT_PAGE_TOO_LARGE: a => l10n.t('{path} holds a page of {size} bytes (page {page}); at most {limit} can be read. Check the file with "etcdutl snapshot status".', a),
  SNAPSHOT_REVISION_COMPACTED: a => l10n.t('Revision {revision} has been compacted: ask for {compactRevision} or a later one.', a),
  SNAPSHOT_REVISION_FUTURE: a => l10n.t('Revision {revision} is later than the last one in the snapshot, {currentRevision}.', a),
};

const reasons: Record<DamageReason, () => string> = {
  META: () => l10n.t('neither of its two header pages is valid'),
  PAGE_ID: () => l10n.t('a page carries the number of another one'),
  PAGE_FLAGS: () => l10n.t('a page is not of the kind it should be'),
  PAGE_BOUNDS: () => l10n.t('a page lies outside the file'),
  PAGE_TWICE: () => l10n.t('a page is used twice'),
  PAGE_COUNT: () => l10n.t('a page claims more entries than it can hold'),
  EMPTY_BRANCH: () => l10n.t('a branch page has no children'),
  DEPTH: () => l10n.t('its tree is deeper than any etcd makes'),
  ELEMENT_BOUNDS: () => l10n.t('an entry lies outside its page'),
  ELEMENT_FLAGS: () => l10n.t('an entry has unknown flags'),
  KEY_ORDER: () => l10n.t('entries are out of order'),
  KEY_PARENT: () => l10n.t('an entry lies under the wrong branch'),
  NOT_A_BUCKET: () => l10n.t('a plain entry lies among the buckets'),
  NESTED_BUCKET: () => l10n.t('a bucket lies inside a bucket, which etcd never writes'),
  BUCKET_HEADER: () => l10n.t('a bucket has no valid header'),
  FREELIST: () => l10n.t('its list of free pages is not valid'),
  REVISION_KEY: () => l10n.t('an entry has no valid revision'),
  KEY_VALUE: () => l10n.t('the value of a key does not decode'),
  MEMBER: () => l10n.t('a recorded member does not decode'),
  LEASE: () => l10n.t('a lease does not decode'),
  ALARM: () => l10n.t('an alarm does not decode'),
  AUTH: () => l10n.t('a user, role or setting of authentication does not decode'),
  META_VALUE: () => l10n.t('an entry of the "meta" bucket does not decode'),
  CLUSTER_VALUE: () => l10n.t('an entry of the "cluster" bucket does not decode'),
};

const isReason = (text: unknown): text is DamageReason => typeof text === 'string' && Object.hasOwn(reasons, text);

function damaged(args: MessageArgs): string {
  const why = isReason(args['reason']) ? reasons[args['reason']]() : String(args['reason']);
  return l10n.t('{path} is damaged at page {page}: {why}. Do not restore from it; choose another snapshot.', { ...args, why });
}
