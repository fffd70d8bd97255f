/** What the manifests of a host's control plane depend on. */
export interface ControlPlane {
  /** Of Kubernetes. */
  readonly version: string;
  readonly address: string;
}

interface Component {
  readonly name: string;
  readonly flags: readonly string[];
  /** Host paths, mounted at the same place, read only; directories or files. */
  readonly mounts: Readonly<Record<string, string>>;
  readonly port: number;
  readonly host: string;
  readonly cpu: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

const pki = '/etc/kubernetes/pki';

/** The manifest that kubeadm writes for kube-apiserver. */
export const apiServerManifest = (plane: ControlPlane): string => manifest(plane.version, {
  name: 'kube-apiserver', port: 6443, host: plane.address, cpu: '250m',
  annotations: { 'kubeadm.kubernetes.io/kube-apiserver.advertise-address.endpoint': `${plane.address}:6443` },
  mounts: { 'ca-certs': '/etc/ssl/certs', 'k8s-certs': pki },
  flags: [
    `--advertise-address=${plane.address}`, '--allow-privileged=true', '--authorization-mode=Node,RBAC', `--client-ca-file=${pki}/ca.crt`,
    '--enable-admission-plugins=NodeRestriction', '--enable-bootstrap-token-auth=true', `--etcd-cafile=${pki}/etcd/ca.crt`,
    `--etcd-certfile=${pki}/apiserver-etcd-client.crt`, `--etcd-keyfile=${pki}/apiserver-etcd-client.key`, '--etcd-servers=https://127.0.0.1:2379',
    `--kubelet-client-certificate=${pki}/apiserver-kubelet-client.crt`, `--kubelet-client-key=${pki}/apiserver-kubelet-client.key`,
    '--kubelet-preferred-address-types=InternalIP,ExternalIP,Hostname', `--proxy-client-cert-file=${pki}/front-proxy-client.crt`,
    `--proxy-client-key-file=${pki}/front-proxy-client.key`, '--requestheader-allowed-names=front-proxy-client',
    `--requestheader-client-ca-file=${pki}/front-proxy-ca.crt`, '--requestheader-extra-headers-prefix=X-Remote-Extra-',
    '--requestheader-group-headers=X-Remote-Group', '--requestheader-username-headers=X-Remote-User', '--secure-port=6443',
    '--service-account-issuer=https://kubernetes.default.svc.cluster.local', `--service-account-key-file=${pki}/sa.pub`,
    `--service-account-signing-key-file=${pki}/sa.key`, '--service-cluster-ip-range=10.96.0.0/12',
    `--tls-cert-file=${pki}/apiserver.crt`, `--tls-private-key-file=${pki}/apiserver.key`,
  ],
});

/** The manifest that kubeadm writes for kube-controller-manager. */
export const controllerManagerManifest = ({ version }: ControlPlane): string => manifest(version, {
  name: 'kube-controller-manager', port: 10257, host: '127.0.0.1', cpu: '200m',
  mounts: { 'ca-certs': '/etc/ssl/certs', 'k8s-certs': pki, 'kubeconfig': '/etc/kubernetes/controller-manager.conf' },
  flags: [
    ...kubeconfigFlags('/etc/kubernetes/controller-manager.conf'), `--client-ca-file=${pki}/ca.crt`, '--cluster-name=kubernetes',
    `--cluster-signing-cert-file=${pki}/ca.crt`, `--cluster-signing-key-file=${pki}/ca.key`, '--controllers=*,bootstrapsigner,tokencleaner',
    `--requestheader-client-ca-file=${pki}/front-proxy-ca.crt`, `--root-ca-file=${pki}/ca.crt`, `--service-account-private-key-file=${pki}/sa.key`,
    '--use-service-account-credentials=true',
  ],
});

/** The manifest that kubeadm writes for kube-scheduler. */
export const schedulerManifest = ({ version }: ControlPlane): string => manifest(version, {
  name: 'kube-scheduler', port: 10259, host: '127.0.0.1', cpu: '100m',
  mounts: { kubeconfig: '/etc/kubernetes/scheduler.conf' },
  flags: kubeconfigFlags('/etc/kubernetes/scheduler.conf'),
});

const kubeconfigFlags = (file: string): string[] =>
  [`--authentication-kubeconfig=${file}`, `--authorization-kubeconfig=${file}`, '--bind-address=127.0.0.1', `--kubeconfig=${file}`, '--leader-elect=true'];

function manifest(version: string, component: Component): string {
  const { name, flags, mounts, annotations = {} } = component;
  const probe = (kind: string, failures: number): string => `    ${kind}:
      failureThreshold: ${failures}
      httpGet:
        host: ${component.host}
        path: /livez
        port: ${component.port}
        scheme: HTTPS
      initialDelaySeconds: 10
      periodSeconds: 10
      timeoutSeconds: 15
`;
  const annotated = Object.entries(annotations).map(([key, value]) => `    ${key}: ${value}\n`).join('');
  return `apiVersion: v1
kind: Pod
metadata:
${annotated === '' ? '' : `  annotations:\n${annotated}`}  labels:
    component: ${name}
    tier: control-plane
  name: ${name}
  namespace: kube-system
spec:
  containers:
  - command:
    - ${name}
${[...flags].sort().map(flag => `    - ${flag}\n`).join('')}    image: registry.k8s.io/${name}:v${version}
    imagePullPolicy: IfNotPresent
${probe('livenessProbe', 8)}    name: ${name}
    resources:
      requests:
        cpu: ${component.cpu}
${probe('startupProbe', 24)}    volumeMounts:
${Object.entries(mounts).map(([key, at]) => `    - mountPath: ${at}\n      name: ${key}\n      readOnly: true\n`).join('')}  hostNetwork: true
  priority: 2000001000
  priorityClassName: system-node-critical
  securityContext:
    seccompProfile:
      type: RuntimeDefault
  volumes:
${Object.entries(mounts).map(([key, at]) => `  - hostPath:\n      path: ${at}\n      type: ${at.endsWith('.conf') ? 'FileOrCreate' : 'DirectoryOrCreate'}\n    name: ${key}\n`).join('')}status: {}
`;
}
