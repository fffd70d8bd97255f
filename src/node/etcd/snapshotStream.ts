import { constants } from 'node:http2';
import type { ClientHttp2Stream, IncomingHttpHeaders } from 'node:http2';
import type { SnapshotChunk } from '../../core/cluster/status.js';
import { connectionLost, GrpcError, notGrpc } from './grpcError.js';
import { authorityOf, openHttp2Session } from './http2Session.js';
import type { Dial } from './http2Session.js';
import { SnapshotMessages } from './snapshotMessages.js';

/** What is handed over at once, so that a gigabyte takes thousands of hand-overs and not a hundred thousand. */
const BATCH_BYTES = 128 << 10;
/** What may lie ready until the server is made to wait. */
const READY_BYTES = 256 << 10;
/** gRPC's status for an end that says nothing. */
const UNKNOWN = 2;

/** What has come and is not handed over yet. */
interface Ready {
  chunks: SnapshotChunk[];
  bytes: number;
  /** Nothing more comes; `failure` says why if that is too early. */
  ended: boolean;
  failure?: Error;
  status?: IncomingHttpHeaders;
}

/**
 * Calls Maintenance.Snapshot over a connection of its own and yields the messages in batches. It goes past grpc-js,
 * which takes more CPU for its work on each message than all the rest of a snapshot. Rejects with a GrpcError.
 */
export async function* snapshotStream(dial: Dial, token: string | undefined, signal: AbortSignal): AsyncGenerator<readonly SnapshotChunk[]> {
  const session = await openHttp2Session(dial, signal);
  const cancel = (): void => { session.destroy(); };
  signal.addEventListener('abort', cancel, { once: true });
  try {
    const stream = session.request({
      [constants.HTTP2_HEADER_METHOD]: 'POST', [constants.HTTP2_HEADER_PATH]: '/etcdserverpb.Maintenance/Snapshot',
      [constants.HTTP2_HEADER_AUTHORITY]: authorityOf(dial.address),
      'content-type': 'application/grpc', te: 'trailers', ...(token !== undefined && { token }),
    });
    // An empty message: not compressed, no bytes.
    stream.end(Buffer.alloc(5));
    yield* batchesOf(stream);
  } finally {
    signal.removeEventListener('abort', cancel);
    session.destroy();
  }
}

async function* batchesOf(stream: ClientHttp2Stream): AsyncGenerator<readonly SnapshotChunk[]> {
  const ready: Ready = { chunks: [], bytes: 0, ended: false };
  let news = Promise.withResolvers();
  listen(stream, ready, () => { news.resolve(undefined); });
  for (;;) {
    if (!ready.ended && ready.bytes < BATCH_BYTES) await news.promise;
    const { chunks, ended } = ready;
    Object.assign(ready, { chunks: [], bytes: 0 });
    news = Promise.withResolvers();
    stream.resume();
    if (chunks.length > 0) yield chunks;
    if (ended) break;
  }
  if (ready.failure !== undefined) throw ready.failure;
  checkStatus(ready.status);
}

function listen(stream: ClientHttp2Stream, ready: Ready, tell: () => void): void {
  const messages = new SnapshotMessages();
  const end = (failure?: Error): void => {
    if (ready.ended) return;
    Object.assign(ready, { ended: true, failure });
    tell();
  };
  stream.on('response', headers => {
    if (headers[':status'] !== 200) end(notGrpc(headers[':status']));
    // A call that fails at once has its status here.
    if (headers['grpc-status'] !== undefined) ready.status = headers;
  });
  stream.on('trailers', (headers: IncomingHttpHeaders) => { ready.status = headers; });
  stream.on('data', (bytes: Buffer) => {
    try {
      if (!ready.ended) ready.chunks.push(...messages.read(bytes));
    } catch (error) {
      end(error instanceof Error ? error : new Error(String(error)));
    }
    ready.bytes += bytes.length;
    if (ready.bytes >= BATCH_BYTES) tell();
    if (ready.bytes >= READY_BYTES) stream.pause();
  });
  stream.on('error', error => { end(connectionLost(error)); });
  stream.on('close', () => { end(ready.status === undefined ? connectionLost() : undefined); });
}

/** Throws what the server says of a call that failed. */
function checkStatus(headers: IncomingHttpHeaders = {}): void {
  const status = Number(headers['grpc-status'] ?? UNKNOWN);
  if (status === 0) return;
  const message = String(headers['grpc-message'] ?? '');
  throw new GrpcError(status, decoded(message));
}

function decoded(message: string): string {
  try {
    return decodeURIComponent(message);
  } catch {
    return message;
  }
}
