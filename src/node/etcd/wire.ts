/** Answers as they come off the wire: field names of the protos, 64-bit numbers and enums as text. */
export interface WireHeader {
  readonly cluster_id: string;
  readonly member_id: string;
  /** The store's revision when the answer was made. */
  readonly revision: string;
}

export interface WireStatus {
  readonly header: WireHeader;
  readonly version: string;
  readonly dbSize: string;
  readonly leader: string;
  readonly raftIndex: string;
  readonly raftTerm: string;
  readonly raftAppliedIndex: string;
  readonly errors: readonly string[];
  readonly dbSizeInUse: string;
  readonly isLearner: boolean;
  /** The rest: etcd 3.6 and later, else empty; absent where the client was loaded with the older protos. */
  readonly storageVersion?: string;
  readonly dbSizeQuota?: string;
  readonly downgradeInfo?: { readonly enabled: boolean; readonly targetVersion: string } | null;
}

export interface WireMembers {
  readonly header: WireHeader;
  readonly members: readonly {
    readonly ID: string;
    readonly name: string;
    readonly peerURLs: readonly string[];
    readonly clientURLs: readonly string[];
    readonly isLearner: boolean;
  }[];
}

export interface WireAlarms {
  readonly alarms: readonly { readonly memberID: string; readonly alarm: string }[];
}

export interface WireHashKv {
  readonly header: WireHeader;
  readonly hash: number;
  readonly compact_revision: string;
  /** etcd 3.6 and later, else `0`. */
  readonly hash_revision?: string;
}

/** What can be called, with what goes in and what comes out. */
export interface WireCalls {
  readonly status: { readonly service: 'Maintenance'; readonly request: Readonly<Record<string, never>>; readonly answer: WireStatus };
  readonly alarm: { readonly service: 'Maintenance'; readonly request: { readonly action: 'Get' }; readonly answer: WireAlarms };
  readonly hashKv: { readonly service: 'Maintenance'; readonly request: { readonly revision: string }; readonly answer: WireHashKv };
  readonly memberList: { readonly service: 'Cluster'; readonly request: { readonly linearizable: boolean }; readonly answer: WireMembers };
  readonly range: { readonly service: 'KV'; readonly request: { readonly key: Uint8Array }; readonly answer: { readonly header: WireHeader } };
  readonly authenticate: { readonly service: 'Auth'; readonly request: { readonly name: string; readonly password: string }; readonly answer: { readonly token: string } };
}
