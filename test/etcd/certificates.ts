import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A certificate and its key, as files. */
export interface CertificateFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

/** What kubeadm lays into `/etc/kubernetes/pki/etcd`, under the same names. */
export interface Certificates {
  readonly caFile: string;
  readonly server: CertificateFiles;
  readonly peer: CertificateFiles;
  /** kubeadm's `healthcheck-client`. */
  readonly client: CertificateFiles;
}

/** Makes an authority and the three certificates of an etcd on this machine, valid for `localhost` and 127.0.0.1. */
export async function makeCertificates(folder: string): Promise<Certificates> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const at = (name: string): CertificateFiles => ({ certFile: path.join(folder, `${name}.crt`), keyFile: path.join(folder, `${name}.key`) });
  const ca = at('ca');
  await run('openssl', ['req', '-x509', ...newKey(ca), '-days', '365', '-subj', '/CN=etcd-ca', '-out', ca.certFile,
    '-addext', 'keyUsage=critical,digitalSignature,keyEncipherment,keyCertSign']);
  const san = 'subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1';
  const sign = async (name: string, subject: string, extensions: readonly string[]): Promise<CertificateFiles> => {
    const files = at(name);
    const request = path.join(folder, `${name}.csr`);
    const extensionFile = path.join(folder, `${name}.ext`);
    await writeFile(extensionFile, ['keyUsage=critical,digitalSignature,keyEncipherment', ...extensions, ''].join('\n'));
    await run('openssl', ['req', ...newKey(files), '-subj', subject, '-out', request]);
    await run('openssl', ['x509', '-req', '-in', request, '-CA', ca.certFile, '-CAkey', ca.keyFile, '-CAcreateserial',
      '-CAserial', path.join(folder, `${name}.srl`), '-days', '365', '-extfile', extensionFile, '-out', files.certFile]);
    return files;
  };
  const [server, peer, client] = await Promise.all([
    sign('server', '/CN=localhost', ['extendedKeyUsage=serverAuth,clientAuth', san]),
    sign('peer', '/CN=localhost', ['extendedKeyUsage=serverAuth,clientAuth', san]),
    sign('healthcheck-client', '/O=system:masters/CN=kube-etcd-healthcheck-client', ['extendedKeyUsage=clientAuth']),
  ]);
  return { caFile: ca.certFile, server, peer, client };
}

const newKey = (files: CertificateFiles): string[] =>
  ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', files.keyFile];
