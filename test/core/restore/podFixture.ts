import type { ManifestFacts, PodFacts, RestoreFacts } from '../../../src/core/restore/facts.js';
import { etcdutl, factsOf } from './factsFixture.js';

/** The same cluster as static pods on `n` hosts, as kubeadm makes it: each manifest lists the members there were when its host joined. */
export function podFactsOf(n: number, change: Parameters<typeof factsOf>[1] = {}): RestoreFacts {
  const facts = factsOf(n, change);
  const name = (at: number): string => `cp-${at + 1}`;
  const peerUrl = (at: number): string => `https://10.0.0.${at + 1}:2380`;
  const clientUrl = (at: number): string => `https://10.0.0.${at + 1}:2379`;
  const { live } = facts;
  return {
    ...facts,
    cluster: {
      name: 'prod-eu', run: 'staticPod', snapshotFolders: [],
      tls: { at: 'host', caFile: '/etc/kubernetes/pki/etcd/ca.crt', certFile: '/etc/kubernetes/pki/etcd/healthcheck-client.crt', keyFile: '/etc/kubernetes/pki/etcd/healthcheck-client.key' },
      members: facts.cluster.members.map((_, at) => ({ name: name(at), host: name(at), clientUrls: [clientUrl(at)], peerUrls: [peerUrl(at)], dataDir: '/var/lib/etcd' })),
    },
    members: facts.members.map((member, at) => ({
      ...member, name: name(at), pods: podsOf(at, Array.from({ length: at + 1 }, (__, before) => `${name(before)}=${peerUrl(before)}`)),
      ...(member.status === undefined ? {} : { status: { ...member.status, endpoint: clientUrl(at) } }),
      disk: { ...member.disk, fileSystem: '2049' },
    })),
    ...(live === undefined ? {} : { live: { ...live, members: live.members.map((member, at) => ({ ...member, name: name(at), peerUrls: [peerUrl(at)], clientUrls: [clientUrl(at)] })) } }),
    snapshot: { ...facts.snapshot, report: { ...facts.snapshot.report, status: { ...facts.snapshot.report.status, members: [{ id: 1n, name: name(0), peerUrls: [peerUrl(0)], clientUrls: [], isLearner: false }] } } },
    tools: new Map(facts.cluster.members.map((_, at) => [name(at), [etcdutl('3.5.30')]])),
  };
}

const sha256 = (digit: string): string => digit.repeat(64);

function podsOf(at: number, initialCluster: readonly string[]): PodFacts {
  const manifest = (pod: string, digit: string): ManifestFacts => ({ file: `${pod}.yaml`, sha256: sha256(digit), pod, command: pod });
  return {
    dir: '/etc/kubernetes/manifests', exists: true, movable: true, kubeletUnit: true,
    manifests: [
      { ...manifest('etcd', 'a'), etcd: { name: `cp-${at + 1}`, dataDir: '/var/lib/etcd', peerUrls: [`https://10.0.0.${at + 1}:2380`], clientUrls: [`https://10.0.0.${at + 1}:2379`], initialCluster } },
      { ...manifest('kube-apiserver', 'b'), api: { port: 6443, caFile: '/etc/kubernetes/pki/ca.crt', serverName: `10.0.0.${at + 1}` } },
      manifest('kube-controller-manager', 'c'),
      manifest('kube-scheduler', 'd'),
    ],
  };
}

/** The same with other manifests on one host. */
export const withPods = (facts: RestoreFacts, at: number, change: (pods: PodFacts) => Partial<PodFacts>): RestoreFacts => ({
  ...facts, members: facts.members.map((member, n) => n !== at || member.pods === undefined ? member : { ...member, pods: { ...member.pods, ...change(member.pods) } }),
});
