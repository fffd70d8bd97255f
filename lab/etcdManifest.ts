import { compareVersions } from '../scripts/etcdVersions.js';

/** What a member's manifest depends on. */
export interface EtcdManifest {
  readonly version: string;
  readonly name: string;
  readonly address: string;
  /** Members known when this one joined, itself among them; the first knows only itself. */
  readonly known: readonly { readonly name: string; readonly address: string }[];
}

/**
 * The manifest that kubeadm writes for etcd of this version. Its `--initial-cluster` is kubeadm's too: what was known at the
 * join, and never brought up to date.
 */
export function etcdManifest(member: EtcdManifest): string {
  const health = compareVersions(member.version, '3.6.0') >= 0 ? { live: '/livez', ready: '/readyz' }
    : { live: '/health?exclude=NOSPACE&serializable=true', ready: '/health?serializable=false' };
  return `apiVersion: v1
kind: Pod
metadata:
  annotations:
    kubeadm.kubernetes.io/etcd.advertise-client-urls: https://${member.address}:2379
  labels:
    component: etcd
    tier: control-plane
  name: etcd
  namespace: kube-system
spec:
  containers:
  - command:
    - etcd
${flags(member).map(flag => `    - ${flag}\n`).join('')}    image: registry.k8s.io/etcd:${member.version}-0
    imagePullPolicy: IfNotPresent
    livenessProbe:
${probe(health.live, 8)}
    name: etcd
    resources:
      requests:
        cpu: 100m
        memory: 100Mi
    startupProbe:
${probe(health.ready, 24)}
    volumeMounts:
    - mountPath: /var/lib/etcd
      name: etcd-data
    - mountPath: /etc/kubernetes/pki/etcd
      name: etcd-certs
  hostNetwork: true
  priority: 2000001000
  priorityClassName: system-node-critical
  securityContext:
    seccompProfile:
      type: RuntimeDefault
  volumes:
  - hostPath:
      path: /etc/kubernetes/pki/etcd
      type: DirectoryOrCreate
    name: etcd-certs
  - hostPath:
      path: /var/lib/etcd
      type: DirectoryOrCreate
    name: etcd-data
status: {}
`;
}

const probe = (path: string, failures: number): string => `      failureThreshold: ${failures}
      httpGet:
        host: 127.0.0.1
        path: ${path}
        port: 2381
        scheme: HTTP
      initialDelaySeconds: 10
      periodSeconds: 10
      timeoutSeconds: 15`;

/** In kubeadm's order, which is the alphabet's. */
function flags({ version, name, address, known }: EtcdManifest): string[] {
  const pki = '/etc/kubernetes/pki/etcd';
  const all = [
    `--advertise-client-urls=https://${address}:2379`, `--cert-file=${pki}/server.crt`, '--client-cert-auth=true', '--data-dir=/var/lib/etcd',
    `--initial-advertise-peer-urls=https://${address}:2380`,
    `--initial-cluster=${known.map(one => `${one.name}=https://${one.address}:2380`).join(',')}`,
    ...(known.length > 1 ? ['--initial-cluster-state=existing'] : []),
    `--key-file=${pki}/server.key`, `--listen-client-urls=https://127.0.0.1:2379,https://${address}:2379`,
    '--listen-metrics-urls=http://127.0.0.1:2381', `--listen-peer-urls=https://${address}:2380`, `--name=${name}`,
    `--peer-cert-file=${pki}/peer.crt`, '--peer-client-cert-auth=true', `--peer-key-file=${pki}/peer.key`,
    `--peer-trusted-ca-file=${pki}/ca.crt`, '--snapshot-count=10000', `--trusted-ca-file=${pki}/ca.crt`,
    ...flagsOfItsTime(version),
  ];
  const flagName = (flag: string): string => flag.split('=')[0] ?? flag;
  return all.sort((a, b) => flagName(a) < flagName(b) ? -1 : 1);
}

function flagsOfItsTime(version: string): string[] {
  if (compareVersions(version, '3.6.0') >= 0) return ['--feature-gates=InitialCorruptCheck=true', '--watch-progress-notify-interval=5s'];
  if (compareVersions(version, '3.5.0') >= 0) return ['--experimental-initial-corrupt-check=true', '--experimental-watch-progress-notify-interval=5s'];
  return [];
}
