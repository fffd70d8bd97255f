import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { opsPassword } from './baseImage.js';
import { run } from './run.js';
import type { LabSsh } from './lab.js';
import type { HostState, LabState } from './state.js';

/** Where a lab's files for ssh are. */
export const sshFiles = (folder: string): { readonly key: string; readonly knownHosts: string; readonly config: string } => ({
  key: path.join(folder, 'ssh/id_ed25519'), knownHosts: path.join(folder, 'ssh/known_hosts'), config: path.join(folder, 'ssh/config'),
});

/** How to log in to a host. */
export function sshOf(lab: LabState, host: HostState): LabSsh {
  const { key, knownHosts, config } = sshFiles(lab.folder);
  return { host: host.address, port: 22, keyFile: key, knownHostsFile: knownHosts, configFile: config, users: ['root', 'ops', 'ops-nopass'], password: opsPassword };
}

/** Makes the lab's key, a key for each host's sshd, and the files that a client needs to trust them. */
export async function makeKeys(lab: LabState): Promise<void> {
  const files = sshFiles(lab.folder);
  await mkdir(path.dirname(files.key), { recursive: true, mode: 0o700 });
  await makeKey(files.key, `lab ${lab.name}`);
  const lines = await Promise.all(lab.hosts.map(async host => {
    await makeKey(hostKey(host), host.name);
    const [type = '', key = ''] = (await readFile(`${hostKey(host)}.pub`, 'utf8')).split(' ');
    return `${host.name},${host.address} ${type} ${key}\n`;
  }));
  await writeFile(files.knownHosts, lines.join(''));
  const entries = lab.hosts.map(host => `Host ${host.name} ${host.address}\n  HostName ${host.address}\n  HostKeyAlias ${host.name}\n`);
  await writeFile(files.config, `${entries.join('\n')}
Host *
  User root
  IdentityFile ${files.key}
  IdentitiesOnly yes
  UserKnownHostsFile ${files.knownHosts}
  GlobalKnownHostsFile /dev/null
  StrictHostKeyChecking yes
  ConnectTimeout 10
  LogLevel ERROR
`);
}

/** The key of a host's sshd. */
export const hostKey = (host: HostState): string => path.join(host.folder, 'ssh_host_ed25519_key');

const makeKey = (file: string, comment: string): Promise<unknown> => run(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', comment, '-f', file]);
