import { spawn } from 'node:child_process';
import { access, readFile } from 'node:fs/promises';
import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import { KnownError, textOf } from '../../core/errors.js';
import { readSshSettings, type SshSettings } from '../../core/host/sshSettings.js';
import { readSshTarget, sshTargetText, type SshTarget } from '../../core/host/sshTarget.js';

/** One host on the way: what it is called, and how it is reached. */
export interface Hop {
  readonly name: string;
  readonly target: SshTarget;
  readonly settings: SshSettings;
}

/** Where OpenSSH and its configuration are; both have their usual places. */
export interface OpenSsh {
  /** `ssh` or its path; undefined where there is none. */
  readonly program?: string;
  /** Instead of ~/.ssh/config and the machine's. */
  readonly configFile?: string;
}

/** More hosts on the way than anybody has: such a configuration goes round in circles. */
const MOST_HOPS = 8;

/**
 * Finds out how a host is reached: the hosts on the way and the host itself, last.
 * Rejects with HOST_TARGET_INVALID before any program is run, or HOST_CONFIG_INVALID.
 */
export async function hopsTo(name: string, openSsh: OpenSsh, signal: AbortSignal): Promise<readonly Hop[]> {
  return (await hops(name, name, openSsh, signal, MOST_HOPS)).map((hop, n, all) => n === all.length - 1 ? { ...hop, name } : hop);
}

async function hops(name: string, text: string, openSsh: OpenSsh, signal: AbortSignal, most: number, direct = false): Promise<readonly Hop[]> {
  if (most === 0) throw new KnownError('HOST_CONFIG_INVALID', { host: name, reason: `ProxyJump > ${MOST_HOPS}` });
  const target = readSshTarget(text);
  const settings = await settingsOf(name, target, openSsh, signal);
  const hop: Hop = { name: sshTargetText(target), target, settings };
  if (direct) return [hop];
  // The first of them may be behind others by its own configuration; the ones after it go through those before.
  const [first, ...others] = settings.jumps;
  if (first === undefined) return [hop];
  const way = [...await hops(name, first, openSsh, signal, most - 1)];
  for (const other of others) way.push(...await hops(name, other, openSsh, signal, most - 1, true));
  return [...way, hop];
}

async function settingsOf(name: string, target: SshTarget, openSsh: OpenSsh, signal: AbortSignal): Promise<SshSettings> {
  const text = openSsh.program === undefined ? await ownReading(name, target, openSsh) : await askedOpenSsh(name, target, openSsh.program, openSsh, signal);
  const settings = readSshSettings(text);
  if (settings === undefined) throw new KnownError('HOST_CONFIG_INVALID', { host: name, reason: text.trim().split('\n').at(-1) ?? '' });
  return expanded(settings);
}

/** The arguments that name a host to OpenSSH's programs; nothing of a name can be taken for an option. */
export const targetArgs = ({ host, user, port }: SshTarget, { configFile }: OpenSsh): readonly string[] =>
  [...(configFile === undefined ? [] : ['-F', configFile]), ...(user === undefined ? [] : ['-l', user]), ...(port === undefined ? [] : ['-p', String(port)]), '--', host];

async function askedOpenSsh(name: string, target: SshTarget, program: string, openSsh: OpenSsh, signal: AbortSignal): Promise<string> {
  const child = spawn(program, ['-G', ...targetArgs(target, openSsh)], { stdio: ['ignore', 'pipe', 'pipe'], signal, timeout: 20_000 });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => { out += text; });
  child.stderr.setEncoding('utf8').on('data', (text: string) => { err += text; });
  const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve)).catch((error: unknown) => {
    signal.throwIfAborted();
    throw new KnownError('HOST_CONFIG_INVALID', { host: name, reason: textOf(error) }, { cause: error });
  });
  if (code !== 0) throw new KnownError('HOST_CONFIG_INVALID', { host: name, reason: err.trim().split('\n').at(-1) ?? '' });
  return out;
}

/** Where OpenSSH is not installed, its configuration is read without it; `Match` then knows `host` and `user` alone. */
async function ownReading(name: string, target: SshTarget, { configFile }: OpenSsh): Promise<string> {
  const { default: SSHConfig } = await import('ssh-config');
  const text = await readFile(configFile ?? join(homedir(), '.ssh', 'config'), 'utf8').catch(() => '');
  const found = (() => {
    try {
      return SSHConfig.parse(text).compute({ Host: target.host, ...(target.user !== undefined && { User: target.user }) });
    } catch (error) {
      throw new KnownError('HOST_CONFIG_INVALID', { host: name, reason: textOf(error) }, { cause: error });
    }
  })();
  const lines = new Map(Object.entries(found).map(([key, value]) => [key.toLowerCase(), [value].flat()]));
  const first = (key: string, otherwise: string): void => { if (!lines.has(key)) lines.set(key, [otherwise]); };
  first('hostname', target.host);
  first('user', userInfo().username);
  first('port', '22');
  first('userknownhostsfile', '~/.ssh/known_hosts ~/.ssh/known_hosts2');
  first('globalknownhostsfile', '/etc/ssh/ssh_known_hosts /etc/ssh/ssh_known_hosts2');
  if (!lines.has('identityfile')) lines.set('identityfile', ['rsa', 'ecdsa', 'ecdsa_sk', 'ed25519', 'ed25519_sk'].map(kind => `~/.ssh/id_${kind}`));
  if (target.user !== undefined) lines.set('user', [target.user]);
  if (target.port !== undefined) lines.set('port', [String(target.port)]);
  return [...lines].flatMap(([key, values]) => values.map(value => `${key} ${value}`)).join('\n');
}

/** Fills in the home directory and the tokens that OpenSSH knows for files. */
async function expanded(settings: SshSettings): Promise<SshSettings> {
  const { hostName, user, port } = settings;
  const tokens: Readonly<Record<string, string>> = { d: homedir(), h: hostName, r: user, p: String(port), u: userInfo().username, i: String(process.getuid?.() ?? ''), '%': '%' };
  const file = (path: string): string =>
    path.replace(/^~(?=\/|$)/, homedir()).replaceAll(/%(.)/g, (all, token: string) => tokens[token] ?? all)
      .replaceAll(/\$\{(\w+)\}/g, (_, variable: string) => process.env[variable] ?? '');
  const identityFiles = settings.identityFiles.map(file);
  const certified = await Promise.all(identityFiles.map(path => access(`${path}-cert.pub`).then(() => true, () => false)));
  return {
    ...settings,
    identityFiles,
    knownHosts: settings.knownHosts.map(file),
    ...(settings.identityAgent !== undefined && { identityAgent: settings.identityAgent.startsWith('$') && !settings.identityAgent.startsWith('${')
      ? process.env[settings.identityAgent.slice(1)] ?? 'none' : file(settings.identityAgent) }),
    beyond: certified.includes(true) && !settings.beyond.includes('CERTIFICATE') ? [...settings.beyond, 'CERTIFICATE'] : settings.beyond,
  };
}
