import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readManifest } from '../../../src/core/config/readManifest.js';

const read = (text: string) => readManifest({ file: 'x.yaml', sha256: 'ab', text });
const fixture = (name: string): string => readFileSync(join(import.meta.dirname, 'fixtures', name), 'utf8');

const apiServer = (flags: readonly string[]): string => `apiVersion: v1
kind: Pod
metadata:
  name: kube-apiserver
  namespace: kube-system
spec:
  containers:
  - name: kube-apiserver
    image: registry.k8s.io/kube-apiserver:v1.34.1
    command:
    - /usr/local/bin/kube-apiserver
${flags.map(flag => `    - ${flag}`).join('\n')}
`;

describe('a manifest of a host', () => {
  it('of etcd tells which member it runs', () => {
    const { pod, command, etcd, image, api } = read(fixture('kubeadm-1.34.yaml'));
    assert.deepEqual([pod, command, api], ['etcd', 'etcd', undefined]);
    assert.equal(etcd?.dataDir, '/var/lib/etcd');
    assert.equal(etcd.peerUrls.length, 1);
    assert(image?.startsWith('registry.k8s.io/etcd:'));
    assert(etcd.initialCluster.every(entry => /^[\w.-]+=https:\/\//.test(entry)), etcd.initialCluster.join());
  });

  it('of etcd that cannot be read safely tells nothing of the member', () => {
    assert.deepEqual(read(fixture('openshift.yaml')).etcd, undefined);
    assert.deepEqual(read(fixture('kubeadm-1.34.yaml').replace(/- etcd\n/, '- sh\n')).etcd, undefined);
  });

  it('of an API server tells its port, the CA of its certificate and its name', () => {
    assert.deepEqual(read(apiServer(['--advertise-address=10.0.0.1', '--secure-port=8443', '--client-ca-file=/pki/ca.crt'])).api, { port: 8443, caFile: '/pki/ca.crt', serverName: '10.0.0.1' });
    assert.deepEqual(read(apiServer(['--advertise-address', '10.0.0.2'])).api, { port: 6443, caFile: '/etc/kubernetes/pki/ca.crt', serverName: '10.0.0.2' });
    assert.deepEqual(read(apiServer(['--secure-port=99999'])).api, { port: 6443, caFile: '/etc/kubernetes/pki/ca.crt', serverName: 'kubernetes' });
    assert.equal(read(apiServer([])).command, 'kube-apiserver');
  });

  it('that is none is one without a pod', () => {
    for (const text of ['', 'nonsense', '{', '- a\n- b\n', 'kind: Deployment\nmetadata: { name: etcd }\n', '\0\0', 'a: &a [*a]\n', '['.repeat(5000)]) {
      assert.deepEqual(read(text), { file: 'x.yaml', sha256: 'ab', pod: '', command: '' }, JSON.stringify(text.slice(0, 40)));
    }
  });
});
