import type { EtcdProcess, Probe, StaticPod } from './probe.js';

/** An effect on the world. What becomes of each on a host is in `host/actionScripts.ts`: one script per verb. */
export type Action =
  /** Waits until the probe holds, `withinMs` at most; changes nothing. */
  | { readonly do: 'expect'; readonly probe: Probe; readonly withinMs: number }
  /** Restores the snapshot below the data directory, complete or not at all, while the old cluster serves. */
  | { readonly do: 'stage'; readonly host: string; readonly staging: Staging }
  /** Runs the user's stop command, then waits until etcd is stopped. */
  | { readonly do: 'stop'; readonly etcd: EtcdProcess; readonly argv: readonly string[]; readonly withinMs: number }
  /** Runs the user's start command, then waits until etcd holds its database. */
  | { readonly do: 'start'; readonly etcd: EtcdProcess; readonly argv: readonly string[]; readonly withinMs: number }
  /** Moves the manifest out of the manifest directory, then waits until nothing of the pod runs any more. */
  | { readonly do: 'park'; readonly pod: StaticPod; readonly withinMs: number }
  /** Moves the manifest back in one rename, then waits until the pod's process runs, where asked for. */
  | { readonly do: 'putBack'; readonly pod: StaticPod; readonly running: boolean; readonly withinMs: number }
  /** Restarts the kubelet of the pod's host, once the pod's manifest is back in its place, and waits until it is active. */
  | { readonly do: 'restartKubelet'; readonly pod: StaticPod; readonly withinMs: number }
  /** Copies the snapshot from this machine to the host: complete or not at all, readable by its owner only. */
  | { readonly do: 'upload'; readonly host: string; readonly from: string; readonly to: string; readonly sha256: string; readonly size: number }
  /** Renames within one file system; refuses while etcd is not stopped, or when the target exists. */
  | { readonly do: 'move'; readonly etcd: EtcdProcess; readonly from: string; readonly to: string; /** What is not there need not be moved. */ readonly ifThere?: true };

/** All that `snapshot restore` is told for one member. */
export interface Staging {
  readonly dataDir: string;
  /** Becomes the staged data directory in one rename, once it is complete and flushed. */
  readonly target: string;
  /** Scratch of this run alone; emptied before another attempt. */
  readonly part: string;
  /** Absolute path of `etcdutl` or `etcdctl` on the host, or its name in the image that `toolIn` runs. */
  readonly tool: string;
  /** sha256 (hex) of a tool that this run copied to the host; only that very file is run. */
  readonly copied?: string;
  /**
   * The words that run a command in a container of etcd's own image, with the data directory at its own path in it. The word
   * `{container}` becomes a name of its own with each attempt.
   */
  readonly toolIn?: readonly string[];
  readonly snapshot: string;
  readonly name: string;
  readonly initialCluster: string;
  readonly token: string;
  readonly peerUrls: string;
  /** Decimal; absent when the tool cannot raise the revision. */
  readonly bumpRevision?: string;
  readonly owner: Owner;
  /** What owner, mode and label are copied from. */
  readonly like: string;
}

export interface Owner {
  readonly uid: number;
  readonly gid: number;
}
