/** A line of a known_hosts file that says something about keys. */
interface KnownHostLine {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly mark: 'none' | 'revoked' | 'authority';
  readonly hosts: string;
  readonly type: string;
  /** The key's blob in base64. */
  readonly key: string;
}

/** A known_hosts file and its text. */
export interface KnownHostsFile {
  readonly path: string;
  readonly text: string;
}

/** A key as a host shows it: its type and its blob in base64. */
export interface HostKey {
  readonly type: string;
  readonly key: string;
}

/** HMAC-SHA1 of a text under a key, both key and result in base64: names in known_hosts may be hashed so. */
export type HmacSha1 = (key: string, text: string) => string;

/** What the files say about the key a host shows; `authority` tells whether a certificate could vouch for the host. */
export type HostKeyVerdict =
  | { readonly is: 'known' }
  | { readonly is: 'unknown'; readonly authority: boolean }
  /** Another key is on record, of this type or, where the host shows none of that, of another. */
  | { readonly is: 'changed'; readonly file: string; readonly line: number }
  | { readonly is: 'revoked'; readonly file: string; readonly line: number };

/** Reads known_hosts files as OpenSSH's sshd(8) describes them; lines that are none are passed over. */
export function readKnownHosts(files: readonly KnownHostsFile[], hmac: HmacSha1): KnownHosts {
  const lines = files.flatMap(({ path, text }) => text.split('\n').flatMap((line, n) => readLine(path, n + 1, line)));
  return {
    types: names => typesOf(lines, names, hmac),
    judge: (names, shown) => judge(lines, names, shown, hmac),
  };
}

export interface KnownHosts {
  /** The types of the keys a host is known by, in the files' order; the host is asked for one of these first. */
  types(names: HostNames): readonly string[];
  judge(names: HostNames, shown: HostKey): HostKeyVerdict;
}

/** The names a host is looked up by: `[name]:port` first where the port is not 22, then the plain name. */
export type HostNames = readonly [string, ...string[]];

/** @param alias HostKeyAlias, which stands for the host whatever its port. */
export function hostNames(host: string, port: number, alias?: string): HostNames {
  const name = (alias ?? host).toLowerCase();
  return alias !== undefined || port === 22 ? [name] : [`[${name}]:${port}`, name];
}

function readLine(file: string, line: number, text: string): readonly KnownHostLine[] {
  const words = text.trim().split(/[ \t]+/);
  const marked = words[0]?.startsWith('@') === true;
  const mark = marked ? marks.get(words.shift() ?? '') : 'none';
  const [hosts = '', type = '', key = ''] = words;
  if (mark === undefined || hosts.startsWith('#') || !/^[A-Za-z0-9+/]+=*$/.test(key)) return [];
  return [{ file, line, mark, hosts, type, key }];
}

const marks: ReadonlyMap<string, KnownHostLine['mark']> = new Map([['@revoked', 'revoked'], ['@cert-authority', 'authority']]);

function judge(lines: readonly KnownHostLine[], names: HostNames, shown: HostKey, hmac: HmacSha1): HostKeyVerdict {
  const about = names.map(name => lines.filter(line => isAbout(line, name, hmac)));
  // A revoked key is refused under whatever name of the host it is listed, a known one is taken.
  const revoked = about.flat().find(line => line.mark === 'revoked' && line.key === shown.key);
  if (revoked !== undefined) return { is: 'revoked', file: revoked.file, line: revoked.line };
  if (about.flat().some(line => line.mark === 'none' && line.key === shown.key)) return { is: 'known' };
  // Another server may listen on port 22 of the same machine: its keys say nothing against this one.
  const plain = (about[0] ?? []).filter(line => line.mark === 'none');
  const other = plain.find(line => line.type === shown.type) ?? plain[0];
  if (other !== undefined) return { is: 'changed', file: other.file, line: other.line };
  return { is: 'unknown', authority: about.flat().some(line => line.mark === 'authority') };
}

function typesOf(lines: readonly KnownHostLine[], names: HostNames, hmac: HmacSha1): readonly string[] {
  const about = names.map(name => lines.filter(line => line.mark === 'none' && isAbout(line, name, hmac)));
  return [...new Set((about.find(some => some.length > 0) ?? []).map(({ type }) => type))];
}

/** Whether a line is about a name: one of its patterns matches, and none that begins with `!` does. */
function isAbout({ hosts }: KnownHostLine, name: string, hmac: HmacSha1): boolean {
  if (hosts.startsWith('|')) {
    const [, kind, salt = '', hash] = hosts.split('|');
    return kind === '1' && hmac(salt, name) === hash;
  }
  const patterns = hosts.toLowerCase().split(',');
  const matches = (pattern: string): boolean => wildcard(pattern, name);
  return patterns.some(matches) && !patterns.some(pattern => pattern.startsWith('!') && matches(pattern.slice(1)));
}

/** `*` stands for any characters, `?` for one. In time that is linear in their product, whatever the pattern. */
function wildcard(pattern: string, text: string): boolean {
  let p = 0;
  let t = 0;
  let star = -1;
  let resume = 0;
  while (t < text.length) {
    if (pattern[p] === '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === text[t])) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}

/** A new line for known_hosts, in plain text. */
export const knownHostLine = ([name]: HostNames, { type, key }: HostKey): string => `${name} ${type} ${key}\n`;
