import type { TlsFiles } from './cluster/definition.js';
import type { ErrorCode, Message } from './errors.js';

/**
 * A question to the world that changes nothing. Paths are absolute on the host; ids are etcd's hexadecimal text,
 * revisions decimal text, so that a plan stays plain JSON and 64-bit numbers exact.
 */
export type Probe =
  | { readonly is: 'exists' | 'absent'; readonly host: string; readonly path: string }
  /** A directory of its own and no link stands there, or nothing: then one can be made. */
  | { readonly is: 'folder'; readonly host: string; readonly path: string }
  /** The file's whole content has this sha256 (hex) and size (bytes). */
  | { readonly is: 'sameFile'; readonly host: string; readonly path: string; readonly sha256: string; readonly size: number }
  | ({ readonly is: 'stopped' } & EtcdProcess)
  | ({ readonly is: 'running' } & EtcdProcess)
  /** `orSilent`: a member that does not answer at all is none other either. */
  | { readonly is: 'identity'; readonly member: EndpointOf; readonly clusterId: string; readonly memberId: string; readonly orSilent?: true }
  /** Every member's content is that foretold. Asked of all at once, so that what clients write meanwhile can be told apart. */
  | { readonly is: 'hashKv'; readonly members: readonly EndpointOf[]; readonly revision: string; readonly hash: number }
  | { readonly is: 'healthy'; readonly member: EndpointOf }
  /** The manifest lies outside the manifest directory, byte for byte, and nothing of the pod runs any more. */
  | { readonly is: 'parked'; readonly pod: StaticPod }
  /** The manifest lies in the manifest directory, byte for byte, and, where asked for, the pod's process runs. */
  | { readonly is: 'placed'; readonly pod: StaticPod; readonly running: boolean }
  /** The kubelet of the pod's host is active, and was started after the pod's manifest came back into its place. */
  | { readonly is: 'kubeletRestarted'; readonly pod: StaticPod }
  /** The API server answers `ok` to `/readyz`. */
  | { readonly is: 'ready'; readonly host: string; readonly port: number; readonly tls: ApiServerTls }
  | { readonly is: 'all'; readonly probes: readonly Probe[] };

/**
 * One member's etcd as the host sees it. It is stopped when nobody holds its database or WAL open and nothing
 * listens on its sockets; a list of processes or an exit code would not tell. It runs when its own database or WAL is
 * locked for writing: a reader of it, or of what was put aside, is no etcd.
 */
export interface EtcdProcess {
  readonly host: string;
  readonly dataDir: string;
  /** Every place below the data directory in which its `member` directory may lie during this run. */
  readonly memberDirs: readonly string[];
  /** Addresses as in /proc/net/tcp, `ADDRESS:PORT` in hexadecimal; `*:PORT` for any address. */
  readonly sockets: readonly string[];
}

/**
 * A static pod on its host. The kubelet runs whatever lies in its manifest directory: so it is stopped by moving the manifest
 * out of there and started by moving it back.
 */
export interface StaticPod {
  readonly host: string;
  /** The pod's name without the node's: `etcd`, `kube-apiserver`. */
  readonly name: string;
  readonly manifest: string;
  /** Where the manifest lies meanwhile: outside the manifest directory, on the same file system. */
  readonly parked: string;
  /** Of the manifest, hex. */
  readonly sha256: string;
  /** By what it is seen to run: its sockets and, for etcd, its data. A step locks this data directory. */
  readonly seen: EtcdProcess;
  /** What its process is called in /proc/PID/comm, where that tells it from others; an API server goes on after it closed its sockets. */
  readonly process?: string;
}

/** With what an API server's certificate is checked: paths on its host. */
export interface ApiServerTls {
  readonly caFile: string;
  /** A name in its certificate. */
  readonly serverName: string;
}

export interface EndpointOf {
  readonly name: string;
  /** The host through which the endpoint is reached, and on which the certificate files lie; absent: straight from this machine. */
  readonly through?: string;
  readonly endpoint: string;
  /** What lies in the files is read when the probe is made. */
  readonly tls?: TlsFiles;
}

/** In which weaker sense a probe holds. */
export type NoteCode = 'HASHKV_EQUAL_LATER' | 'API_SERVER_ASKS_WHO';

/** The answer to a probe: when it does not hold, why; when it holds in a weaker sense than asked, in which. */
export type Verdict = { readonly holds: true; readonly note?: Message<NoteCode> } | { readonly holds: false; readonly why: Message<ErrorCode> };
