import type { FilledObjects } from './objects.js';

/** What starts a pod's containers on a host. */
export type LabRuntime = 'containerd' | 'podman';

/** How a lab is to be. */
export interface LabOptions {
  /** Number of control-plane hosts; 3 unless told. */
  readonly hosts?: 1 | 2 | 3 | 4 | 5;
  /** Version of etcd, of those `scripts/etcdVersions.ts` has at hand; the newest 3.5 unless told. */
  readonly etcd?: string;
  /** containerd unless told. */
  readonly runtime?: LabRuntime;
  /** Leaves out kube-apiserver (and what follows from it), for tests whose subject is etcd alone. */
  readonly withoutApiServer?: boolean;
  /** Runs kube-controller-manager and kube-scheduler too. */
  readonly controllers?: boolean;
  /** Gives each host a disk of this size, in MiB, kept in memory: for disks that run full. Unless told, a host has the machine's own. */
  readonly diskMegabytes?: number;
  /** How often the kubelet stand-in reads the manifest directory anew, in seconds; 20 unless told, as the kubelet. */
  readonly fileCheckSeconds?: number;
  /** Keeps the lab when the process that made it ends, until `down`; a test's lab goes with its process. */
  readonly lasting?: boolean;
  /** Gives up starting, and takes down what was started. */
  readonly signal?: AbortSignal;
  /** Told what is being done. */
  readonly report?: (line: string) => void;
}

/** What a command printed and how it ended. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How to run a command on a host. */
export interface ExecOptions {
  readonly input?: string;
  readonly signal?: AbortSignal;
  /** Returns a non-zero exit code instead of rejecting. */
  readonly anyCode?: boolean;
}

/** How a person or a program logs in to a host. */
export interface LabSsh {
  readonly host: string;
  readonly port: 22;
  readonly keyFile: string;
  readonly knownHostsFile: string;
  /** For `ssh -F`; knows every host by its name. */
  readonly configFile: string;
  /** `ops` may use sudo with its password, `ops-nopass` without one. */
  readonly users: readonly ['root', 'ops', 'ops-nopass'];
  /** Of `ops`, for sudo and for a login. */
  readonly password: string;
}

/** One host of a lab: a machine with its own systemd, sshd, address and disk. */
export interface LabHost {
  /** `cp-1` to `cp-5`: its host name, and its member's name. */
  readonly name: string;
  readonly address: string;
  /** `https://ADDRESS:2379`. */
  readonly clientUrl: string;
  /** `https://ADDRESS:2380`. */
  readonly peerUrl: string;
  /** `https://ADDRESS:6443`. */
  readonly apiServer: string;
  /** Where its root directory is on this machine, to look into; what is written there behind a running host's back is undefined. */
  readonly root: string;
  readonly ssh: LabSsh;
}

/** A running lab. A host is named or given. */
export interface Lab extends AsyncDisposable {
  /** Its bridge's name, which no other lab has. */
  readonly name: string;
  /** Everything of it, removed with it. */
  readonly folder: string;
  readonly hosts: readonly LabHost[];
  readonly etcdVersion: string;
  readonly runtime: LabRuntime;
  /** The administrator's, for the first host's API server. */
  readonly kubeconfig: string;
  /** The cluster's keys and certificates, as kubeadm names them. */
  readonly pki: string;
  host(name: string): LabHost;

  /** Runs a command as root on a host, past its network and sshd, so that it works on one that is cut off. Rejects on a non-zero exit code. */
  exec(host: LabHost, argv: readonly string[], options?: ExecOptions): Promise<Ran>;
  /** Runs a shell script as root on a host, in the same way. */
  script(host: LabHost, text: string, options?: ExecOptions): Promise<Ran>;
  /** Runs a command over ssh, as `root` unless told. */
  overSsh(host: LabHost, command: string, options?: ExecOptions & { readonly user?: 'root' | 'ops' | 'ops-nopass' }): Promise<Ran>;
  /** kubectl, as administrator. */
  kubectl(...args: readonly string[]): Promise<string>;
  /** The version's own etcdctl on this machine, against the given hosts or all of them. */
  etcdctl(args: readonly string[], hosts?: readonly LabHost[]): Promise<string>;

  /** Whether a host's machine runs. */
  isUp(host: LabHost): Promise<boolean>;
  /** Ends every process of a host at once, without warning. Its disk stays; what was written and not flushed stays too, unlike after a power cut. */
  kill(host: LabHost): Promise<void>;
  /** Boots a host that was killed. */
  boot(host: LabHost): Promise<void>;
  /** Shuts a host down in good order and boots it again. */
  reboot(host: LabHost): Promise<void>;
  /** Takes a host's link down; its own processes still reach each other. */
  cut(host: LabHost): Promise<void>;
  /** Puts the link up again. */
  heal(host: LabHost): Promise<void>;
  /** Fills a host's disk but for some bytes; only with `diskMegabytes`. */
  fillDisk(host: LabHost, leaveBytes?: number): Promise<void>;
  /** Removes what `fillDisk` made. */
  clearDisk(host: LabHost): Promise<void>;

  /** Waits until etcd on the hosts answers a linearizable read and has as many started members. */
  untilEtcdHealthy(hosts?: readonly LabHost[]): Promise<void>;
  /** Waits until the API servers of the hosts say they are ready. */
  untilApiReady(hosts?: readonly LabHost[]): Promise<void>;
  /** Objects written through an API server, that of the first host unless told. */
  objects(host?: LabHost): FilledObjects;
}
