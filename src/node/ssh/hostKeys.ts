import { createHash, createHmac } from 'node:crypto';
import { constants } from 'node:fs';
import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { KnownError, textOf } from '../../core/errors.js';
import { hostNames, knownHostLine, readKnownHosts, type HostKey, type HostNames, type KnownHosts } from '../../core/host/knownHosts.js';
import type { Hop } from './hops.js';
import type { Secrets } from './secrets.js';

/** What is on record about a hop's host key. */
export interface HostKeys {
  /** The algorithms for the types the host is known by; the host is to use one of these. */
  readonly algorithms: readonly string[];
  /** Resolves when the key may be trusted. Rejects with HOST_KEY_CHANGED, HOST_KEY_REVOKED, HOST_KEY_UNKNOWN, or `needsAuthority`. */
  check(blob: Buffer, secrets: Secrets, signal: AbortSignal): Promise<void>;
}

/** The host may have a certificate of a known authority, which only OpenSSH can check. */
export const needsAuthority = new Error('a certificate authority vouches for this host');

/** Reads the files anew for each connection: a key may have been revoked since. */
export async function hostKeysOf({ name, settings }: Hop): Promise<HostKeys> {
  const texts = await Promise.all(settings.knownHosts.map(async path => ({ path, text: await readFile(path, 'utf8').catch(missing(path)) })));
  const known = readKnownHosts(texts, (key, text) => createHmac('sha1', Buffer.from(key, 'base64')).update(text).digest('base64'));
  const names = hostNames(settings.hostName, settings.port, settings.hostKeyAlias);
  return {
    algorithms: known.types(names).flatMap(type => type === 'ssh-rsa' ? ['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa'] : [type]),
    check: (blob, secrets, signal) => check({ name, names, known, file: settings.knownHosts[0] }, blob, secrets, signal),
  };
}

/** A file that is there and cannot be read may hold the line that revokes the key. */
const missing = (path: string) => (error: unknown): string => {
  if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return '';
  throw new KnownError('FILE_UNREADABLE', { path, reason: textOf(error) }, { cause: error });
};

interface Record {
  readonly name: string;
  readonly names: HostNames;
  readonly known: KnownHosts;
  readonly file: string | undefined;
}

async function check({ name, names, known, file }: Record, blob: Buffer, secrets: Secrets, signal: AbortSignal): Promise<void> {
  const key: HostKey = { type: typeOf(blob), key: blob.toString('base64') };
  const fingerprint = fingerprintOf(blob);
  const verdict = known.judge(names, key);
  switch (verdict.is) {
    case 'known':
      return;
    case 'revoked':
    case 'changed':
      throw new KnownError(verdict.is === 'revoked' ? 'HOST_KEY_REVOKED' : 'HOST_KEY_CHANGED',
        { host: name, address: names[0], type: key.type, fingerprint, file: verdict.file, line: verdict.line });
    case 'unknown':
      if (verdict.authority) throw needsAuthority;
      if (!await secrets.trusts({ host: name, address: names[0], type: key.type, fingerprint }, signal)) {
        throw new KnownError('HOST_KEY_UNKNOWN', { host: name, address: names[0], type: key.type, fingerprint });
      }
      if (file !== undefined) await remember(file, knownHostLine(names, key));
  }
}

/** As ssh-keygen prints it. */
export const fingerprintOf = (blob: Buffer): string => `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;

const typeOf = (blob: Buffer): string => blob.length < 4 ? '' : blob.subarray(4, 4 + blob.readUInt32BE(0)).toString('latin1');

async function remember(path: string, line: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await using file = await open(path, constants.O_RDWR | constants.O_APPEND | constants.O_CREAT, 0o600);
    const { size } = await file.stat();
    const { bytesRead, buffer } = await file.read(Buffer.alloc(1), 0, 1, Math.max(0, size - 1));
    await file.appendFile(bytesRead === 1 && buffer[0] !== 10 ? `\n${line}` : line);
    await file.sync();
  } catch (error) {
    throw new KnownError('FILE_UNWRITABLE', { path, reason: textOf(error) }, { cause: error });
  }
}
