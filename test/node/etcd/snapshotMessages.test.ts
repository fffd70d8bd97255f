import assert from 'node:assert/strict';
import path from 'node:path';
import { loadSync } from '@grpc/proto-loader';
import type { MethodDefinition } from '@grpc/proto-loader';
import fc from 'fast-check';
import { SnapshotMessages } from '../../../src/node/etcd/snapshotMessages.js';

const service = loadSync(path.resolve('node_modules/etcd3/proto/rpc.proto'), { keepCase: true })['etcdserverpb.Maintenance'];
assert.ok(service !== undefined && 'Snapshot' in service);
const { responseSerialize } = (service as unknown as Readonly<Record<string, MethodDefinition<object, object>>>)['Snapshot'] ?? assert.fail();

const framed = (message: Uint8Array, flag = 0): Buffer => {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt8(flag);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
};
const read = (pieces: readonly Uint8Array[]): { blob: string; remainingBytes: number; version?: string }[] => {
  const messages = new SnapshotMessages();
  return pieces.flatMap(piece => messages.read(piece)).map(({ blobs, ...rest }) => ({ blob: Buffer.concat(blobs).toString('hex'), ...rest }));
};

describe('the messages of a snapshot', () => {
  it('are those that were written, wherever the stream is cut into pieces', () => {
    const message = fc.record({
      blob: fc.uint8Array({ maxLength: 300 }), remaining_bytes: fc.nat(Number.MAX_SAFE_INTEGER),
      header: fc.option(fc.record({ revision: fc.nat(), member_id: fc.nat() }), { nil: undefined }),
    });
    fc.assert(fc.property(fc.array(message, { maxLength: 6 }), fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1 }), (sent, sizes) => {
      const bytes = Buffer.concat(sent.map(one => framed(responseSerialize(one))));
      const pieces: Buffer[] = [];
      for (let at = 0, n = 0; at < bytes.length; n++) {
        const size = sizes[n % sizes.length] ?? 1;
        pieces.push(bytes.subarray(at, at + size));
        at += size;
      }
      assert.deepEqual(read(pieces), sent.map(one => ({ blob: Buffer.from(one.blob).toString('hex'), remainingBytes: one.remaining_bytes })));
    }));
  });

  it('may have fields that are not known, and the version of etcd 3.6', () => {
    const message = Buffer.from([0x22, 3, ...Buffer.from('3.6'), 0x28, 0x96, 1, 0x31, ...Buffer.alloc(8), 0x3d, ...Buffer.alloc(4), 0x1a, 1, 7, 0x42, 2, 9, 9, 0x10, 0x80, 2]);
    assert.deepEqual(read([framed(message)]), [{ blob: '07', remainingBytes: 256, version: '3.6' }]);
  });

  it('are waited for to their last byte', () => {
    const bytes = framed(Buffer.from([0x1a, 2, 1, 2]));
    assert.deepEqual(read([bytes.subarray(0, -1)]), []);
    assert.deepEqual(read([bytes.subarray(0, -1), bytes.subarray(-1)]), [{ blob: '0102', remainingBytes: 0 }]);
  });

  for (const [what, bytes, words] of [
    ['a compressed message', framed(Buffer.alloc(3), 1), /compressed/],
    ['a message too long to be one', Buffer.from('HTTP/1.1 400 Bad Request'), /compressed|bytes/],
    ['a length that no message has', Buffer.from([0, 0xff, 0xff, 0xff, 0xff]), /4294967295 bytes/],
    ['a field longer than its message', framed(Buffer.from([0x1a, 9, 1])), /ends within a field/],
    ['a field that reaches into the next message', Buffer.concat([framed(Buffer.from([0x1a, 9, 1])), Buffer.alloc(20)]), /ends after its message/],
    ['a number without end', framed(Buffer.alloc(20, 0xff)), /more than ten bytes/],
    ['a group, which etcd has none of', framed(Buffer.from([0x0b])), /wire type 3/],
  ] as const) {
    it(`are not read from ${what}`, () => { assert.throws(() => read([bytes]), words); });
  }
});
