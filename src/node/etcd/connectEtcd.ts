import type { TlsFiles } from '../../core/cluster/definition.js';
import type { EtcdEndpoint } from '../../core/cluster/status.js';
import type { ReadCertificate } from './readTls.js';
import { hostNameOf, targetOf } from './target.js';

export interface ConnectOptions {
  /** Milliseconds a call may take, the snapshot stream excepted. Default 5000. */
  readonly timeoutMs?: number;
  /** For clusters with etcd's own users. */
  readonly user?: { readonly name: string; readonly password: string };
  /** Where to dial instead, and how certificate files are read there. The endpoint's own name is still the one that is checked. */
  readonly via?: { readonly address: string; readonly read: ReadCertificate };
}

/**
 * A client of exactly one endpoint (`https://host:2379`, `http://[::1]:2379`, `host:2379`, `unix:/path`). Reads the
 * certificate files and loads the etcd client when first called, but dials only with the first call. The caller closes it.
 * Rejects with `ETCD_BAD_ENDPOINT`, `FILE_UNREADABLE` or an `ETCD_TLS_…` code of the files.
 */
export async function connectEtcd(endpoint: string, tls?: TlsFiles, { via, ...options }: ConnectOptions = {}): Promise<EtcdEndpoint> {
  const target = targetOf(endpoint, tls !== undefined);
  const { openEndpoint, readTls } = await import('./openEndpoint.lazy.js');
  const material = target.secure ? await readTls(endpoint, tls ?? {}, via?.read) : undefined;
  const named = material && via !== undefined && material.serverName === undefined ? { ...material, serverName: hostNameOf(target) } : material;
  return openEndpoint({ endpoint, address: via?.address ?? target.address, timeoutMs: 5000, ...options, ...(named && { tls: named }) });
}
