import { connect as connectHttp2 } from 'node:http2';
import type { ClientHttp2Session } from 'node:http2';
import { connect, isIP } from 'node:net';
import type { Socket } from 'node:net';
import { checkServerIdentity, connect as connectTls, rootCertificates } from 'node:tls';
import { textOf } from '../../core/errors.js';
import { connectionLost, noAnswer, notConnected } from './grpcError.js';
import type { TlsMaterial } from './readTls.js';

/** Where to dial and with what. */
export interface Dial {
  /** `host:port`, `[v6]:port` or `unix:/path`. */
  readonly address: string;
  /** Milliseconds until the server must have answered. */
  readonly timeoutMs: number;
  readonly tls?: TlsMaterial;
}

/** With the 64 KiB of HTTP/2, the server would wait for us again and again. */
const WINDOW_BYTES = 8 << 20;
/** MiB of all that a session holds, the window included. */
const SESSION_MEMORY = 64;
const KEEPALIVE_MS = 10_000;

/** The name of the server in a request. */
export const authorityOf = (address: string): string => address.startsWith('unix:') ? 'localhost' : address;

/**
 * Opens an HTTP/2 connection of its own to an etcd. Rejects with a GrpcError in the words that grpc-js has for it. A
 * peer that is gone or frozen later ends the session within twenty seconds.
 */
export async function openHttp2Session(dial: Dial, signal: AbortSignal): Promise<ClientHttp2Session> {
  signal.throwIfAborted();
  const established = Promise.withResolvers();
  const socket = openSocket(dial);
  // An alert that ends the handshake reaches the socket alone.
  socket.on('error', established.reject).once('close', () => { established.reject(new Error('Failed to connect')); });
  const session = connectHttp2(`${dial.tls ? 'https' : 'http'}://localhost`, {
    createConnection: () => socket, settings: { initialWindowSize: WINDOW_BYTES, enablePush: false }, maxSessionMemory: SESSION_MEMORY,
  });
  session.once('remoteSettings', established.resolve).on('error', established.reject);
  const late = noAnswer();
  const timer = setTimeout(() => { established.reject(late); }, dial.timeoutMs);
  const cancel = (): void => { established.reject(late); };
  signal.addEventListener('abort', cancel, { once: true });
  try {
    await established.promise;
  } catch (error) {
    session.destroy();
    socket.destroy();
    signal.throwIfAborted();
    throw error === late ? late : notConnected(textOf(error), error);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', cancel);
  }
  session.setLocalWindowSize(WINDOW_BYTES);
  keepAlive(session);
  return session;
}

function openSocket({ address, tls }: Dial): Socket {
  const unixPath = address.startsWith('unix:') ? address.slice('unix:'.length) : undefined;
  const [, host = 'localhost', port] = /^\[?(.*?)\]?:(\d+)$/.exec(authorityOf(address)) ?? [];
  const where = unixPath === undefined ? { host, port: Number(port) } : { path: unixPath };
  if (tls === undefined) return connect({ ...where, noDelay: true });
  const name = tls.serverName ?? host;
  return connectTls({
    ...where,
    ca: tls.ca ?? [...rootCertificates],
    ...(tls.client && { cert: tls.client.cert, key: tls.client.key }),
    ALPNProtocols: ['h2'],
    // Said out loud, or NODE_TLS_REJECT_UNAUTHORIZED in the editor's environment would switch it off.
    rejectUnauthorized: true,
    // TLS does not ask for addresses; the certificate is held against them all the same.
    servername: isIP(name) === 0 ? name : '',
    checkServerIdentity: (_, certificate) => checkServerIdentity(name, certificate),
  });
}

/** etcd takes a ping every 5 s. */
function keepAlive(session: ClientHttp2Session): void {
  let answered = true;
  const timer = setInterval(() => {
    if (!answered) session.destroy(connectionLost());
    else session.ping(error => { answered = error === null; });
    answered = false;
  }, KEEPALIVE_MS);
  session.once('close', () => { clearInterval(timer); });
}
