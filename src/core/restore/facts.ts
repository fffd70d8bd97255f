import type { ClusterDefinition } from '../cluster/definition.js';
import type { EndpointStatus, MemberEntry } from '../cluster/status.js';
import type { ErrorCode, Message } from '../errors.js';
import type { SnapshotReport } from '../snapshot/report.js';

/** All that a restore is planned from. Gathered read-only; planning itself asks nothing more. */
export interface RestoreFacts {
  readonly cluster: ClusterDefinition;
  readonly snapshot: SnapshotFacts;
  /** One for each member of the definition, in its order. */
  readonly members: readonly MemberFacts[];
  /** The member list as a running member told it; undefined when none answered. */
  readonly live?: LiveCluster;
  /** By host name. */
  readonly tools: ReadonlyMap<string, readonly ToolFacts[]>;
  /** Kind of processor of each host, as `uname -m` prints it. */
  readonly machines: ReadonlyMap<string, string>;
  /** The greatest revision that an earlier restore of this cluster was raised to, as the journals say. */
  readonly foretoldBefore?: bigint;
  /** Earlier restores of this cluster that stand, newest first. */
  readonly raises?: readonly Raise[];
  /** Hosts that could not be asked, and why: nothing is known of what runs there. */
  readonly silentHosts: ReadonlyMap<string, Message<ErrorCode>>;
}

/** By an earlier restore the cluster went from the revision of a snapshot to a higher one, with nothing written between. */
export interface Raise {
  readonly from: bigint;
  readonly to: bigint;
}

export interface LiveCluster {
  readonly clusterId: bigint;
  readonly members: readonly MemberEntry[];
  /** A linearizable read succeeded: the cluster has quorum and serves. */
  readonly serving: boolean;
}

export interface SnapshotFacts {
  readonly path: string;
  readonly report: SnapshotReport;
}

export interface MemberFacts {
  readonly name: string;
  /** Undefined when the endpoint does not answer. */
  readonly status?: EndpointStatus;
  /** Why it does not answer. */
  readonly silent?: Message<ErrorCode>;
  readonly disk: DiskFacts;
  /** Static pods only: what its host's manifest directory holds. */
  readonly pods?: PodFacts;
  /** Greatest revision in the database on disk, where the member does not answer and the file can be read. */
  readonly revisionOnDisk?: bigint;
}

/** What the host says of a member's data directory. Sizes are bytes. */
export interface DiskFacts {
  readonly uid: number;
  readonly parent: boolean;
  readonly dataDir: EntryFacts;
  readonly member: EntryFacts;
  /** Below `member`: `wal`, `snap` or `snap/db` that is a symbolic link, by path. */
  readonly links: readonly string[];
  readonly dbSize: number;
  readonly writable: boolean;
  /** Identity of the file system, so that space is counted once for members that share it. */
  readonly fileSystem: string;
  readonly freeBytes: number;
  readonly freeInodes: number;
  readonly memoryAvailable: number;
  /** Processes that hold the database or the WAL. */
  readonly heldBy: readonly string[];
  /** Those of them whose database or WAL was removed under them; absent when there is none. */
  readonly onDeleted?: readonly string[];
  readonly listening: boolean;
  /** Ports of this member that are listened on, and by which process as far as can be seen, when nobody holds its data. */
  readonly taken?: { readonly ports: string; readonly process: string };
  /** Whether one of `heldBy` is what listens on this member's sockets; undefined where that cannot be seen. */
  readonly ownsSockets?: boolean;
  readonly bootId: string;
  /** Unfinished scratch, staged data and old data of earlier runs, by name. */
  readonly leftovers: readonly string[];
  /** Runs whose journal lies here and that were neither finished nor taken back. */
  readonly openRuns: readonly string[];
}

export interface EntryFacts {
  readonly kind: 'directory' | 'link' | 'other' | 'absent';
  readonly uid: number;
  readonly gid: number;
  /** Device number; a rename cannot leave it. */
  readonly device: string;
}

/** A host's manifest directory. */
export interface PodFacts {
  readonly dir: string;
  readonly exists: boolean;
  /** A manifest moved into the folder beside it is one rename: both lie on one file system. */
  readonly movable: boolean;
  /** systemd runs the kubelet, as kubelet.service. */
  readonly kubeletUnit: boolean;
  /** Every file in it that the kubelet would run, whatever its name. */
  readonly manifests: readonly ManifestFacts[];
}

/** A file in the manifest directory, and the pod it describes. */
export interface ManifestFacts {
  readonly file: string;
  /** Hex. */
  readonly sha256: string;
  /** The pod's name; empty where the file describes none that can be read. */
  readonly pod: string;
  /** Base name of the command of its first container. */
  readonly command: string;
  /** etcd's image. */
  readonly image?: string;
  /** An API server's. */
  readonly api?: { readonly port: number; readonly caFile: string; readonly serverName: string };
  /** etcd's. */
  readonly etcd?: { readonly name: string; readonly dataDir: string; readonly peerUrls: readonly string[]; readonly clientUrls: readonly string[]; readonly initialCluster: readonly string[] };
}

/** A binary on a host, or in a container image there, that can restore a snapshot. */
export interface ToolFacts {
  /** Absolute, or its name in the image. */
  readonly path: string;
  /** The words that run it in a container. */
  readonly runIn?: readonly string[];
  /** It lies on this machine, and would be copied to the host. Hex, bytes. */
  readonly copy?: { readonly sha256: string; readonly size: number };
  /** Kind of processor, as `uname -m` prints it. */
  readonly machine: string;
  readonly kind: 'etcdutl' | 'etcdctl';
  /** As it prints it, e.g. `3.5.30`. */
  readonly version: string;
  readonly canRestore: boolean;
  /** Has both `--bump-revision` and `--mark-compacted`. */
  readonly canBump: boolean;
}

/** What the person decides. */
export interface RestoreChoice {
  /** Part of every name the run leaves on a host: `a-z0-9-`. */
  readonly run: string;
  /** `auto` raises the revision as far as is needed where a tool can; `none` lets revisions go back. */
  readonly bump: 'auto' | 'none';
  /** Restarts every host's kubelet at the end, as Kubernetes advises; for static pods only. */
  readonly kubelets?: 'restart';
  /** What would be refused, had the person not insisted by typing the cluster's name. */
  readonly insists: readonly 'OTHER_CLUSTER'[];
}
