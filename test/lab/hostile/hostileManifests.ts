import assert from 'node:assert/strict';
import { etcdManifest } from '../../../lab/etcdManifest.js';
import { memberDefinition } from '../../../src/core/config/memberDefinition.js';
import { readConfig } from '../../../src/core/config/readConfig.js';
import { KnownError } from '../../../src/core/errors.js';
import type { Host } from '../../../src/core/host/host.js';
import { isPlainText } from '../../../src/core/host/shellWord.js';
import { textsIn } from '../../../src/core/textsIn.js';
import { readEtcdManifest } from '../../../src/node/restore/readEtcdManifest.js';
import { definitionOf, problemsOf } from '../../../src/vscode/clusters/addCluster/definitionOf.js';

const plain = etcdManifest({ version: '3.5.30', name: 'cp-1', address: '10.0.0.1', known: [{ name: 'cp-1', address: '10.0.0.1' }] });
const flags = ['name', 'data-dir', 'initial-advertise-peer-urls', 'advertise-client-urls', 'initial-cluster', 'trusted-ca-file', 'cert-file', 'key-file', 'listen-client-urls', 'listen-peer-urls'];
const places: readonly ((value: string) => string)[] = [
  ...flags.flatMap(flag => [
    // In YAML's quotes it is the flag's value, whatever it is; without them it may be anything.
    (value: string) => plain.replace(new RegExp(`^    - --${flag}=.*$`, 'm'), () => `    - ${JSON.stringify(`--${flag}=${value}`)}`),
    (value: string) => plain.replace(new RegExp(`^    - --${flag}=.*$`, 'm'), () => `    - --${flag}=${value}`),
  ]),
  value => plain.replace('image: registry.k8s.io/etcd:3.5.30-0', () => `image: ${JSON.stringify(value)}`),
  value => plain.replaceAll('path: /var/lib/etcd', () => `path: ${JSON.stringify(value)}`),
  value => plain.replaceAll('mountPath: /etc/kubernetes/pki/etcd', () => `mountPath: ${value}`),
  value => plain.replace('  hostNetwork: true', () => `  hostNetwork: true\n  nodeName: ${JSON.stringify(value)}`),
  value => plain.replace('status: {}', () => value),
];

/** etcd's manifest with a hostile value somewhere: where, goes round. */
export const hostileManifest = (value: string, at: number): string => places[at % places.length]?.(value) ?? plain;

/**
 * Reads the manifest of a directory on a host as Add Cluster does. It is refused with what is wrong and where, or makes a cluster in which
 * every value is one that settings may have; returns which.
 */
export async function drafted(host: Host, dir: string): Promise<'refused' | 'taken'> {
  const signal = new AbortController().signal;
  const read = await readEtcdManifest(host, host.name, dir, signal).catch((error: unknown) => {
    assert(error instanceof KnownError && error.code === 'MANIFEST_NOT_FOUND', String(error));
    assert.deepEqual(error.args, { host: host.name, dir });
  });
  if (read === undefined) return 'refused';
  assert.equal(read.file, `${dir}/etcd.yaml`);
  const reading = readConfig(read.text);
  if (!reading.ok) {
    assert(reading.findings.some(({ severity, code }) => severity === 'error' && code.length > 3));
    return 'refused';
  }
  const { member, tls } = memberDefinition(reading.config);
  const definition = definitionOf({ name: 'hostile', run: 'staticPod', endpoints: [], members: [{ ...member, host: host.name }], ...tls && { tls: { ...tls, at: 'host' } } });
  const problems = problemsOf(definition, []);
  for (const { code, field } of problems) assert(code !== 'UNKNOWN_FIELD' && field !== '', `${code} ${field}`);
  if (problems.length > 0) return 'refused';
  const [only] = definition.members;
  assert(only !== undefined && /^[\w.-]+$/.test(only.name) && [...only.clientUrls, ...only.peerUrls].every(url => /^https?:\/\/[\w.:[\]-]+$/.test(url)), JSON.stringify(definition));
  assert(only.dataDir.startsWith('/') && !only.dataDir.split('/').includes('..'), only.dataDir);
  // Control characters a setting cannot have; what turns text round, no plan.
  assert(textsIn(definition).every(text => isPlainText(text.replaceAll(/\p{Bidi_Control}/gu, ''))), JSON.stringify(definition));
  return 'taken';
}
