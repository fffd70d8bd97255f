/** A URL as etcd takes it: scheme, host and port, nothing after them. */
export interface EtcdUrl {
  readonly scheme: 'http' | 'https' | 'unix' | 'unixs';
  /** Without the brackets of IPv6. Empty for "every address". */
  readonly host: string;
  readonly port: number;
}

export type UrlFault = 'scheme' | 'hostPort' | 'path' | 'port';

const httpUrl = /^(https?):\/\/([^/?#]*)(.*)$/;
const hostPort = /^(?:\[([0-9a-fA-F:.%\w-]+)\]|([^\s:@[\]]*)):(\d{1,6})$/;

/** Reads one URL of a flag (etcd: client/pkg/types/urls.go `NewURLs`). */
export function readUrl(text: string): EtcdUrl | UrlFault {
  const unix = /^(unixs?):\/\/(.+)$/.exec(text);
  if (unix) return { scheme: unix[1] === 'unixs' ? 'unixs' : 'unix', host: unix[2] ?? '', port: 0 };
  const [, scheme, authority, rest] = httpUrl.exec(text) ?? [];
  if (scheme === undefined || authority === undefined) return 'scheme';
  const [, ipv6, name, port] = hostPort.exec(authority) ?? [];
  if (port === undefined) return 'hostPort';
  if (rest !== '') return 'path';
  if (Number(port) > 65535) return 'port';
  return { scheme: scheme === 'https' ? 'https' : 'http', host: ipv6 ?? name ?? '', port: Number(port) };
}

/** Whether other machines cannot reach that host. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);

/** Whether etcd can listen on it: it binds to addresses (and `localhost`), never to names. */
export const isBindable = (host: string): boolean =>
  host === '' || host === 'localhost' || host.includes(':') || /^\d{1,3}(?:\.\d{1,3}){3}$/.test(host);
