import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline, type Duplex } from 'node:stream';
import type { DialingHost } from './dialingHost.js';

/** A way for a client that takes addresses only to a TCP address that a host sees. */
export interface Tunnel {
  /** `unix:/path`, or `127.0.0.1:PORT` where there are no such sockets. */
  readonly address: string;
  close(): void;
}

/**
 * Opens a tunnel. It dials once before it returns, so that what stands in the way has its own words; that connection
 * serves the first client. Rejects with HOST_DIAL_FAILED, and with what connecting to the host rejects with.
 */
export async function openTunnel(host: DialingHost, address: string, signal: AbortSignal): Promise<Tunnel> {
  const ended = new AbortController();
  let ready: Duplex | undefined = await host.dial(address, signal);
  // Nobody may be waiting for it when it breaks.
  ready.on('error', () => { ready = undefined; });
  const server = createServer(client => {
    const first = ready;
    ready = undefined;
    const dialled = first === undefined || first.destroyed ? host.dial(address, ended.signal) : Promise.resolve(first);
    dialled.then(far => {
      const giveUp = (): void => { far.destroy(); client.destroy(); };
      pipeline(client, far, giveUp);
      pipeline(far, client, giveUp);
    }, () => { client.destroy(); });
    client.on('error', () => { client.destroy(); });
  });
  // Below a folder that only this user can enter.
  const folder = process.platform === 'win32' ? undefined : await mkdtemp(join(tmpdir(), 'etcd-recovery-'));
  await listening(server, folder === undefined ? { host: '127.0.0.1', port: 0 } : { path: join(folder, 'etcd') });
  const at = server.address();
  return {
    address: folder !== undefined ? `unix:${join(folder, 'etcd')}` : `127.0.0.1:${typeof at === 'object' && at !== null ? at.port : 0}`,
    close: () => {
      ended.abort();
      ready?.destroy();
      server.close();
      if (folder !== undefined) void rm(folder, { recursive: true, force: true });
    },
  };
}

const listening = (server: Server, where: object): Promise<void> => new Promise((resolve, reject) => {
  server.once('error', reject).listen(where, () => { resolve(); });
});
