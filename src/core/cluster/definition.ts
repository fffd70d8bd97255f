/** A cluster as its owner describes it in the settings: what cannot be asked of etcd while it is down. */
export interface ClusterDefinition {
  /** Shown everywhere, and typed by the person before anything dangerous. Unique. */
  readonly name: string;
  /** How etcd is run, and so how it is stopped and started. */
  readonly run: RunKind;
  readonly members: readonly MemberDefinition[];
  /** Client certificates. Absent: plain HTTP. */
  readonly tls?: TlsFiles;
  /** Folders on this machine in which the cluster's snapshots lie. */
  readonly snapshotFolders: readonly string[];
  /** The folder for snapshots on each host behind SSH; absent: the usual one. */
  readonly hostSnapshotFolder?: string;
  /** `staticPod` only: the kubelet's manifest directory, the same on every host. */
  readonly manifestDir?: string;
}

/** `commands` is the user's own start and stop commands. */
export type RunKind = 'staticPod' | 'systemd' | 'commands';

/** Where kubeadm and the kubelet keep the manifests of static pods. */
export const usualManifestDir = '/etc/kubernetes/manifests';

export interface TlsFiles {
  /**
   * Where the files lie: on each member's own host, through which its endpoint is then reached as well; absent: on the machine the
   * extension runs on, from which endpoints are dialled.
   */
  readonly at?: 'host';
  readonly caFile?: string;
  readonly certFile?: string;
  readonly keyFile?: string;
  /** Name to expect in the server's certificate, where it is not the endpoint's host. */
  readonly serverName?: string;
}

export interface MemberDefinition {
  /** etcd's `--name`. */
  readonly name: string;
  /** The machine it runs on, as SSH knows it: a name, an address, or a host of its configuration. `local` is the machine the extension runs on. */
  readonly host: string;
  /** Client URLs, the first is used to reach it. */
  readonly clientUrls: readonly string[];
  /** `--initial-advertise-peer-urls`, in the very text etcd knows them by: member ids hash it. */
  readonly peerUrls: readonly string[];
  /** Absolute path on the host. */
  readonly dataDir: string;
  /** Absolute path on the host, when the WAL lies outside the data directory. */
  readonly walDir?: string;
  /** `commands` only: argv that starts this member and returns. */
  readonly start?: readonly string[];
  /** `commands` only: argv that stops this member. */
  readonly stop?: readonly string[];
}
