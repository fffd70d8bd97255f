import { chmod, copyFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { cacheFolder, fillOnce } from '../scripts/cacheFolder.js';
import { debianMirror } from '../scripts/debianArchive.js';
import { run } from './run.js';

/** Counted up when the recipe below changes. */
const recipe = 1;
/** The password of `ops`: not secret, and chosen to break careless quoting. */
export const opsPassword = `it's a "lab" $1 \\n pass%word`;

const packages = [
  'systemd', 'systemd-sysv', 'dbus', 'libpam-systemd', 'openssh-server', 'sudo', 'iproute2', 'iputils-ping', 'procps', 'psmisc', 'ca-certificates',
  'openssl', 'less', 'faketime', 'python3', 'python3-yaml', 'containerd', 'runc', 'podman', 'crun', 'catatonit', 'netavark', 'uidmap',
];
/** Units of these packages that no host of a lab needs. */
const unneeded = [
  'podman-auto-update.service', 'podman-auto-update.timer', 'podman-restart.service', 'podman.service', 'podman.socket', 'apt-daily.timer',
  'apt-daily-upgrade.timer', 'e2scrub_all.timer', 'e2scrub_reap.service', 'fstrim.timer', 'dpkg-db-backup.timer', 'systemd-networkd-wait-online.service',
];

/** The root directory that every host of every lab begins with: Debian 12, read only. Made once, in a minute. */
export async function baseImage(report: (line: string) => void, signal?: AbortSignal): Promise<string> {
  const folder = cacheFolder('lab', `base-${recipe}`);
  await fillOnce(folder, async root => {
    report('Making the base of the hosts with debootstrap (a minute).');
    const mirror = await debianMirror();
    if (mirror === undefined) throw new Error('no mirror of Debian is configured on this system');
    const abort = signal === undefined ? {} : { signal };
    await run(['debootstrap', '--variant=minbase', `--include=${packages.join(',')}`, 'bookworm', root, mirror], abort);
    await settle(root);
  });
  return folder;
}

async function settle(root: string): Promise<void> {
  const inside = (...argv: string[]): Promise<unknown> => run(['chroot', root, ...argv]);
  // Containers get a copy of what names this machine uses, which are none of a lab's.
  await writeFile(path.join(root, 'etc/resolv.conf'), '');
  for (const user of ['ops', 'ops-nopass']) await inside('useradd', '--create-home', '--shell', '/bin/bash', user);
  await run(['chroot', root, 'chpasswd'], { input: `ops:${opsPassword}\n` });
  await writeFile(path.join(root, 'etc/sudoers.d/lab'), 'ops ALL=(ALL:ALL) ALL\nops-nopass ALL=(ALL:ALL) NOPASSWD: ALL\n', { mode: 0o440 });
  await inside('systemctl', 'disable', ...unneeded);
  await inside('systemctl', 'enable', 'systemd-networkd.service');
  await inside('systemctl', 'disable', 'systemd-networkd-wait-online.service');
  await run(['find', path.join(root, 'etc/ssh'), '-name', 'ssh_host_*', '-delete']);
  await rm(path.join(root, 'etc/machine-id'), { force: true });
  await rm(path.join(root, 'var/cache/apt/archives'), { recursive: true, force: true });
  await copyFile(path.join(import.meta.dirname, 'host/sshd.conf'), path.join(root, 'etc/ssh/sshd_config.d/lab.conf'));
  // It is the root directory that users of the hosts walk through.
  await chmod(root, 0o755);
}
