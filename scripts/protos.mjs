// Copies the protos that etcd3 reads at run time next to the bundle, and adds what etcd 3.6 and 3.7 send and they lack.
import { copyFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const from = fileURLToPath(new URL('../node_modules/etcd3/proto', import.meta.url));

/** Fields by message, as api/etcdserverpb/rpc.proto of etcd v3.6 and v3.7 has them. */
const added = {
  StatusResponse: ['string storageVersion = 11;', 'int64 dbSizeQuota = 12;', 'DowngradeInfo downgradeInfo = 13;'],
  HashKVResponse: ['int64 hash_revision = 4;'],
  SnapshotResponse: ['string version = 4;'],
};
const newMessages = 'message DowngradeInfo {\n  bool enabled = 1;\n  string targetVersion = 2;\n}\n';
/** What must be there already. */
const expected = { MemberListRequest: ['bool linearizable = 1;'], StatusResponse: ['bool isLearner = 10;'] };

/** The text of one message of a proto. Throws unless there is exactly one, without a message inside. */
function messageOf(proto, name) {
  const found = [...proto.matchAll(new RegExp(`^message ${name} ?\\{\\n([^{}]*)^\\}`, 'gm'))];
  if (found.length !== 1) throw new Error(`etcd3's rpc.proto has ${found.length} plain messages ${name}, expected 1: look at what changed and adapt scripts/protos.mjs`);
  return { text: found[0][0], fields: found[0][1] };
}

/** rpc.proto with the fields of etcd 3.6 and later. Throws when its text is not the one this was made for. */
export function extendRpcProto(proto) {
  if (/message DowngradeInfo\b/.test(proto)) throw new Error('etcd3\'s rpc.proto has DowngradeInfo by now: remove what it brings from scripts/protos.mjs');
  for (const [name, fields] of Object.entries(expected)) {
    for (const field of fields) {
      if (!messageOf(proto, name).fields.includes(field)) throw new Error(`etcd3's rpc.proto lacks "${field}" in ${name}: adapt scripts/protos.mjs`);
    }
  }
  let extended = proto;
  for (const [name, fields] of Object.entries(added)) {
    const message = messageOf(proto, name);
    for (const field of fields) {
      const [, fieldName, number] = /(\w+) = (\d+);$/.exec(field);
      if (new RegExp(`\\b${fieldName} = |= ${number};`).test(message.fields)) {
        throw new Error(`etcd3's rpc.proto has a field ${fieldName} or number ${number} in ${name} by now: adapt scripts/protos.mjs`);
      }
    }
    extended = extended.replace(message.text, message.text.replace(/\}$/, fields.map(field => `  ${field}\n`).join('') + '}'));
  }
  return `${extended.trimEnd()}\n${newMessages}`;
}

/** Fills `to` with etcd3's protos, extended. */
export async function copyProtos(to) {
  for (const file of await readdir(from)) {
    if (file === 'rpc.proto') await writeFile(`${to}/${file}`, extendRpcProto(await readFile(`${from}/${file}`, 'utf8')));
    else await copyFile(`${from}/${file}`, `${to}/${file}`);
  }
}
