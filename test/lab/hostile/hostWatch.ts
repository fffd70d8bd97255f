import assert from 'node:assert/strict';
import type { Lab, LabHost } from '../../../lab/lab.js';
import { until } from '../../../lab/until.js';

/** Everything that lies on a host: by path, what it is. */
export type Everything = ReadonlyMap<string, string>;

/**
 * What changes by itself on a host that is only logged in to. All else must be as it was, to the inode and the nanosecond:
 * logs, and the list of who was logged in; what etcd writes while it runs; sudo's note that its lecture was read; of systemd, the
 * sessions and their users, what its units hold, and its journal; what containerd and the kubelet stand-in tell of containers; the
 * places that podman makes for itself when it is first asked for its containers; a folder in which something was and is no more.
 */
const livesByItself = [
  /^\/var\/log(\/|$)/, /^\/var\/lib\/etcd\/member(\/|$)/, /^\/var\/lib\/sudo(\/|$)/, /^\/var\/lib\/systemd\/(linger|timers|timesync|random-seed)/,
  /^\/run$/, /^\/run\/(systemd|user|sudo|containerd|log|utmp|dbus|mount|netns|lab-[\w-]+|kubelet-stand-in[\w.-]*|credentials|lock|nologin|crun|runc)(\/|$)/, /^\/tmp\/systemd-private-/,
  /^\/run\/(containers|libpod|motd\.dynamic)(\/|$)/, /^\/dev\/shm\/libpod_lock$/, /^\/etc\/(containers|containers\/networks|containers\/networks\/netavark\.lock|cni\/net\.d|cni\/net\.d\/cni\.lock)$/, /^\/(tmp|dev\/shm)$/,
];

/** Lists a host's own disk, and what it keeps in memory. */
export async function everythingOn(lab: Lab, host: LabHost, expected: string): Promise<Everything> {
  const places = '/ /run /tmp /dev/shm';
  const { stdout } = await lab.script(host, `find ${places} -xdev -printf '%i %m %U:%G %s %T@ %y %l\\t%p\\0' 2>/dev/null; true`);
  return new Map(stdout.split('\0').slice(0, -1).flatMap(line => {
    const [what = '', ...path] = line.split('\t'), at = path.join('\t');
    return livesByItself.some(pattern => pattern.test(at)) || at === expected || at.startsWith(`${expected}/`) ? [] : [[at, what] as const];
  }));
}

/** Fails with every path that came, went or is another now. */
export function assertSame(before: Everything, after: Everything): void {
  const changed = [...new Set([...before.keys(), ...after.keys()])].filter(path => before.get(path) !== after.get(path));
  assert.deepEqual(changed.map(path => `${path}: ${before.get(path) ?? 'nothing'} -> ${after.get(path) ?? 'nothing'}`), []);
  assert(before.size > 5_000, `only ${before.size} files were compared`);
}

/** The command lines that run on a host, but for those that serve logins and go with them. */
export async function processesOn(lab: Lab, host: LabHost): Promise<readonly string[]> {
  const { stdout } = await lab.exec(host, ['ps', '-eo', 'args=']);
  return [...new Set(stdout.split('\n').filter(line => line !== '' && !/^(ps -eo|sshd: |\(sd-pam\)|\/lib\/systemd\/systemd (--user|user-sessions)|\(systemd|\/lib\/systemd\/systemd-(hostnamed|userdbd|userwork|networkd|timedated))/.test(line)))].sort();
}

/** Waits until a host runs what it ran before, and nothing else: what was told to end takes a moment. */
export async function untilSameProcesses(lab: Lab, host: LabHost, before: readonly string[]): Promise<void> {
  await until(`${host.name}: nothing runs that did not run before`, async () => {
    const more = (await processesOn(lab, host)).filter(line => !before.includes(line));
    if (more.length > 0) throw new Error(more.join('\n'));
  }, undefined, 30_000);
}
