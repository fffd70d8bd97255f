import type { SnapshotChunk } from '../../core/cluster/status.js';

/** gRPC's own before each message: whether it is compressed, and its length. */
const PREFIX_BYTES = 5;
/** etcd sends 32 KiB; what is announced to be far longer is no snapshot, and would be kept in memory. */
const MAX_MESSAGE_BYTES = 16 << 20;
/** Protobuf's tag of a field, `number << 3 | wire type`: of SnapshotResponse in etcd's api/etcdserverpb/rpc.proto. */
const REMAINING_BYTES = 2 << 3;
const BLOB = 3 << 3 | 2;
const VERSION = 4 << 3 | 2;

/**
 * Reads the messages of a snapshot out of the bytes of its HTTP/2 stream, without copying what they hold: a gigabyte
 * is 30,000 messages. Throws an Error for what is no such message.
 */
export class SnapshotMessages {
  private readonly queue = new ByteQueue();
  private size: number | undefined;

  /** The messages that are whole with these bytes. */
  read(bytes: Uint8Array): SnapshotChunk[] {
    this.queue.push(bytes);
    const found: SnapshotChunk[] = [];
    for (;;) {
      if (this.size === undefined && this.queue.length >= PREFIX_BYTES) this.size = readSize(this.queue);
      if (this.size === undefined || this.queue.length < this.size) return found;
      found.push(readMessage(this.queue, this.size));
      this.size = undefined;
    }
  }
}

/** Bytes that came in pieces. */
class ByteQueue {
  length = 0;
  private at = 0;
  private readonly pieces: Uint8Array[] = [];

  push(piece: Uint8Array): void {
    if (piece.length > 0) this.pieces.push(piece);
    this.length += piece.length;
  }

  byte(): number {
    const byte = this.pieces[0]?.[this.at];
    if (byte === undefined) throw new Error('a message ends within a field');
    this.forward(1);
    return byte;
  }

  /** Views of the next bytes. */
  take(length: number): Uint8Array[] {
    const views: Uint8Array[] = [];
    for (let left = length; left > 0;) {
      const view = this.pieces[0]?.subarray(this.at, this.at + left);
      if (view === undefined) throw new Error('a message ends within a field');
      views.push(view);
      left -= view.length;
      this.forward(view.length);
    }
    return views;
  }

  private forward(count: number): void {
    this.length -= count;
    this.at += count;
    if (this.at < (this.pieces[0]?.length ?? 0)) return;
    this.pieces.shift();
    this.at = 0;
  }
}

function readSize(queue: ByteQueue): number {
  if (queue.byte() !== 0) throw new Error('a compressed message, which was not asked for');
  const size = ((queue.byte() * 256 + queue.byte()) * 256 + queue.byte()) * 256 + queue.byte();
  if (size > MAX_MESSAGE_BYTES) throw new Error(`a message of ${size} bytes`);
  return size;
}

/** A number as protobuf writes it; exact up to 2^53, which is more than any database has bytes. */
function readNumber(queue: ByteQueue): number {
  let value = 0;
  for (let unit = 1; unit < 2 ** 70; unit *= 128) {
    const byte = queue.byte();
    value += (byte & 127) * unit;
    if (byte < 128) return value;
  }
  throw new Error('a number of more than ten bytes');
}

const textOf = (views: readonly Uint8Array[]): string => Buffer.concat(views).toString('utf8');

function readMessage(queue: ByteQueue, size: number): SnapshotChunk {
  const end = queue.length - size;
  let blobs: readonly Uint8Array[] = [];
  let remainingBytes = 0;
  let version = '';
  while (queue.length > end) {
    const tag = readNumber(queue);
    if (tag === REMAINING_BYTES) remainingBytes = readNumber(queue);
    else if (tag === BLOB) blobs = queue.take(readNumber(queue));
    else if (tag === VERSION) version = textOf(queue.take(readNumber(queue)));
    else skip(queue, tag & 7);
  }
  if (queue.length < end) throw new Error('a field ends after its message');
  return { blobs, remainingBytes, ...(version !== '' && { version }) };
}

/** Passes over a field that a later etcd may add, or the header. */
function skip(queue: ByteQueue, wireType: number): void {
  if (wireType === 0) readNumber(queue);
  else if (wireType === 1) queue.take(8);
  else if (wireType === 2) queue.take(readNumber(queue));
  else if (wireType === 5) queue.take(4);
  else throw new Error(`a field of the unknown wire type ${wireType}`);
}
