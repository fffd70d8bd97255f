import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/** What is done to the bytes on their way from the server; `undefined` cuts the connection. */
export type Fault = (bytes: Buffer, sentBefore: number) => Buffer | undefined;

/** A proxy before a loopback port that does harm to what the server sends. */
export async function faultyProxy(serverUrl: string, fault: Fault): Promise<AsyncDisposable & { readonly url: string }> {
  const { port, protocol } = new URL(serverUrl);
  const sockets = new Set<Socket>();
  const server = createServer(client => {
    const upstream = connect(Number(port), '127.0.0.1');
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => { client.destroy(); upstream.destroy(); });
    }
    client.pipe(upstream);
    let sent = 0;
    upstream.on('data', (bytes: Buffer) => {
      const passed = fault(bytes, sent);
      sent += bytes.length;
      if (passed === undefined) client.resetAndDestroy();
      else if (!client.write(passed)) { upstream.pause(); client.once('drain', () => upstream.resume()); }
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `${protocol}//127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
