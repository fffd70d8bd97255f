import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { run } from './run.js';

/** A certificate that kubeadm makes on each control-plane host. */
interface Wanted {
  /** Path below `/etc/kubernetes/pki` without its ending. */
  readonly name: string;
  readonly authority: 'ca' | 'etcd/ca' | 'front-proxy-ca';
  readonly subject: string;
  readonly usage: 'serverAuth' | 'clientAuth' | 'serverAuth,clientAuth';
  readonly altNames?: readonly string[];
}

/** A host to make certificates for. */
interface Named {
  readonly name: string;
  readonly address: string;
}

const authorities = [['ca', 'kubernetes'], ['etcd/ca', 'etcd-ca'], ['front-proxy-ca', 'front-proxy-ca']] as const;
/** The first address of kubeadm's service network. */
const serviceAddress = '10.96.0.1';

/** Makes the cluster's authorities, the service accounts' keys and the administrator's certificate in a folder. */
export async function makeAuthorities(folder: string): Promise<void> {
  await mkdir(path.join(folder, 'etcd'), { recursive: true });
  await Promise.all(authorities.map(([name, subject]) => run(['openssl', 'req', '-x509', ...newKey(path.join(folder, name)), '-days', '3650',
    '-subj', `/CN=${subject}`, '-out', path.join(folder, `${name}.crt`), '-addext', `subjectAltName=DNS:${subject}`,
    '-addext', 'keyUsage=critical,digitalSignature,keyEncipherment,keyCertSign'])));
  await run(['openssl', 'genrsa', '-out', path.join(folder, 'sa.key'), '2048']);
  await run(['openssl', 'rsa', '-in', path.join(folder, 'sa.key'), '-pubout', '-out', path.join(folder, 'sa.pub')]);
  const clients = { 'admin': '/O=system:masters/CN=kubernetes-admin', 'controller-manager': '/CN=system:kube-controller-manager', 'scheduler': '/CN=system:kube-scheduler' };
  await Promise.all(Object.entries(clients).map(([name, subject]) =>
    sign(folder, folder, { name, authority: 'ca', subject, usage: 'clientAuth' })));
  await sign(folder, folder, { name: 'etcd/client', authority: 'etcd/ca', subject: '/O=system:masters/CN=kube-etcd-healthcheck-client', usage: 'clientAuth' });
}

/** Makes a host's `/etc/kubernetes/pki`, as kubeadm leaves it on a control-plane host, with the authorities' own files in it. */
export async function makeHostPki(shared: string, host: Named, hosts: readonly Named[], folder: string): Promise<void> {
  await mkdir(path.join(folder, 'etcd'), { recursive: true });
  for (const name of ['ca.crt', 'ca.key', 'etcd/ca.crt', 'etcd/ca.key', 'front-proxy-ca.crt', 'front-proxy-ca.key', 'sa.key', 'sa.pub'])
    await copyFile(path.join(shared, name), path.join(folder, name));
  await Promise.all(certificates(host, hosts).map(wanted => sign(shared, folder, wanted)));
}

function certificates(host: Named, hosts: readonly Named[]): Wanted[] {
  const etcdNames = [`DNS:${host.name}`, 'DNS:localhost', `IP:${host.address}`, 'IP:127.0.0.1', 'IP:::1'];
  const serverNames = ['kubernetes', 'kubernetes.default', 'kubernetes.default.svc', 'kubernetes.default.svc.cluster.local', host.name].map(name => `DNS:${name}`);
  const both = 'serverAuth,clientAuth';
  return [
    { name: 'etcd/server', authority: 'etcd/ca', subject: `/CN=${host.name}`, usage: both, altNames: etcdNames },
    { name: 'etcd/peer', authority: 'etcd/ca', subject: `/CN=${host.name}`, usage: both, altNames: etcdNames },
    { name: 'etcd/healthcheck-client', authority: 'etcd/ca', subject: '/CN=kube-etcd-healthcheck-client', usage: 'clientAuth' },
    { name: 'apiserver-etcd-client', authority: 'etcd/ca', subject: '/CN=kube-apiserver-etcd-client', usage: 'clientAuth' },
    {
      name: 'apiserver', authority: 'ca', subject: '/CN=kube-apiserver', usage: 'serverAuth',
      altNames: [...serverNames, `IP:${serviceAddress}`, 'IP:127.0.0.1', ...hosts.map(({ address }) => `IP:${address}`)],
    },
    { name: 'apiserver-kubelet-client', authority: 'ca', subject: '/O=kubeadm:cluster-admins/CN=kube-apiserver-kubelet-client', usage: 'clientAuth' },
    { name: 'front-proxy-client', authority: 'front-proxy-ca', subject: '/CN=front-proxy-client', usage: 'clientAuth' },
  ];
}

async function sign(shared: string, folder: string, wanted: Wanted): Promise<void> {
  const files = path.join(folder, wanted.name);
  const authority = path.join(shared, wanted.authority);
  const extensions = [
    'basicConstraints=critical,CA:false', 'keyUsage=critical,digitalSignature,keyEncipherment', `extendedKeyUsage=${wanted.usage}`,
    ...(wanted.altNames === undefined ? [] : [`subjectAltName=${wanted.altNames.join(',')}`]), '',
  ];
  const request = (await run(['openssl', 'req', ...newKey(files), '-subj', wanted.subject])).stdout;
  await writeFile(`${files}.ext`, extensions.join('\n'));
  await run(['openssl', 'x509', '-req', '-CA', `${authority}.crt`, '-CAkey', `${authority}.key`, '-days', '365', '-extfile', `${files}.ext`,
    '-out', `${files}.crt`], { input: request });
  await run(['rm', `${files}.ext`]);
}

/** Openssl makes key files that only their owner reads. */
const newKey = (files: string): string[] => ['-newkey', 'rsa:2048', '-nodes', '-keyout', `${files}.key`];
