import { readFile } from 'node:fs/promises';
import { BaseAgent, OpenSSHAgent, utils } from 'ssh2';
import type { ParsedKey, SignCallback, SigningRequestOptions } from 'ssh2';
import type { BeyondSsh2 } from '../../core/host/sshSettings.js';
import { agentKinds } from './agentKinds.js';
import type { Hop } from './hops.js';
import { MOST_ANSWERS, type Secrets } from './secrets.js';

/** A key that may open a host. What it takes to sign, such as a passphrase, is asked for when the host takes the key. */
export interface Identity {
  readonly publicKey: ParsedKey;
  sign(data: Buffer, options: SigningRequestOptions): Promise<Buffer>;
}

/** The keys to offer, in OpenSSH's order, and what is there that only OpenSSH can use. */
export interface Identities {
  readonly usable: readonly Identity[];
  readonly beyond: readonly BeyondSsh2[];
}

/** Keys of the agent that are named in the configuration first, then its others, then key files that the agent does not have. */
export async function identitiesOf({ name, settings }: Hop, secrets: Secrets, signal: AbortSignal): Promise<Identities> {
  const socket = settings.identityAgent ?? process.env['SSH_AUTH_SOCK'] ?? (process.platform === 'win32' ? WINDOWS_AGENT : 'none');
  const agent = socket === 'none' || socket === '' ? [] : await agentIdentities(socket);
  const files = (await Promise.all(settings.identityFiles.map(path => fileIdentity(name, path, secrets, signal)))).filter(file => file !== undefined);
  const usableFiles = files.filter((file): file is Identity => typeof file === 'object');
  const isOf = (list: readonly Identity[]) => (one: Identity) => list.some(other => other.publicKey.getPublicSSH().equals(one.publicKey.getPublicSSH()));
  const named = agent.filter(isOf(usableFiles));
  const others = settings.identitiesOnly ? [] : agent.filter(one => !isOf(usableFiles)(one));
  return {
    usable: [...named, ...others, ...usableFiles.filter(one => !isOf(agent)(one))],
    beyond: [...files.filter(file => typeof file === 'string'), ...socket === 'none' || socket === '' ? [] : await agentKinds(socket)],
  };
}

/** Where OpenSSH for Windows listens. */
const WINDOWS_AGENT = '\\\\.\\pipe\\openssh-ssh-agent';

async function agentIdentities(socket: string): Promise<readonly Identity[]> {
  const agent = new OpenSSHAgent(socket);
  // An agent that does not answer has no keys for us; the key files may do.
  const keys = await new Promise<readonly ParsedKey[]>(resolve => {
    agent.getIdentities((error, list) => resolve(error ? [] : parsedKeys(list)));
  });
  return keys.map(publicKey => ({
    publicKey,
    sign: (data, options) => new Promise((resolve, reject) => {
      agent.sign(publicKey, data, options, (error, signature) => {
        if (signature !== undefined) resolve(signature);
        else reject(error instanceof Error ? error : new Error('The agent does not sign'));
      });
    }),
  }));
}

const parsedKeys = (list: unknown): readonly ParsedKey[] => Array.isArray(list) ? list as readonly ParsedKey[] : [];

/** Undefined when there is no such key; a reason when only OpenSSH can use it. */
async function fileIdentity(host: string, path: string, secrets: Secrets, signal: AbortSignal): Promise<Identity | BeyondSsh2 | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const open = parsed(text);
  if (open?.isPrivateKey() === true) return { publicKey: open, sign: (data, { hash }) => signed(open, data, hash) };
  const publicText = await readFile(`${path}.pub`, 'utf8').catch(() => undefined) ?? publicPart(text);
  if (publicText === undefined) return undefined;
  if (publicText.startsWith('sk-')) return 'SECURITY_KEY';
  const publicKey = parsed(publicText);
  if (publicKey === undefined) return undefined;
  return { publicKey, sign: async (data, { hash }) => signed(await unlocked(host, path, text, secrets, signal), data, hash) };
}

function parsed(text: string, passphrase?: string): ParsedKey | undefined {
  const key: unknown = utils.parseKey(text, passphrase);
  const first: unknown = Array.isArray(key) ? key[0] : key;
  return first instanceof Error ? undefined : first as ParsedKey;
}

async function unlocked(host: string, keyFile: string, text: string, secrets: Secrets, signal: AbortSignal): Promise<ParsedKey> {
  const question = { is: 'passphrase', host, keyFile } as const;
  let wrong: string | undefined;
  for (let n = 0; n < MOST_ANSWERS; n++) {
    const passphrase = await secrets.ask(question, wrong, signal);
    if (passphrase === undefined) throw new Error('no passphrase');
    const key = parsed(text, passphrase);
    if (key?.isPrivateKey() === true) return key;
    wrong = passphrase;
  }
  if (wrong !== undefined) secrets.wasWrong(question, wrong);
  throw new Error('wrong passphrase');
}

async function signed(key: ParsedKey, data: Buffer, hash: string | undefined): Promise<Buffer> {
  const signature: unknown = key.sign(data, hash);
  if (Buffer.isBuffer(signature)) return Promise.resolve(signature);
  throw signature instanceof Error ? signature : new Error('The key does not sign');
}

/** The public key that an encrypted private key of OpenSSH's own format begins with. */
function publicPart(text: string): string | undefined {
  const [, body = ''] = /-----BEGIN OPENSSH PRIVATE KEY-----([A-Za-z0-9+/=\s]+)-----END/.exec(text) ?? [];
  const bytes = Buffer.from(body, 'base64');
  const magic = 'openssh-key-v1\0';
  if (bytes.subarray(0, magic.length).toString('latin1') !== magic) return undefined;
  let at = magic.length;
  const next = (): Buffer | undefined => {
    if (at + 4 > bytes.length) return undefined;
    const end = at + 4 + bytes.readUInt32BE(at);
    if (end > bytes.length) return undefined;
    const field = bytes.subarray(at + 4, end);
    at = end;
    return field;
  };
  next(); // cipher
  next(); // key derivation and
  next(); // its options
  at += 4; // how many keys: one
  const blob = next();
  if (blob === undefined || blob.length < 4) return undefined;
  return `${blob.subarray(4, 4 + blob.readUInt32BE(0)).toString('latin1')} ${blob.toString('base64')}`;
}

/** An agent with one key: ssh2 would offer those of an agent without asking in which order, and the host counts. */
export class OneKeyAgent extends BaseAgent<ParsedKey> {
  readonly #identity: Identity;

  constructor(identity: Identity) {
    super();
    this.#identity = identity;
  }

  override getIdentities(done: (error: Error | null | undefined, keys?: ParsedKey[]) => void): void {
    done(null, [this.#identity.publicKey]);
  }

  override sign(_key: ParsedKey, data: Buffer, options: SigningRequestOptions | SignCallback, done?: SignCallback): void {
    const answer = typeof options === 'function' ? options : done;
    this.#identity.sign(data, typeof options === 'function' ? {} : options).then(
      signature => answer?.(null, signature),
      (error: unknown) => answer?.(error instanceof Error ? error : new Error(String(error))),
    );
  }
}
