import { readFileSync } from 'node:fs';
import { etcdVersions } from '../scripts/etcdVersions.js';
import { findProgram } from '../scripts/findProgram.js';
import { kubernetes } from '../scripts/kubernetesFromSource.js';

/** What this machine lacks for a lab, by name; nothing when it has all. */
export function labMissing(): string[] {
  if (process.platform !== 'linux') return ['Linux'];
  const programs = ['systemd-nspawn', 'debootstrap', 'ip', 'nsenter', 'setpriv', 'openssl', 'ssh', 'ssh-keygen'];
  return [
    ...(process.getuid?.() === 0 ? [] : ['root']),
    ...programs.filter(name => findProgram(name) === undefined),
    ...(readFileSync('/proc/filesystems', 'utf8').includes('\toverlay\n') ? [] : ['overlayfs']),
    ...(etcdVersions().length > 0 ? [] : ['etcd']),
    ...(kubernetes() === undefined ? ['a built Kubernetes'] : []),
  ];
}
