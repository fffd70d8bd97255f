import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { cableOf } from './bridge.js';
import { cgroupFolders, makeCgroup, processesIn, removeCgroup } from './cgroups.js';
import { run } from './run.js';
import type { ExecOptions, Ran } from './lab.js';
import { startOf } from './state.js';
import type { HostState, LabState } from './state.js';
import { until } from './until.js';

/** Where a host's parts are. */
export const imagesInHost = '/var/lib/lab-images';
const pidFile = (host: HostState): string => path.join(host.folder, 'nspawn.pid');
const consoleOf = (host: HostState): string => path.join(host.folder, 'console.log');
/** What belongs to the machine and not to a host: its clock, its kernel's modules, its ports and memory. */
const machinesOwn = ['sys_time', 'sys_module', 'sys_rawio'];
/** Moves itself into the control groups before `--`, and becomes the command after it. */
const launch = 'while [ "$1" != -- ]; do echo $$ > "$1/cgroup.procs" || exit 1; shift; done; shift; exec "$@"';

/** Starts a host's machine and returns once its systemd is through with booting. Its disk is as it was left. */
export async function bootMachine(lab: LabState, host: HostState, images: string, signal?: AbortSignal): Promise<void> {
  const groups = await makeCgroup(host.machine);
  const argv = nspawn(lab, host, images);
  await using console = await open(consoleOf(host), 'a');
  const child = spawn('sh', ['-c', launch, 'sh', ...groups, '--', ...argv], { detached: true, stdio: ['ignore', console.fd, console.fd] });
  child.unref();
  if (child.pid === undefined) throw new Error('systemd-nspawn could not be started');
  await writeFile(pidFile(host), `${child.pid} ${await startOf(child.pid) ?? ''}`);
  await until(`the boot of ${host.name}`, async () => {
    // Told here, since the file goes with a lab that cannot be started.
    if (child.exitCode !== null) throw new Error(`systemd-nspawn ended with code ${child.exitCode}: ${(await readFile(consoleOf(host), 'utf8')).slice(-1000)}`);
    const state = (await execIn(host, ['systemctl', 'is-system-running'], { anyCode: true })).stdout.trim();
    if (state !== 'running' && state !== 'degraded') throw new Error(`systemd is ${state}`);
  }, signal, 90_000);
}

function nspawn(lab: LabState, host: HostState, images: string): string[] {
  const disk = (name: string): string => `--bind=${path.join(host.folder, name)}:/var/lib/${name}`;
  return [
    'systemd-nspawn', '--quiet', '-D', host.root, '--boot', '--register=no', '--keep-unit', '-M', host.machine, `--hostname=${host.name}`,
    `--network-bridge=${lab.name}`, '--console=read-only', '--resolv-conf=off', '--timezone=off', '--link-journal=no',
    // Containers inside need nearly all.
    '--capability=all', `--drop-capability=${machinesOwn.map(name => `CAP_${name.toUpperCase()}`).join(',')}`, '--system-call-filter=add_key keyctl bpf @mount',
    // An overlay cannot lie on the overlay that is the root: the runtimes' layers are on the disk itself.
    disk('containerd'), disk('containers'), `--bind-ro=${images}:${imagesInHost}`,
  ];
}

/** The first process of a host as this machine sees it; nothing when the host is down. */
export async function leaderOf(host: HostState): Promise<number | undefined> {
  const [pid = '', started] = (await readFile(pidFile(host), 'utf8').catch(() => '')).split(' ');
  if (started === undefined || await startOf(Number(pid)) !== started) return undefined;
  const children = (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '')).trim().split(' ');
  for (const child of children) {
    const status = await readFile(`/proc/${child}/status`, 'utf8').catch(() => '');
    if (/^NSpid:\s+\d+\s+1$/m.test(status)) return Number(child);
  }
  return undefined;
}

/** Runs a command as root inside a host, without its network. */
export async function execIn(host: HostState, argv: readonly string[], options: ExecOptions = {}): Promise<Ran> {
  const leader = await leaderOf(host);
  if (leader === undefined) throw new Error(`${host.name} is down`);
  const env = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LANG: 'C.UTF-8', HOME: '/root' };
  // Entering a namespace keeps the capabilities of who enters: without this, `date -s` on a host sets this machine's clock.
  const dropped = `--bounding-set=${machinesOwn.map(name => `-${name}`).join(',')}`;
  return run(['setpriv', dropped, 'nsenter', '--target', String(leader), '--mount', '--uts', '--ipc', '--net', '--pid', '--cgroup', '--root', '--wd', '--', ...argv], { ...options, env });
}

/** Ends every process of a host at once and waits until they are gone. One that is down is no error. */
export async function killMachine(host: HostState): Promise<void> {
  const leader = await leaderOf(host);
  // With the first process of its namespace, the kernel ends all others.
  if (leader !== undefined) process.kill(leader, 'SIGKILL');
  const groups = await cgroupFolders(host.machine);
  await until(`the end of ${host.name}`, async () => {
    const pids = (await Promise.all(groups.map(processesIn))).flat().filter(pid => pid !== 0);
    for (const pid of new Set(pids)) killQuietly(pid);
    if (pids.length > 0) throw new Error(`${pids.length} processes are left`);
  }, undefined, 30_000);
  await rm(pidFile(host), { force: true });
  for (const group of groups) await removeCgroup(group);
  await run(['ip', 'link', 'delete', cableOf(host.machine)], { anyCode: true });
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It was gone already.
  }
}

/** Shuts a host down in good order and waits for its end; one that does not end within a minute and a half is killed. */
export async function shutDownMachine(host: HostState): Promise<void> {
  await execIn(host, ['systemctl', 'poweroff', '--no-block']);
  await until(`the shutdown of ${host.name}`, async () => {
    if (await leaderOf(host) !== undefined) throw new Error('it still runs');
  }, undefined, 90_000).catch(() => undefined);
  await killMachine(host);
}

/** Mounts a host's root: the base, and above it a layer of its own on the disk that lives as long as the lab. */
export async function mountRoot(lab: LabState, host: HostState, base: string): Promise<void> {
  await mkdir(host.root, { recursive: true });
  const disk = path.join(host.folder, 'disk');
  await mkdir(disk, { recursive: true });
  if (lab.diskMegabytes !== undefined) await run(['mount', '-t', 'tmpfs', '-o', `size=${lab.diskMegabytes}m,mode=0755`, host.machine, disk]);
  for (const folder of ['upper', 'work']) await mkdir(path.join(disk, folder), { recursive: true });
  for (const folder of ['containerd', 'containers']) await mkdir(path.join(host.folder, folder), { recursive: true });
  const layers = `lowerdir=${base},upperdir=${path.join(disk, 'upper')},workdir=${path.join(disk, 'work')}`;
  await run(['mount', '-t', 'overlay', '-o', layers, host.machine, host.root]);
}

/** Unmounts what `mountRoot` mounted; what is not mounted is no error. */
export async function unmountRoot(host: HostState): Promise<void> {
  for (const folder of [host.root, path.join(host.folder, 'disk')]) {
    const mounted = (await readFile('/proc/self/mounts', 'utf8')).split('\n').some(line => line.split(' ')[1] === folder);
    if (existsSync(folder) && mounted) await run(['umount', folder]);
  }
}
