import { KnownError } from '../errors.js';

/** What a person writes for a host: an alias of ~/.ssh/config, a name or an address, with user and port where they matter. */
export interface SshTarget {
  readonly host: string;
  readonly user?: string;
  readonly port?: number;
}

/**
 * Reads `[user@]host[:port]`, `[user@][v6]:port`, `ssh://…` or a bare IPv6 address. It ends in argument lists of programs and in
 * other people's configuration, so names are held to letters that mean nothing there.
 * @throws KnownError HOST_TARGET_INVALID
 */
export function readSshTarget(text: string): SshTarget {
  const target = parts(text.startsWith('ssh://') ? text.slice(6).replace(/\/$/, '') : text);
  if (target === undefined) throw new KnownError('HOST_TARGET_INVALID', { target: text.replaceAll(/[\p{Cc}\p{Cf}]/gu, '?').slice(0, 200) });
  return target;
}

function parts(text: string): SshTarget | undefined {
  const at = text.lastIndexOf('@');
  const user = at < 0 ? undefined : text.slice(0, at);
  if (user !== undefined && !isUser(user)) return undefined;
  const place = hostAndPort(text.slice(at + 1));
  return place && { ...place, ...(user !== undefined && { user }) };
}

function hostAndPort(text: string): SshTarget | undefined {
  if (isAddress6(text)) return { host: text };
  const [, bracketed, name, digits] = /^(?:\[([^\]]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const host = bracketed ?? name;
  if (host === undefined || !(bracketed !== undefined ? isAddress6(host) || isHostName(host) : isHostName(host))) return undefined;
  if (digits === undefined) return { host };
  const port = Number(digits);
  return port >= 1 && port <= 65_535 ? { host, port } : undefined;
}

/** Letters, digits and what aliases are made of; never an option. */
const isHostName = (text: string): boolean => /^[\p{L}\p{N}_][\p{L}\p{N}._-]{0,252}$/u.test(text);
const isAddress6 = (text: string): boolean => /^(?=.*:.*:)[0-9a-f:.]{2,45}(?:%[\w.-]{1,32})?$/i.test(text);
/** Domain users have a backslash, mail-like ones an `@`. */
const isUser = (text: string): boolean => /^[\p{L}\p{N}_][\p{L}\p{N}._@\\+-]{0,63}\$?$/u.test(text);

/** The target as one writes it; `readSshTarget` reads it back. */
export const sshTargetText = ({ host, user, port }: SshTarget): string =>
  `${user === undefined ? '' : `${user}@`}${port !== undefined && host.includes(':') ? `[${host}]` : host}${port === undefined ? '' : `:${port}`}`;
