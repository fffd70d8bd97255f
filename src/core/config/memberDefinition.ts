import type { MemberDefinition, TlsFiles } from '../cluster/definition.js';
import type { EtcdConfig, PathSetting, TlsConfig } from './etcdConfig.js';
import type { HostPath } from './hostPath.js';

/** What the definition of a cluster can take from one member's configuration. Paths are the host's. */
export interface MemberDraft {
  readonly run: 'staticPod';
  readonly member: Omit<MemberDefinition, 'host' | 'dataDir' | 'start' | 'stop'> & { readonly dataDir?: string };
  /** The name of the node it runs on, where the text says so; the machine's address is for a person to say. */
  readonly node?: string;
  /** The server's own certificate, which etcd takes from a client too (kubeadm makes it for both). */
  readonly tls?: TlsFiles;
  /** Paths a person has to be asked for, since the text does not say where they are on the host. */
  readonly asks: readonly PathAsk[];
}

export interface PathAsk {
  readonly what: 'dataDir' | 'walDir' | 'caFile' | 'certFile' | 'keyFile';
  /** The path as the container sees it. */
  readonly containerPath: string;
  readonly because: Exclude<HostPath, { readonly kind: 'host' }>['kind'];
}

/** Turns a member's configuration into the pieces of a cluster's definition; what it cannot know is asked, never guessed. */
export function memberDefinition(config: EtcdConfig): MemberDraft {
  const asks: PathAsk[] = [];
  const onHost = (what: PathAsk['what'], path: PathSetting | undefined): string | undefined => {
    if (path === undefined || path.host.kind === 'host') return path?.host.kind === 'host' ? path.host.path : undefined;
    asks.push({ what, containerPath: path.value, because: path.host.kind });
    return undefined;
  };
  const dataDir = onHost('dataDir', config.dataDir);
  const walDir = onHost('walDir', config.walDir);
  const tls = tlsOf(config, onHost);
  return {
    run: 'staticPod',
    member: {
      name: config.name.value,
      clientUrls: config.advertiseClientUrls.value,
      peerUrls: config.initialAdvertisePeerUrls.value,
      ...dataDir !== undefined && { dataDir },
      ...walDir !== undefined && { walDir },
    },
    ...config.pod.node && { node: config.pod.node.value },
    ...tls && { tls },
    asks,
  };
}

function tlsOf(config: EtcdConfig, onHost: (what: PathAsk['what'], path: PathSetting | undefined) => string | undefined): TlsFiles | undefined {
  if (!config.advertiseClientUrls.value.some(url => url.startsWith('https:'))) return undefined;
  const { clientTls } = config;
  const caFile = onHost('caFile', clientTls.trustedCaFile);
  const certFile = asksClients(clientTls) ? onHost('certFile', clientTls.certFile) : undefined;
  const keyFile = asksClients(clientTls) ? onHost('keyFile', clientTls.keyFile) : undefined;
  return { ...caFile !== undefined && { caFile }, ...certFile !== undefined && { certFile }, ...keyFile !== undefined && { keyFile } };
}

/** A trusted CA alone also makes etcd ask clients for a certificate (client/pkg/transport `TLSInfo.ServerConfig`). */
const asksClients = (tls: TlsConfig): boolean => tls.clientCertAuth.value || tls.trustedCaFile !== undefined;
