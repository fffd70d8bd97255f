import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Argument } from '../../src/core/config/arguments.js';
import type { ConfigErrorCode } from '../../src/core/config/errors.js';
import type { EtcdConfig } from '../../src/core/config/etcdConfig.js';
import { etcdFlags, flagNamed } from '../../src/core/config/flags.js';
import { isWithin } from '../../src/core/config/version.js';
import { compareVersions, etcdVersions } from '../../scripts/etcdVersions.js';
import type { EtcdVersion } from '../../scripts/etcdVersions.js';
import { freePorts } from '../../scripts/freePorts.js';
import { fixtures, readFixture } from '../core/config/fixtures.js';
import { skip } from '../skip.js';
import { makeCertificates } from './certificates.js';
import type { Certificates } from './certificates.js';
import { withoutEtcdVariables } from './realMember.js';

const run = promisify(execFile);

/** How long an etcd may take to serve or to give up, in milliseconds. */
const patience = 30_000;

/** Findings that say "etcd does not start": what etcd then says itself. */
const refusals: readonly (readonly [code: ConfigErrorCode, message: RegExp])[] = [
  ['FLAG_UNKNOWN', /flag provided but not defined/],
  ['FLAG_UNKNOWN_SIMILAR', /flag provided but not defined/],
  ['FLAG_NOT_IN_VERSION', /flag provided but not defined/],
  ['TLS_CERTIFICATE_MISSING', /KeyFile and CertFile must both be present/],
  ['NAME_NOT_IN_CLUSTER', /couldn't find local name/],
  ['PEER_URLS_DIFFER', /has (?:http|https).* but missing from --initial-advertise-peer-urls|--initial-cluster.*missing from/],
  ['CLUSTER_URL_TWICE', /duplicate url/i],
];

/** Configurations that come to the same arguments, and the texts they stand in. */
interface Group {
  readonly configs: readonly EtcdConfig[];
  readonly names: readonly string[];
  readonly codes: readonly ConfigErrorCode[];
}

function groups(): readonly Group[] {
  const found = new Map<string, { configs: readonly EtcdConfig[]; names: string[]; codes: ConfigErrorCode[] }>();
  for (const fixture of fixtures) {
    const reading = readFixture(fixture);
    if (!reading.ok) continue;
    const configs = [reading.config, ...reading.others];
    const key = JSON.stringify(configs.map(config => [versionFor(config)?.version, config.arguments.map(one => `${one.origin} ${one.flag}=${one.value}`).sort()]));
    const codes = reading.findings.map(finding => finding.code);
    const group = found.get(key) ?? { configs, names: [], codes };
    group.names.push(fixture.name);
    found.set(key, group);
  }
  return [...found.values()];
}

const minorOf = (version: string): number => Number(version.split('.')[1]);

const minorFor = (config: EtcdConfig | undefined): number => Math.max(config?.pod.version?.minor ?? 5, 4);

/** The newest etcd of the same minor; 3.4 for what is older, 3.5 where the text does not tell. */
function versionFor(config: EtcdConfig): EtcdVersion | undefined {
  const minor = minorFor(config);
  return [...etcdVersions()].sort((a, b) => compareVersions(b.version, a.version)).find(one => minorOf(one.version) === minor);
}

/** Puts a member on this machine: loopback ports for addresses, a folder for paths. Everything else stays as it was. */
interface Rebase {
  readonly folder: string;
  readonly certificates: Certificates;
  /** Members on different machines may share a loopback address; here they may not. */
  readonly port: (url: string, member: string) => string;
}

async function rebaseFor(folder: string, certificates: Certificates, configs: readonly EtcdConfig[]): Promise<Rebase> {
  const urls = configs.flatMap(config => config.arguments.filter(one => isUrls(one.flag)).flatMap(one => one.value.split(','))
    .map(url => addressOf(/https?:.*$/.exec(url)?.[0] ?? '', config.name.value)));
  const unique = [...new Set(urls)];
  const ports = await freePorts(unique.length);
  const byAddress = new Map(unique.map((address, index) => [address, ports[index] ?? 0]));
  const port = (url: string, member: string) => `${url.trim().split(':')[0] ?? ''}://127.0.0.1:${byAddress.get(addressOf(url, member)) ?? assert.fail(`no port for ${url}`)}`;
  return { folder, certificates, port };
}

const addressOf = (url: string, member: string): string => /:\/\/(?:127\.|0\.0|localhost|\[::1\])/.test(url) ? `${member} ${url.trim()}` : url.trim();

const isUrls = (flag: string): boolean => flagNamed(flag)?.kind === 'urls' || flag === 'initial-cluster';

function rebased(argument: Argument, config: EtcdConfig, group: Group, to: Rebase): Argument {
  const kind = flagNamed(argument.flag)?.kind;
  if (argument.flag === 'initial-cluster') return { ...argument, value: clusterOf(argument.value, config.name.value, group, to) };
  if (kind === 'urls') return { ...argument, value: argument.value.split(',').map(url => to.port(url, config.name.value)).join(',') };
  if (kind === 'path') return { ...argument, value: pathFor(argument, config.name.value, to) };
  if (argument.flag === 'initial-cluster-state') return { ...argument, value: 'new' };
  return argument;
}

/**
 * One member alone has no quorum: only its own entries are kept. Members that joined one after the other all get the last
 * one's list. Where etcd is to refuse the list, it stays.
 */
function clusterOf(value: string, name: string, { configs, codes }: Group, to: Rebase): string {
  const parted = (list: string) => list.split(',').map(entry => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)] as const);
  const whole = refusals.some(([code]) => codes.includes(code));
  const last = configs.at(-1)?.arguments.find(one => one.flag === 'initial-cluster')?.value ?? value;
  const entries = configs.length > 1 ? parted(last) : parted(value).filter(([entry]) => whole || entry === name);
  return entries.map(([entry, url]) => `${entry}=${to.port(url, entry)}`).join(',');
}

function pathFor({ flag }: Argument, name: string, { folder, certificates }: Rebase): string {
  const files = flag.startsWith('peer-') ? certificates.peer : certificates.server;
  switch (flag.replace(/^peer-/, '')) {
    case 'trusted-ca-file':
      return certificates.caFile;
    case 'cert-file':
      return files.certFile;
    case 'key-file':
      return files.keyFile;
    default:
      return path.join(folder, `${name}-${flag}`);
  }
}

interface Started extends AsyncDisposable {
  output(): string;
  readonly ended: Promise<unknown>;
  exitCode(): number | null;
}

async function start(version: EtcdVersion, given: readonly Argument[], folder: string): Promise<Started> {
  const words = given.filter(one => one.origin === 'flag').map(one => `--${one.flag}=${one.value}`);
  const variables = given.filter(one => one.origin === 'environment').map(one => [flagNamed(one.flag)?.env ?? '', one.value] as const);
  const child = spawn(version.etcd, words, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], env: { ...withoutEtcdVariables(), ...Object.fromEntries(variables) } });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => output += text);
  const ended = once(child, 'close');
  await once(child, 'spawn');
  return {
    output: () => output, ended, exitCode: () => child.exitCode,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

interface Listed {
  readonly members: readonly { readonly name?: string; readonly clientURLs?: readonly string[]; readonly peerURLs: readonly string[] }[];
}

/** What the running etcd says of its members, as soon as it serves. */
async function memberList(version: EtcdVersion, endpoint: string, to: Rebase, started: readonly Started[]): Promise<Listed> {
  const { certificates } = to;
  const tls = endpoint.startsWith('https:') ? ['--insecure-skip-tls-verify', `--cert=${certificates.client.certFile}`, `--key=${certificates.client.keyFile}`] : [];
  const until = Date.now() + patience;
  for (;;) {
    const answer = await run(version.etcdctl, [`--endpoints=${endpoint}`, '--dial-timeout=2s', '--command-timeout=5s', ...tls, 'member', 'list', '-w', 'json'],
      { env: { ...withoutEtcdVariables(), ETCDCTL_API: '3' } }).catch((error: unknown) => error instanceof Error ? error : new Error(String(error)));
    if (!(answer instanceof Error)) return JSON.parse(answer.stdout) as Listed;
    const log = started.map(one => one.output()).join('\n').slice(-3000);
    for (const one of started) assert.equal(one.exitCode(), null, `etcd ended: ${log}`);
    assert.ok(Date.now() < until, `etcd does not serve: ${answer.message}\n${log}`);
    await sleep(100);
  }
}

/** Ours or etcd's own defaults, on this machine. */
const urlsOf = (config: EtcdConfig, flag: 'listen-client-urls' | 'advertise-client-urls', to: Rebase): readonly string[] => {
  const setting = flag === 'listen-client-urls' ? config.listenClientUrls : config.advertiseClientUrls;
  return setting.origin === 'default' ? setting.value : setting.value.map(url => to.port(url, config.name.value));
};

async function accepts(group: Group, version: EtcdVersion, folder: string, certificates: Certificates): Promise<void> {
  const to = await rebaseFor(folder, certificates, group.configs);
  const given = group.configs.map(config => config.arguments.map(argument => rebased(argument, config, group, to)));
  const started: Started[] = [];
  try {
    for (const argument of given) started.push(await start(version, argument, folder));
    await compare(group, version, to, started);
  } finally {
    await Promise.all(started.map(one => one[Symbol.asyncDispose]()));
  }
}

async function compare(group: Group, version: EtcdVersion, to: Rebase, started: readonly Started[]): Promise<void> {
  const expected = refusals.filter(([code]) => group.codes.includes(code));
  const [only] = started;
  if (only !== undefined && expected.length > 0) {
    await Promise.race([only.ended, sleep(patience, undefined, { ref: false })]);
    assert.notEqual(only.exitCode(), null, 'etcd starts although it was foretold that it does not');
    assert.ok(expected.some(([, message]) => message.test(only.output())), only.output().slice(-2000));
    return;
  }
  const [first] = group.configs;
  assert.ok(first);
  const listed = await settled(version, group, urlsOf(first, 'listen-client-urls', to)[0] ?? '', to, started);
  for (const config of group.configs) {
    const member = listed.members.find(one => one.name === config.name.value);
    assert.deepEqual([...member?.clientURLs ?? []].sort(), [...urlsOf(config, 'advertise-client-urls', to)].sort());
    const dataDir = config.dataDir.origin === 'default' ? config.dataDir.value : `${config.name.value}-data-dir`;
    assert.ok(existsSync(path.join(to.folder, dataDir, 'member', 'snap', 'db')));
    assert.equal(existsSync(path.join(to.folder, `${config.name.value}-wal-dir`)), config.walDir !== undefined);
  }
}

/** A member tells its name and client URLs to the others a moment after it serves. */
async function settled(version: EtcdVersion, group: Group, endpoint: string, to: Rebase, started: readonly Started[]): Promise<Listed> {
  const until = Date.now() + patience;
  for (;;) {
    const listed = await memberList(version, endpoint, to, started);
    const named = group.configs.every(config => listed.members.some(one => one.name === config.name.value && (one.clientURLs ?? []).length > 0));
    if (named || Date.now() > until) return listed;
    await sleep(100);
  }
}

/** A few at a time: two cores, and nobody waits for a fixture that comes later. */
const atOnce = 6;

describe('etcd takes what was read', () => {
  const all = groups().filter(group => group.configs.every(versionFor));
  const outcomes = new Map<Group, Promise<void>>();
  let folder = '';

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'etcd-config-'));
    const certificates = await makeCertificates(path.join(folder, 'pki'));
    const queue = all.map((group, index) => ({ group, index }));
    const done = new Map(all.map(group => [group, Promise.withResolvers<undefined>()]));
    for (const [group, { promise }] of done) {
      promise.catch(() => undefined);
      outcomes.set(group, promise);
    }
    const work = async () => {
      for (let next = queue.shift(); next; next = queue.shift()) {
        const { group, index } = next;
        const [config] = group.configs;
        const version = config && versionFor(config);
        const own = path.join(folder, String(index));
        const outcome = version === undefined ? Promise.reject(new Error('no etcd')) : mkdir(own).then(() => accepts(group, version, own, certificates));
        await outcome.then(() => done.get(group)?.resolve(undefined), (error: unknown) => done.get(group)?.reject(error));
      }
    };
    for (let worker = 0; worker < atOnce; worker++) void work();
  });

  after(async () => {
    await Promise.allSettled(outcomes.values());
    await rm(folder, { recursive: true, force: true });
  });

  for (const group of all) {
    it(`of ${group.names.join(', ')}`, async function () {
      this.timeout(3 * patience);
      await outcomes.get(group);
    });
  }
});

const untried = groups().filter(group => !group.configs.every(versionFor));
for (const minor of new Set(untried.map(group => minorFor(group.configs[0]))))
  it(`etcd 3.${minor}`, function () {
    const names = untried.filter(group => minorFor(group.configs[0]) === minor).flatMap(group => group.names);
    skip(this, `not at hand, so nothing is known of ${names.join(', ')}`);
  });

describe('the table of flags', () => {
  for (const version of etcdVersions()) {
    it(`has exactly the flags that etcd ${version.version} has`, async function () {
      this.timeout(60_000);
      const [major = 0, minor = 0, patch = 0] = version.version.split('.').map(Number);
      const wrong: string[] = [];
      for (const flag of etcdFlags) {
        const answer = await run(version.etcd, [`--${flag.name}=true`, '--version'], { env: withoutEtcdVariables() })
          .catch((error: unknown) => error as { readonly stdout: string; readonly stderr: string });
        const exists = !`${answer.stdout}${answer.stderr}`.includes('flag provided but not defined');
        if (exists !== isWithin({ text: version.version, major, minor, patch }, flag.versions)) wrong.push(`${flag.name} ${exists ? 'exists' : 'does not exist'}`);
      }
      assert.deepEqual(wrong, []);
    });

    it(`lacks no flag that etcd ${version.version} tells of in its help`, async () => {
      const { stdout, stderr } = await run(version.etcd, ['--help'], { env: withoutEtcdVariables() });
      const told = [...`${stdout}${stderr}`.matchAll(/^\s+--([a-z][a-z0-9-]+)/gm)].map(match => match[1] ?? '');
      assert.ok(told.length > 60);
      assert.deepEqual(told.filter(name => flagNamed(name) === undefined && name !== 'help'), []);
    });

    it(`is right that etcd ${version.version} does not start with a flag and its variable`, async () => {
      const answer = await run(version.etcd, ['--name=a'], { env: { ...withoutEtcdVariables(), ETCD_NAME: 'b' }, timeout: 10_000, cwd: tmpdir() })
        .catch((error: unknown) => error as { readonly stdout: string; readonly stderr: string });
      assert.match(`${answer.stdout}${answer.stderr}`, /conflicting environment variable/);
    });
  }
});
