import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { TlsFiles } from '../../core/cluster/definition.js';
import { KnownError, textOf } from '../../core/errors.js';

/** Certificates and key in memory, checked to belong together. */
export interface TlsMaterial {
  readonly ca?: Buffer;
  readonly client?: ClientCertificate;
  readonly serverName?: string;
}

export interface ClientCertificate {
  readonly cert: Buffer;
  readonly key: Buffer;
  readonly certFile: string;
  /** ISO 8601, UTC. */
  readonly validTo: string;
}

/** Reads a certificate file. Rejects with FILE_UNREADABLE. */
export type ReadCertificate = (path: string) => Promise<Buffer>;

const readHere: ReadCertificate = path => readFile(path).catch((error: unknown) => {
  throw new KnownError('FILE_UNREADABLE', { path, reason: textOf(error) }, { cause: error });
});

const parseCertificate = (path: string, pem: Buffer): X509Certificate => {
  try {
    return new X509Certificate(pem);
  } catch (error) {
    throw new KnownError('ETCD_TLS_FILE_INVALID', { path, reason: textOf(error) }, { cause: error });
  }
};

const encrypted = /^-----BEGIN ENCRYPTED PRIVATE KEY|^Proc-Type: 4,ENCRYPTED/m;

const parseKey = (path: string, pem: Buffer): KeyObject => {
  if (encrypted.test(pem.toString('latin1'))) throw new KnownError('ETCD_TLS_KEY_ENCRYPTED', { path });
  try {
    return createPrivateKey(pem);
  } catch (error) {
    throw new KnownError('ETCD_TLS_FILE_INVALID', { path, reason: textOf(error) }, { cause: error });
  }
};

async function readClient(endpoint: string, { certFile, keyFile }: TlsFiles, read: ReadCertificate): Promise<ClientCertificate | undefined> {
  if (certFile === undefined && keyFile === undefined) return undefined;
  if (certFile === undefined || keyFile === undefined) {
    throw new KnownError('ETCD_TLS_FILES_INCOMPLETE', { endpoint, given: certFile ?? keyFile ?? '', missing: certFile === undefined ? 'certFile' : 'keyFile' });
  }
  const [cert, key] = await Promise.all([read(certFile), read(keyFile)]);
  const certificate = parseCertificate(certFile, cert);
  if (!certificate.checkPrivateKey(parseKey(keyFile, key))) {
    throw new KnownError('ETCD_TLS_KEY_MISMATCH', { certFile, keyFile });
  }
  return { cert, key, certFile, validTo: certificate.validToDate.toISOString() };
}

/**
 * Reads the certificate files, from this machine unless `read` is another, and checks what can be checked without a server. Keys stay in memory.
 * Rejects with `FILE_UNREADABLE` or `ETCD_TLS_…`, naming the file.
 */
export async function readTls(endpoint: string, files: TlsFiles, read: ReadCertificate = readHere): Promise<TlsMaterial> {
  const [ca, client] = await Promise.all([
    files.caFile === undefined ? undefined : read(files.caFile),
    readClient(endpoint, files, read),
  ]);
  if (ca !== undefined && files.caFile !== undefined) parseCertificate(files.caFile, ca);
  return {
    ...(ca && { ca }),
    ...(client && { client }),
    ...(files.serverName !== undefined && { serverName: files.serverName }),
  };
}
