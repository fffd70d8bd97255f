import type { TlsFiles } from '../cluster/definition.js';
import type { Message } from '../errors.js';

/**
 * What a restore is about, for the people who approve it and read its report. Plain JSON that lies in the journal
 * beside the plan: ids are etcd's hexadecimal text, revisions decimal text, sizes bytes.
 */
export interface RestoreSubject {
  readonly run: string;
  readonly snapshot: SubjectSnapshot;
  readonly members: readonly SubjectMember[];
  readonly foretold: Foretold;
  readonly token: string;
  readonly tools: readonly { readonly host: string; readonly path: string; readonly version: string; readonly runIn?: readonly string[]; readonly copied?: true }[];
  /** Decimal; absent when revisions go back. */
  readonly bumpRevision?: string;
  readonly highestRevisionSeen: string;
  /** Decimal: by how much earlier restores have raised the revision since the snapshot; so many were not written. Absent where none has. */
  readonly raisedSince?: string;
  /** The cluster had quorum when the plan was made. */
  readonly serving: boolean;
  readonly clusterIdBefore?: string;
  readonly space: readonly { readonly host: string; readonly members: readonly string[]; readonly needed: number; readonly free: number }[];
  /** Seconds for which etcd will not answer, a guess from how many members stop and start. */
  readonly expectedDowntime: number;
  readonly warnings: readonly Warning[];
}

export interface SubjectSnapshot {
  readonly path: string;
  readonly sha256: string;
  readonly size: number;
  readonly savedMs: number;
  readonly revision: string;
  readonly keys: number;
}

export interface SubjectMember {
  readonly name: string;
  readonly host: string;
  readonly endpoint: string;
  readonly tls?: TlsFiles;
  readonly dataDir: string;
  /** Where the snapshot is copied to on its host; absent where the tool reads the snapshot in its place. */
  readonly uploaded?: string;
  readonly peerUrls: readonly string[];
  /** Where the data from before the restore lies afterwards; absent when there was none. */
  readonly oldData?: string;
  /** Where the restored data lies until it is renamed in, and after it was taken back. */
  readonly staged: string;
  readonly before?: { readonly memberId: string; readonly version: string; readonly dbSize: number; readonly isLeader: boolean; readonly revision: string };
}

export interface Foretold {
  readonly clusterId: string;
  readonly memberIds: Readonly<Record<string, string>>;
  readonly revision: string;
  readonly hashKv: number;
}

/** What the person should know before approving. */
export type WarningCode =
  | 'CLUSTER_SERVES' | 'WRITES_LOST' | 'REVISIONS_GO_BACK' | 'OLD_DATA_MISSING' | 'HELD_BUT_SILENT' | 'PORTS_TAKEN' | 'EVEN_MEMBERS'
  | 'ALARM_IN_SNAPSHOT' | 'AUTH_IN_SNAPSHOT' | 'ENCRYPTED_VALUES' | 'TOOL_OF_NEXT_VERSION' | 'OTHER_CLUSTER' | 'LEFTOVERS'
  | 'ORIGIN_UNKNOWN' | 'API_SERVERS_RUN' | 'RUNS_ON_DELETED'
  | 'REVISION_UNKNOWN' | 'RECORDED_NOT_DEFINED' | 'INITIAL_CLUSTER_DIFFERS' | 'NO_API_SERVER_ON_HOST' | 'KUBELETS_REMEMBER';

export type Warning = Message<WarningCode>;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;
const hasTexts = (value: unknown, ...names: readonly string[]): boolean => isObject(value) && names.every(name => typeof value[name] === 'string');

/** Whether what a journal holds is the subject of a restore: its author may be another version, or somebody else. */
export const isRestoreSubject = (value: unknown): value is RestoreSubject =>
  hasTexts(value, 'run', 'token', 'highestRevisionSeen') && isObject(value)
  && hasTexts(value['snapshot'], 'path', 'sha256', 'revision')
  && hasTexts(value['foretold'], 'clusterId', 'revision') && isObject(value['foretold']) && isObject(value['foretold']['memberIds'])
  && (value['raisedSince'] === undefined || (typeof value['raisedSince'] === 'string' && /^\d{1,19}$/.test(value['raisedSince'])))
  && Array.isArray(value['members']) && value['members'].every(member => hasTexts(member, 'name', 'host', 'endpoint', 'dataDir', 'staged'))
  && ['tools', 'space', 'warnings'].every(name => Array.isArray(value[name]));
