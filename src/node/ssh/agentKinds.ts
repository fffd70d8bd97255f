import { OpenSSHAgent } from 'ssh2';
import type { BeyondSsh2 } from '../../core/host/sshSettings.js';

/** What the agent holds that only OpenSSH can use: ssh2 passes over such keys without a word. */
export async function agentKinds(socket: string): Promise<readonly BeyondSsh2[]> {
  const stream = await new Promise<NodeJS.ReadWriteStream | undefined>(resolve => {
    new OpenSSHAgent(socket).getStream((_error, opened) => resolve(opened ?? undefined));
  });
  if (stream === undefined) return [];
  const types = await new Promise<readonly string[]>(resolve => {
    let reply = Buffer.alloc(0);
    stream.on('data', (chunk: Buffer) => {
      reply = Buffer.concat([reply, chunk]);
      if (reply.length >= 4 && reply.length >= 4 + reply.readUInt32BE(0)) resolve(keyTypes(reply.subarray(4)));
    });
    stream.on('close', () => resolve([])).on('error', () => resolve([]));
    stream.write(Buffer.from([0, 0, 0, 1, REQUEST_IDENTITIES]));
  });
  stream.end();
  return [
    ...(types.some(type => type.includes('-cert-v01@')) ? ['AGENT_CERTIFICATE' as const] : []),
    ...(types.some(type => type.startsWith('sk-')) ? ['SECURITY_KEY' as const] : []),
  ];
}

const REQUEST_IDENTITIES = 11;
const IDENTITIES_ANSWER = 12;

/** The key types in an answer of the agent protocol: a count, then a blob and a comment for each; a blob begins with its type. */
function keyTypes(answer: Buffer): readonly string[] {
  const types: string[] = [];
  let at = 5;
  const field = (): Buffer | undefined => {
    if (at + 4 > answer.length) return undefined;
    const start = at + 4;
    at = start + answer.readUInt32BE(at);
    return at > answer.length ? undefined : answer.subarray(start, at);
  };
  if (answer[0] !== IDENTITIES_ANSWER) return types;
  for (let blob = field(); blob !== undefined && blob.length >= 4; blob = field()) {
    types.push(blob.subarray(4, 4 + blob.readUInt32BE(0)).toString('latin1'));
    field();
  }
  return types;
}
