import type { ManifestFacts } from '../restore/facts.js';
import type { ContainerText, PodText } from './podText.js';
import { readConfig } from './readConfig.js';
import { sourceOf } from './source.js';
import { podsOf } from './yamlPods.js';
import { yamlTrees } from './yamlTree.js';

/** kube-apiserver's defaults. */
const securePort = 6443;
const usualCa = '/etc/kubernetes/pki/ca.crt';

/** A file that a host's manifest directory holds. */
export interface ManifestFile {
  readonly file: string;
  /** Hex. */
  readonly sha256: string;
  readonly text: string;
}

/** What a restore must know of a manifest. A file that describes no pod is one all the same: the kubelet tries it. */
export function readManifest({ file, sha256, text }: ManifestFile): ManifestFacts {
  const pod = onlyPod(text);
  const container = pod?.containers[0];
  const name = pod?.name?.text ?? '';
  const words = wordsOf(container);
  const command = (words[0] ?? '').slice((words[0] ?? '').lastIndexOf('/') + 1);
  return {
    file, sha256, command,
    // The kubelet adds the node's name; the API server's copy of a pod that was pasted has it already.
    pod: name,
    ...name === 'kube-apiserver' && { api: apiOf(words, pod) },
    ...name === 'etcd' && etcdOf(text),
  };
}

function onlyPod(text: string): PodText | undefined {
  const none = (): void => { /* What is wrong with a foreign manifest is not this run's business. */ };
  try {
    return yamlTrees(sourceOf(text), none).flatMap(tree => podsOf(tree, none))[0];
  } catch {
    return undefined;
  }
}

const wordsOf = (container: ContainerText | undefined): readonly string[] =>
  [...container?.command ?? [], ...container?.args ?? []].map(word => word.text);

function apiOf(words: readonly string[], pod: PodText | undefined): NonNullable<ManifestFacts['api']> {
  const flag = (name: string): string | undefined => {
    const at = words.findLastIndex(word => word === `--${name}` || word.startsWith(`--${name}=`));
    const word = words[at];
    return word === undefined ? undefined : word.includes('=') ? word.slice(word.indexOf('=') + 1) : words[at + 1];
  };
  const port = Number(flag('secure-port') ?? securePort);
  return {
    port: Number.isInteger(port) && port > 0 && port < 65_536 ? port : securePort,
    // Its clients' CA: kubeadm signs the server's certificate with it as well.
    caFile: flag('client-ca-file') ?? usualCa,
    serverName: flag('advertise-address') ?? pod?.hostIp?.text ?? 'kubernetes',
  };
}

/** Undefined values where the text cannot be read safely: the member's definition then differs, and the restore is refused. */
function etcdOf(text: string): Pick<ManifestFacts, 'etcd' | 'image'> {
  const reading = readConfig(text);
  if (!reading.ok) return {};
  const { config } = reading;
  return {
    ...config.pod.image && { image: config.pod.image.value },
    etcd: {
      name: config.name.value,
      dataDir: config.dataDir.host.kind === 'host' ? config.dataDir.host.path : '',
      peerUrls: config.initialAdvertisePeerUrls.value,
      clientUrls: config.advertiseClientUrls.value,
      initialCluster: config.initialCluster.value.flatMap(({ name, urls }) => urls.map(url => `${name}=${url}`)),
    },
  };
}
