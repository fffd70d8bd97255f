import type { Argument } from './arguments.js';
import type { HostPath } from './hostPath.js';
import type { Range } from './source.js';
import type { EtcdVersionText } from './version.js';

/** The kinds of text that tell of etcd's configuration and are read. Others (unit, environment file …) may join. */
export type TextKind = 'manifest' | 'podYaml' | 'podJson' | 'describe' | 'flags';

/** A value of the configuration: where it comes from and where it stands; etcd's own defaults stand nowhere. */
export interface Setting<T> {
  readonly value: T;
  readonly origin: 'flag' | 'environment' | 'default';
  readonly range?: Range;
}

/** A path inside the container, and the host's path it is. */
export interface PathSetting extends Setting<string> {
  readonly host: HostPath;
}

/** Something of the pod, in its place. */
export interface Placed<T> {
  readonly value: T;
  readonly range: Range;
}

/** One `name=url` of `--initial-cluster`; several URLs of a name are gathered. */
export interface ClusterEntry {
  readonly name: string;
  readonly urls: readonly string[];
}

export interface TlsConfig {
  readonly certFile?: PathSetting;
  readonly keyFile?: PathSetting;
  readonly trustedCaFile?: PathSetting;
  readonly clientCertAuth: Setting<boolean>;
  /** Certificates that etcd makes for itself. */
  readonly auto: Setting<boolean>;
}

/** What the text tells of the pod around etcd. */
export interface PodFacts {
  readonly name?: Placed<string>;
  readonly namespace?: Placed<string>;
  /** The node it runs on, where the text says so. */
  readonly node?: Placed<string>;
  readonly hostIp?: Placed<string>;
  readonly hostNetwork?: boolean;
  readonly annotations: readonly { readonly name: string; readonly value: string; readonly range: Range }[];
  readonly container?: Placed<string>;
  readonly image?: Placed<string>;
  readonly version?: EtcdVersionText;
}

/** One member's configuration as etcd would understand it. URLs keep the order and the very text of their source. */
export interface EtcdConfig {
  readonly pod: PodFacts;
  /** Every flag and variable that etcd gets, known or not, in its order. */
  readonly arguments: readonly Argument[];
  readonly name: Setting<string>;
  readonly dataDir: PathSetting;
  readonly walDir?: PathSetting;
  readonly listenClientUrls: Setting<readonly string[]>;
  readonly advertiseClientUrls: Setting<readonly string[]>;
  readonly listenPeerUrls: Setting<readonly string[]>;
  readonly initialAdvertisePeerUrls: Setting<readonly string[]>;
  readonly listenMetricsUrls?: Setting<readonly string[]>;
  readonly listenClientHttpUrls?: Setting<readonly string[]>;
  readonly initialCluster: Setting<readonly ClusterEntry[]>;
  readonly initialClusterState: Setting<'new' | 'existing'>;
  readonly initialClusterToken: Setting<string>;
  readonly clientTls: TlsConfig;
  readonly peerTls: TlsConfig;
  /** Bytes; 0 is etcd's default of 2 GiB. */
  readonly quotaBackendBytes: Setting<number>;
  readonly autoCompactionMode: Setting<string>;
  readonly autoCompactionRetention: Setting<string>;
  readonly snapshotCount?: Setting<number>;
}
