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

export interface EndpointOf {
  readonly name: string;
  readonly endpoint: string;
  /** Paths on this machine; what lies in them is read when the probe is made. */
  readonly tls?: TlsFiles;
}

/** In which weaker sense a probe holds. */
export type NoteCode = 'HASHKV_EQUAL_LATER';

/** The answer to a probe: when it does not hold, why; when it holds in a weaker sense than asked, in which. */
export type Verdict = { readonly holds: true; readonly note?: Message<NoteCode> } | { readonly holds: false; readonly why: Message<ErrorCode> };
