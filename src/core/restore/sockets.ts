/**
 * The sockets behind etcd's URLs as /proc/net/tcp writes them, `ADDRESS:PORT` in hexadecimal, with the wildcard
 * addresses that would serve them too. A host name may be any address: `*:PORT`.
 */
export function socketsOf(urls: readonly string[]): readonly string[] {
  return [...new Set(urls.flatMap(url => {
    const parsed = URL.parse(url);
    // An address with a zone is none to URL: any address then, for a check that must not miss a running etcd.
    const zoned = /^https?:\/\/\[[^\]]*\]:(\d{1,5})/.exec(url);
    if (parsed === null) return zoned === null ? [] : [`*:${hexPort(Number(zoned[1]))}`];
    if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:') return [];
    const port = hexPort(Number(parsed.port || (parsed.protocol === 'https:' ? 443 : 80)));
    return addresses(parsed.hostname).map(address => `${address}:${port}`);
  }))];
}

/** A port as /proc/net/tcp writes it. */
export const hexPort = (port: number): string => port.toString(16).toUpperCase().padStart(4, '0');

const ANY4 = '00000000';
const ANY6 = '0'.repeat(32);
const MAPPED = '0000000000000000FFFF0000';

function addresses(hostname: string): readonly string[] {
  const v4 = /^(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(hostname);
  if (v4 !== null) return ofWord(littleEndian(v4.slice(1).map(Number)));
  const groups = hostname.startsWith('[') ? groupsOf(hostname.slice(1, -1)) : undefined;
  if (groups === undefined || groups === ANY6) return ['*'];
  return groups.startsWith(MAPPED) ? ofWord(groups.slice(MAPPED.length)) : [groups, ANY6];
}

/** An IPv4 address, as it is and mapped into IPv6; the wildcard may be served by any. */
const ofWord = (word: string): readonly string[] => word === ANY4 ? ['*'] : [word, ANY4, ANY6, `${MAPPED}${word}`];

/** The kernel prints each 32-bit word in the machine's order, which is little-endian wherever etcd is supported. */
const littleEndian = (bytes: readonly number[]): string =>
  bytes.toReversed().map(byte => byte.toString(16).toUpperCase().padStart(2, '0')).join('');

function groupsOf(address: string): string | undefined {
  const [head = '', tail] = address.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const missing = 8 - left.length - right.length;
  if (missing < 0 || (tail === undefined && missing > 0)) return undefined;
  const bytes = [...left, ...Array<string>(missing).fill('0'), ...right].flatMap(group => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255]);
  return [0, 4, 8, 12].map(at => littleEndian(bytes.slice(at, at + 4))).join('');
}
