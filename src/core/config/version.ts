/** A version of etcd as an image names it; the patch is absent when the tag has none. */
export interface EtcdVersionText {
  readonly text: string;
  readonly major: number;
  readonly minor: number;
  readonly patch?: number;
}

/** Images whose tag is etcd's version: `etcd`, `hardened-etcd`, `etcd-amd64` …, but not `etcd-manager`. */
const etcdImage = /(?:^|-)etcd(?:-(?:amd64|arm64|arm|ppc64le|s390x))?$/;
const versionTag = /^v?(\d{1,4})\.(\d{1,4})(?:\.(\d{1,4}))?(?:[-+_.].*)?$/;

/** The last part of an image's name, without registry, tag and digest. */
export function imageName(image: string): string {
  const path = image.split('@')[0] ?? '';
  const last = path.slice(path.lastIndexOf('/') + 1);
  return last.split(':')[0] ?? '';
}

/** Whether an image is, by its name, etcd's own. */
export const isEtcdImage = (image: string): boolean => etcdImage.test(imageName(image));

/** etcd's version from an image's tag; `undefined` for a digest alone, `latest`, or an image that is not etcd's. */
export function imageVersion(image: string): EtcdVersionText | undefined {
  if (!isEtcdImage(image)) return undefined;
  const path = image.split('@')[0] ?? '';
  const last = path.slice(path.lastIndexOf('/') + 1);
  const [, major, minor, patch] = versionTag.exec(last.slice(last.indexOf(':') + 1)) ?? [];
  if (!last.includes(':') || major === undefined || minor === undefined) return undefined;
  const text = [major, minor, patch].filter(part => part !== undefined).join('.');
  return { text, major: Number(major), minor: Number(minor), ...patch !== undefined && { patch: Number(patch) } };
}

/** Whether this reader knows the flags of that version: 3.4 to 3.7. */
export const isSupported = (version: EtcdVersionText): boolean =>
  version.major === 3 && version.minor >= 4 && version.minor <= 7;

/** Whether a version lies in one of the lines, each given by its minor or first patch; unknown patches count as in. */
export function isWithin(version: EtcdVersionText, lines: readonly string[]): boolean {
  return lines.some(line => {
    const [major, minor, patch = 0] = line.split('.').map(Number);
    return major === version.major && minor === version.minor && (version.patch ?? Infinity) >= patch;
  });
}
