import { randomBytes } from 'node:crypto';
import { chmod, copyFile, cp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { addressIn } from './bridge.js';
import { hostKey, sshFiles } from './keys.js';
import { kubeconfig } from './kubeconfig.js';
import { makeHostPki } from './pki.js';
import type { HostState, LabState } from './state.js';

const ours = path.join(import.meta.dirname, 'host');

/** Writes into a host's root, before its first boot, what makes it this host of this lab. */
export async function prepareHost(lab: LabState, host: HostState): Promise<void> {
  await nameAndNetwork(lab, host);
  await logins(lab, host);
  await kubernetesFiles(lab, host);
  await standIn(lab, host);
}

async function nameAndNetwork(lab: LabState, host: HostState): Promise<void> {
  const etc = path.join(host.root, 'etc');
  await writeFile(path.join(etc, 'hostname'), `${host.name}\n`);
  await writeFile(path.join(etc, 'machine-id'), `${randomBytes(16).toString('hex')}\n`);
  await writeFile(path.join(etc, 'hosts'), `127.0.0.1 localhost\n::1 localhost\n${lab.hosts.map(({ name, address }) => `${address} ${name}\n`).join('')}`);
  await mkdir(path.join(etc, 'systemd/network'), { recursive: true });
  // A host that is cut off keeps its address: what runs on it goes on talking to itself.
  await writeFile(path.join(etc, 'systemd/network/10-host0.network'), `[Match]
Name=host0

[Network]
Address=${host.address}/24
Gateway=${addressIn(lab.subnet, 0)}
LinkLocalAddressing=no
IPv6AcceptRA=no
ConfigureWithoutCarrier=yes
IgnoreCarrierLoss=yes
KeepConfiguration=static
`);
}

async function logins(lab: LabState, host: HostState): Promise<void> {
  const key = path.join(host.root, 'etc/ssh/ssh_host_ed25519_key');
  await copyFile(hostKey(host), key);
  await chmod(key, 0o600);
  await copyFile(`${hostKey(host)}.pub`, `${key}.pub`);
  const authorized = await readFile(`${sshFiles(lab.folder).key}.pub`, 'utf8');
  // sshd looks here for every user, whoever owns the file's folder.
  await mkdir(path.join(host.root, 'etc/ssh/authorized_keys'), { recursive: true });
  for (const user of ['root', 'ops', 'ops-nopass']) await writeFile(path.join(host.root, 'etc/ssh/authorized_keys', user), authorized);
}

async function kubernetesFiles(lab: LabState, host: HostState): Promise<void> {
  const folder = path.join(host.root, 'etc/kubernetes');
  const shared = path.join(lab.folder, 'pki');
  await mkdir(folder);
  await mkdir(path.join(folder, 'manifests'), { mode: 0o700 });
  await makeHostPki(shared, host, lab.hosts, path.join(folder, 'pki'));
  for (const client of ['admin', 'controller-manager', 'scheduler'] as const)
    await writeFile(path.join(folder, `${client}.conf`), await kubeconfig(shared, client, `https://${host.address}:6443`), { mode: 0o600 });
  await mkdir(path.join(host.root, 'var/lib/etcd'), { mode: 0o700 });
}

async function standIn(lab: LabState, host: HostState): Promise<void> {
  const units = path.join(host.root, 'etc/systemd/system');
  await cp(path.join(ours, 'kubelet-stand-in'), path.join(host.root, 'usr/local/lib/kubelet-stand-in'), { recursive: true });
  await writeFile(path.join(host.root, 'etc/default/kubelet-stand-in'), `RUNTIME=${lab.runtime}\nFILE_CHECK_SECONDS=${lab.fileCheckSeconds}\n`);
  for (const [unit, target] of [['kubelet-stand-in.service', 'multi-user.target.wants'], ['lab-cgroups.service', 'sysinit.target.wants']] as const) {
    await copyFile(path.join(ours, unit), path.join(units, unit));
    await mkdir(path.join(units, target), { recursive: true });
    await symlink(`../${unit}`, path.join(units, target, unit));
  }
  await symlink('kubelet-stand-in.service', path.join(units, 'kubelet.service'));
  // The one that is not used would only cost memory.
  if (lab.runtime === 'podman') await rm(path.join(units, 'multi-user.target.wants/containerd.service'), { force: true });
}
