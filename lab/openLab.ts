import path from 'node:path';
import { cableOf } from './bridge.js';
import { etcdctl, kubectl, untilApiReady, untilEtcdHealthy } from './cluster.js';
import { imagesFolder } from './images.js';
import { sshFiles, sshOf } from './keys.js';
import type { Lab, LabHost, LabSsh } from './lab.js';
import { bootMachine, execIn, killMachine, leaderOf, shutDownMachine } from './machine.js';
import { filledObjects } from './objects.js';
import { run } from './run.js';
import type { HostState, LabState } from './state.js';
import { takeDown } from './takeDown.js';

/** File that `fillDisk` makes. */
const filler = '/var/lib/lab-filler';
/** Fills what is free but for `$2` bytes; a file that cannot be reserved is written. */
const fill = `set -e
free=$(($(stat -f -c '%a * %S' /))); size=$((free - $2)); [ "$size" -gt 0 ]
fallocate -l "$size" "$1"`;

/** A lab by its state: whatever process made it, it can be used from here. */
export function openLab(state: LabState): Lab {
  const hosts = state.hosts.map(host => describe(state, host));
  const known = (host: LabHost): HostState => {
    const found = state.hosts.find(({ name }) => name === host.name);
    return found ?? missing(host.name);
  };
  const several = (some: readonly LabHost[] = hosts): HostState[] => some.map(known);
  const boot = (host: LabHost): Promise<void> => bootMachine(state, known(host), imagesFolder());
  const link = async (host: LabHost, way: 'up' | 'down'): Promise<void> => { await run(['ip', 'link', 'set', cableOf(known(host).machine), way]); };
  return {
    name: state.name, folder: state.folder, hosts, etcdVersion: state.etcdVersion, runtime: state.runtime,
    kubeconfig: path.join(state.folder, 'admin.conf'), pki: path.join(state.folder, 'pki'),
    host: name => hosts.find(host => host.name === name) ?? missing(name),
    exec: (host, argv, options) => execIn(known(host), argv, options),
    script: (host, text, options) => execIn(known(host), ['sh', '-c', text], options),
    overSsh: (host, command, { user = 'root', ...options } = {}) =>
      run(['ssh', '-F', sshFiles(state.folder).config, '-o', 'BatchMode=yes', `${user}@${host.name}`, command], options),
    kubectl: (...args) => kubectl(state, args),
    etcdctl: (args, some) => etcdctl(state, args, several(some)),
    isUp: async host => await leaderOf(known(host)) !== undefined,
    kill: host => killMachine(known(host)),
    boot,
    reboot: async host => {
      await shutDownMachine(known(host));
      await boot(host);
    },
    cut: host => link(host, 'down'),
    heal: host => link(host, 'up'),
    fillDisk: async (host, leaveBytes = 0) => {
      if (state.diskMegabytes === undefined) throw new Error('only a lab with diskMegabytes has disks that may be filled');
      await execIn(known(host), ['sh', '-c', fill, 'sh', filler, String(leaveBytes)]);
    },
    clearDisk: async host => { await execIn(known(host), ['rm', '-f', filler]); },
    untilEtcdHealthy: some => untilEtcdHealthy(state, several(some)),
    untilApiReady: some => untilApiReady(state, several(some)),
    objects: host => filledObjects((host ?? hosts[0] ?? missing('cp-1')).apiServer, path.join(state.folder, 'pki')),
    [Symbol.asyncDispose]: () => takeDown(state),
  };
}

function describe(lab: LabState, host: HostState): LabHost {
  const ssh: LabSsh = sshOf(lab, host);
  const at = (port: number): string => `https://${host.address}:${port}`;
  return { name: host.name, address: host.address, clientUrl: at(2379), peerUrl: at(2380), apiServer: at(6443), root: host.root, ssh };
}

function missing(name: string): never {
  throw new Error(`the lab has no host ${name}`);
}
