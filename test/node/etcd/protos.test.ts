import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { extendRpcProto } from '../../../scripts/protos.mjs';

describe('the extended protos', () => {
  let proto = '';
  before(async () => { proto = await readFile('node_modules/etcd3/proto/rpc.proto', 'utf8'); });

  it('have the fields of etcd 3.6 in their messages, and nothing else changed', () => {
    const extended = extendRpcProto(proto);
    const lines = new Set(proto.split('\n'));
    assert.deepEqual(extended.split('\n').filter(line => !lines.has(line)).map(line => line.trim()), [
      'int64 hash_revision = 4;', 'string version = 4;', 'string storageVersion = 11;', 'int64 dbSizeQuota = 12;',
      'DowngradeInfo downgradeInfo = 13;', 'message DowngradeInfo {', 'bool enabled = 1;', 'string targetVersion = 2;',
    ]);
    assert.match(extended, /message SnapshotResponse \{[^}]*bytes blob = 3;\s+string version = 4;\s+\}/);
  });

  it('stop the build when the text is not the one they extend', () => {
    const changed: readonly (readonly [string, string])[] = [
      ['message StatusResponse {', 'message StatusReply {'],
      ['  int64 compact_revision = 3;\n}\nmessage HashResponse', '  int64 compact_revision = 3;\n  int64 other = 4;\n}\nmessage HashResponse'],
      ['bool linearizable = 1;', ''],
      ['bool isLearner = 10;', 'bool isLearner = 11;'],
      ['message SnapshotRequest {', 'message DowngradeInfo {\n}\nmessage SnapshotRequest {'],
    ];
    for (const [from, to] of changed) {
      assert.ok(proto.includes(from), from);
      assert.throws(() => extendRpcProto(proto.replace(from, to)), /scripts\/protos\.mjs/, `${from} → ${to}`);
    }
  });
});
