/** A key and its value as an API server would store them, were its storage JSON. */
export interface StoredObject {
  readonly key: string;
  readonly value: string;
}

interface Made {
  readonly apiVersion: string;
  readonly kind: string;
  /** Below `/registry`, in the plural. */
  readonly folder: string;
  readonly namespace?: string;
  readonly name: string;
  readonly body: Readonly<Record<string, unknown>>;
}

const namespaces = ['default', 'kube-system', 'monitoring', 'ingress', 'payments', 'shop', 'search', 'identity'];
const apps = ['api', 'web', 'worker', 'scheduler', 'cache', 'gateway', 'importer', 'mailer', 'report', 'audit'];
const nodes = ['cp-1', 'cp-2', 'cp-3', 'node-1', 'node-2', 'node-3', 'node-4', 'node-5'];

/** The objects of a small cluster, more than two thousand keys, always the same. */
export function kubernetesObjects(): StoredObject[] {
  return [...clusterWide(), ...namespaces.flatMap(namespace => [...inNamespace(namespace), ...apps.flatMap(app => ofApp(namespace, app))])].map(store);
}

function clusterWide(): Made[] {
  return [
    ...namespaces.map((name): Made => ({ apiVersion: 'v1', kind: 'Namespace', folder: 'namespaces', name, body: { spec: { finalizers: ['kubernetes'] }, status: { phase: 'Active' } } })),
    ...nodes.map((name, at): Made => ({
      apiVersion: 'v1', kind: 'Node', folder: 'minions', name,
      body: { spec: { podCIDR: `10.244.${at}.0/24`, taints: name.startsWith('cp') ? [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }] : [] },
        status: { capacity: { cpu: '8', memory: '32Gi', pods: '110' }, nodeInfo: { kubeletVersion: 'v1.33.4', osImage: 'Debian GNU/Linux 12', containerRuntimeVersion: 'containerd://1.7.27' } } },
    })),
    ...nodes.map((name): Made => ({
      apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', folder: 'leases', namespace: 'kube-node-lease', name,
      body: { spec: { holderIdentity: name, leaseDurationSeconds: 40, renewTime: '2026-11-20T02:59:51.000000Z' } },
    })),
  ];
}

function inNamespace(namespace: string): Made[] {
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', folder: 'serviceaccounts', namespace, name: 'default', body: {} },
    { apiVersion: 'v1', kind: 'ConfigMap', folder: 'configmaps', namespace, name: 'kube-root-ca.crt', body: { data: { 'ca.crt': text('ca', 1100) } } },
    ...range(20).map((at): Made => ({
      apiVersion: 'v1', kind: 'Event', folder: 'events', namespace, name: `${namespace}.${hex(`event-${namespace}-${at}`, 16)}`,
      body: { reason: at % 3 === 0 ? 'BackOff' : 'Pulled', type: at % 3 === 0 ? 'Warning' : 'Normal', count: at + 1, message: 'Container image is already present on the machine' },
    })),
  ];
}

function ofApp(namespace: string, app: string): Made[] {
  const labels = { app, 'pod-template-hash': hex(`${namespace}-${app}`, 9) };
  const revision = `${app}-${labels['pod-template-hash']}`;
  const template = { metadata: { labels }, spec: { serviceAccountName: app, containers: [{ name: app, image: `registry.example.com/${namespace}/${app}:1.${app.length}.4`, ports: [{ containerPort: 8080 }] }] } };
  return [
    { apiVersion: 'apps/v1', kind: 'Deployment', folder: 'deployments', namespace, name: app, body: { spec: { replicas: 12, selector: { matchLabels: { app } }, template } } },
    { apiVersion: 'apps/v1', kind: 'ReplicaSet', folder: 'replicasets', namespace, name: revision, body: { spec: { replicas: 12, selector: { matchLabels: labels }, template } } },
    { apiVersion: 'v1', kind: 'Service', folder: 'services/specs', namespace, name: app, body: { spec: { selector: { app }, ports: [{ port: 80, targetPort: 8080 }], clusterIP: `10.96.${namespace.length}.${app.charCodeAt(0)}` } } },
    { apiVersion: 'v1', kind: 'ServiceAccount', folder: 'serviceaccounts', namespace, name: app, body: {} },
    ...range(5).map((at): Made => ({ apiVersion: 'v1', kind: 'ConfigMap', folder: 'configmaps', namespace, name: `${app}-config-${at}`, body: { data: { 'application.yaml': text(`${namespace}${app}${at}`, 600) } } })),
    ...range(4).map((at): Made => ({ apiVersion: 'v1', kind: 'Secret', folder: 'secrets', namespace, name: `${app}-secret-${at}`, body: { type: 'Opaque', data: { token: hex(`${namespace}-${app}-secret-${at}`, 44) } } })),
    ...range(12).map((at): Made => ({
      apiVersion: 'v1', kind: 'Pod', folder: 'pods', namespace, name: `${revision}-${hex(`${namespace}-${app}-pod-${at}`, 5)}`,
      body: { spec: { ...template.spec, nodeName: nodes[3 + at % 5] }, status: { phase: 'Running', podIP: `10.244.${3 + at % 5}.${at + 10}`, startTime: '2026-11-20T01:12:30Z' } },
    })),
  ];
}

function store(made: Made): StoredObject {
  const place = made.namespace === undefined ? made.name : `${made.namespace}/${made.name}`;
  const metadata = {
    name: made.name, ...(made.namespace === undefined ? {} : { namespace: made.namespace }),
    uid: `${hex(place, 8)}-${hex(made.kind, 4)}-4${hex(made.folder, 3)}-8${hex(place, 3)}-${hex(`${made.kind}/${place}`, 12)}`,
    creationTimestamp: '2026-11-20T01:12:24Z',
  };
  return { key: `/registry/${made.folder}/${place}`, value: JSON.stringify({ kind: made.kind, apiVersion: made.apiVersion, metadata, ...made.body }) };
}

const range = (count: number): number[] => Array.from({ length: count }, (_, at) => at);

/** Hexadecimal digits that look like chance and are the same every time. */
function hex(seed: string, length: number): string {
  let state = 0x811c9dc5;
  for (const character of seed) state = Math.imul(state ^ character.charCodeAt(0), 0x01000193) >>> 0;
  let digits = '';
  while (digits.length < length) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    digits += (state >>> 8).toString(16).padStart(6, '0');
  }
  return digits.slice(0, length);
}

const text = (seed: string, length: number): string => range(Math.ceil(length / 40)).map(at => `${hex(`${seed}/${at}`, 6)}: ${hex(`${seed}=${at}`, 30)}`).join('\n');
