import { KnownError } from '../../core/errors.js';

/** Where to dial, and whether with TLS. */
export interface Target {
  /** `host:port`, `[v6]:port` or `unix:/path`. */
  readonly address: string;
  readonly secure: boolean;
}

/** The name or address in a target, without brackets. */
export const hostNameOf = ({ address }: Target): string => /^\[?(.*?)\]?:\d+$/.exec(address)?.[1] ?? 'localhost';

const unixPath = /^unix(s?):(?:\/\/)?(\/.+)$/;
const url = /^(?:(https?):\/\/)?(\[[0-9a-fA-F:.%\w]+\]|[^\s/:[\]@?#]+):(\d{1,5})\/?$/i;

/** Reads an endpoint as etcdctl takes it; without a scheme, `tlsGiven` decides. Throws `ETCD_BAD_ENDPOINT`. */
export function targetOf(endpoint: string, tlsGiven: boolean): Target {
  const text = endpoint.trim();
  const unix = unixPath.exec(text);
  if (unix?.[2] !== undefined) return { address: `unix:${unix[2]}`, secure: unix[1] === 's' };
  const [, scheme, host, port] = url.exec(text) ?? [];
  if (host === undefined || port === undefined || Number(port) < 1 || Number(port) > 65_535) {
    throw new KnownError('ETCD_BAD_ENDPOINT', { endpoint });
  }
  return { address: `${host}:${port}`, secure: scheme === undefined ? tlsGiven : scheme.toLowerCase() === 'https' };
}
