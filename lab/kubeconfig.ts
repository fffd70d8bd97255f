import { readFile } from 'node:fs/promises';
import path from 'node:path';

/** A kubeconfig as kubeadm writes it, for a client certificate that `makeAuthorities` made. */
export async function kubeconfig(pki: string, client: 'admin' | 'controller-manager' | 'scheduler', server: string): Promise<string> {
  const base64 = async (file: string): Promise<string> => (await readFile(path.join(pki, file))).toString('base64');
  const user = client === 'admin' ? 'kubernetes-admin' : `system:kube-${client}`;
  return `apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: ${await base64('ca.crt')}
    server: ${server}
  name: kubernetes
contexts:
- context:
    cluster: kubernetes
    user: ${user}
  name: ${user}@kubernetes
current-context: ${user}@kubernetes
kind: Config
preferences: {}
users:
- name: ${user}
  user:
    client-certificate-data: ${await base64(`${client}.crt`)}
    client-key-data: ${await base64(`${client}.key`)}
`;
}
