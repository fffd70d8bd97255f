import type { Duplex } from 'node:stream';
import { KnownError } from '../../core/errors.js';
import type { Host } from '../../core/host/host.js';

/** Awaited before anything is sent to a host; rejects with what stands against it. */
export type Gate = () => Promise<void>;

/** A host through which TCP addresses can be reached; apart from `Host`, since the core knows no streams. */
export interface DialingHost extends Host {
  /** The same host behind a gate, which is passed once a connection is there and before a script is sent over it: whenever a new one was made. */
  behind(gate: Gate): DialingHost;
  /** Connects to a TCP address as this host sees it, such as `127.0.0.1:2379` or `[::1]:2379`. Rejects with HOST_DIAL_FAILED. */
  dial(address: string, signal: AbortSignal): Promise<Duplex>;
}

/** @throws KnownError HOST_DIAL_FAILED when it is no `host:port`. */
export function readAddress(name: string, address: string): { readonly host: string; readonly port: number } {
  const [, v6, plain, digits] = /^(?:\[([0-9a-fA-F:.%\w]+)\]|([\w.-]+)):(\d{1,5})$/.exec(address) ?? [];
  const host = v6 ?? plain;
  const port = Number(digits);
  if (host === undefined || host.startsWith('-') || port < 1 || port > 65_535) {
    throw new KnownError('HOST_DIAL_FAILED', { host: name, address, reason: 'host:port' });
  }
  return { host, port };
}
