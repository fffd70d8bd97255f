import { kubectl, etcdctl } from './cluster.js';
import { opsPassword } from './baseImage.js';
import { sshFiles } from './keys.js';
import { leaderOf } from './machine.js';
import type { LabState } from './state.js';

/** What a person wants to know of a lab, as text. */
export async function showStatus(lab: LabState): Promise<string> {
  const hosts = await Promise.all(lab.hosts.map(async host => {
    const up = await leaderOf(host) !== undefined;
    const api = !lab.apiServer ? '' : await kubectl(lab, ['--server', `https://${host.address}:6443`, '--request-timeout=3s', 'get', '--raw', '/readyz'])
      .then(said => `  API server ${said.trim()}`, () => '  API server not ready');
    return `${host.name}  ${host.address}  ${up ? 'up' : 'DOWN'}${up ? api : ''}`;
  }));
  const etcd = await etcdctl(lab, ['endpoint', 'status', '--command-timeout=3s', '-w', 'table'], lab.hosts).catch((error: unknown) => String(error));
  return `Lab ${lab.name}: etcd ${lab.etcdVersion}, ${lab.runtime}, in ${lab.folder}
${hosts.join('\n')}
${etcd.trim()}

ssh -F ${sshFiles(lab.folder).config} cp-1          root by key; also ops@cp-1 (sudo password: ${opsPassword}) and ops-nopass@cp-1
KUBECONFIG=${lab.folder}/admin.conf kubectl get --raw /readyz
etcd's certificates: ${lab.folder}/pki/etcd/{ca.crt,client.crt,client.key}; on the hosts /etc/kubernetes/pki/etcd`;
}
