import type { ContainerText, MountText, PodText, VolumeText } from './podText.js';

/** Where a path of the container lies on the host. */
export type HostPath =
  | { readonly kind: 'host'; readonly path: string; readonly volume: string }
  /** In a volume that is no directory of the host: an emptyDir, a claim … */
  | { readonly kind: 'volume'; readonly volume: string; readonly type: string }
  /** In the container's own layer: gone with the container. */
  | { readonly kind: 'container' }
  /** The text tells of no volumes, or the path depends on something it does not hold. */
  | { readonly kind: 'unknown' };

/** Maps an absolute path of the container through the longest fitting mount. */
export function hostPathOf(path: string, pod: PodText, container: ContainerText): HostPath {
  if (pod.volumes === undefined || !path.startsWith('/')) return { kind: 'unknown' };
  const inside = normal(path);
  const mount = longestMount(inside, container.mounts);
  if (mount === undefined) return { kind: 'container' };
  const volume = pod.volumes.find(one => one.name.text === mount.volume.text);
  return volume === undefined ? { kind: 'unknown' } : through(volume, mount, inside);
}

function through(volume: VolumeText, mount: MountText, inside: string): HostPath {
  const name = volume.name.text;
  if (volume.hostPath === undefined) return { kind: 'volume', volume: name, type: volume.type };
  const rest = inside.slice(normal(mount.path.text).replace(/\/$/, '').length);
  if (mount.subPath?.text.includes('$(') === true) return { kind: 'unknown' };
  return { kind: 'host', volume: name, path: normal(`${volume.hostPath.text}/${mount.subPath?.text ?? ''}/${rest}`) };
}

function longestMount(inside: string, mounts: readonly MountText[]): MountText | undefined {
  let longest: MountText | undefined;
  for (const mount of mounts) {
    if (isWithinPath(inside, mount.path.text) && mount.path.text.length >= (longest?.path.text.length ?? 0)) longest = mount;
  }
  return longest;
}

/** Whether a path is another or lies below it; whole components count. */
export function isWithinPath(path: string, folder: string): boolean {
  const top = normal(folder).replace(/\/$/, '');
  return normal(path) === (top || '/') || normal(path).startsWith(`${top}/`);
}

/** Without `.`, `..` and doubled slashes; symbolic links stay unseen. */
export function normal(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `${path.startsWith('/') ? '/' : ''}${parts.join('/')}`;
}
