import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { HostPrompts } from '../../src/core/host/prompts.js';
import { hostEntry, hostsWith, never, openPlace, person, startSshd, type Place, type RealSshd } from './realSshd.js';

const exec = promisify(execFile);

describe('the key of a host', function () {
  this.timeout(60_000);
  let place: Place;
  let sshd: RealSshd;
  let other: RealSshd;

  before(async () => {
    place = await openPlace();
    await place.key('key');
    const authorized = await place.read('key.pub');
    sshd = await startSshd(place, { authorized, hostKeys: [await place.key('ed25519-host'), await place.key('rsa-host', '-t', 'rsa', '-b', '2048')] });
    other = await startSshd(place, { name: 'other', authorized });
  });

  after(async () => {
    await sshd[Symbol.asyncDispose]();
    await other[Symbol.asyncDispose]();
    await place[Symbol.asyncDispose]();
  });

  /** What comes of `echo in` on a host with this known_hosts. */
  async function tryWith(known: string, prompts: HostPrompts = person(), server = sshd): Promise<string> {
    const file = await place.write('known', known);
    const hosts = await hostsWith(place, hostEntry('cp-1', server.port, { IdentityFile: place.at('key'), UserKnownHostsFile: file }), prompts);
    try {
      return (await (await hosts.host('cp-1', { sudo: 'auto' }, never)).run({ text: 'echo in', args: [] }, { signal: never })).stdout;
    } finally {
      await hosts.close();
    }
  }

  const attempts = async (): Promise<number> => [...(await sshd.log()).matchAll(/userauth-request|Postponed|Accepted|Failed/g)].length;
  const refusal = (code: string, args: object) => (error: unknown): boolean => {
    assert.ok(error instanceof Error && 'code' in error && 'args' in error);
    assert.equal(error.code, code);
    assert.partialDeepStrictEqual(error.args, args);
    return true;
  };

  it('is found in a hashed known_hosts', async () => {
    const file = await place.write('hashed', sshd.known);
    await exec('ssh-keygen', ['-q', '-H', '-f', file]);
    const hashed = await readFile(file, 'utf8');
    assert.match(hashed, /^\|1\|/);
    assert.equal(await tryWith(hashed), 'in\n');
  });

  it('is refused when another one is on record, before anybody logs in', async () => {
    const before = await attempts();
    const known = `# two lines\n${sshd.known.replace(/ \S+\n$/, other.known.slice(other.known.lastIndexOf(' ')))}`;
    await assert.rejects(tryWith(known, person(() => 'x', true)), refusal('HOST_KEY_CHANGED', { host: 'cp-1', file: place.at('known'), line: 2 }));
    assert.equal(await attempts(), before);
  });

  it('is refused when it is revoked, though it is on record', async () => {
    const before = await attempts();
    await assert.rejects(tryWith(`${sshd.known}@revoked * ${sshd.known.split(' ').slice(1).join(' ')}`, person(() => 'x', true)), refusal('HOST_KEY_REVOKED', { line: 2 }));
    assert.equal(await attempts(), before);
  });

  it('is asked about when it is unknown, and nobody logs in unless it is trusted', async () => {
    const before = await attempts();
    const asked = person();
    await assert.rejects(tryWith('', asked), refusal('HOST_KEY_UNKNOWN', { host: 'cp-1', type: 'ssh-ed25519' }));
    assert.equal(await attempts(), before);
    const { stdout } = await exec('ssh-keygen', ['-lf', place.at('ed25519-host.pub')]);
    assert.deepEqual(asked.asked, [{ is: 'hostKey', host: 'cp-1', address: `[127.0.0.1]:${sshd.port}`, type: 'ssh-ed25519', fingerprint: stdout.split(' ')[1] }]);
  });

  it('is remembered once it is trusted, as OpenSSH would', async () => {
    const before = await attempts();
    assert.equal(await tryWith('# no line end', person(() => undefined, true)), 'in\n');
    assert.ok(await attempts() > before, 'the log tells of logins');
    assert.equal(await place.read('known'), `# no line end\n${sshd.known}`);
    const asked = person();
    assert.equal(await tryWith(await place.read('known'), asked), 'in\n');
    assert.deepEqual(asked.asked, []);
    await exec('ssh-keygen', ['-F', `[127.0.0.1]:${sshd.port}`, '-f', place.at('known')]);
    assert.equal((await stat(place.at('known'))).mode & 0o777, 0o600);
  });

  it('is asked for in the type that is on record', async () => {
    const rsa = `[127.0.0.1]:${sshd.port} ${(await place.read('rsa-host.pub')).split(' ').slice(0, 2).join(' ')}\n`;
    assert.equal(await tryWith(rsa), 'in\n');
  });

  it('is not taken on trust from a file that cannot be read', async () => {
    const hosts = await hostsWith(place, hostEntry('cp-1', sshd.port, { IdentityFile: place.at('key'), UserKnownHostsFile: place.dir }), person(() => undefined, true));
    await assert.rejects((await hosts.host('cp-1', { sudo: 'auto' }, never)).run({ text: 'true', args: [] }, { signal: never }), refusal('FILE_UNREADABLE', { path: place.dir }));
    await hosts.close();
  });

  it('is judged on every hop', async () => {
    const known = await place.write('known-jump', sshd.known);
    await writeFile(place.at('known-none'), '');
    const config = hostEntry('jump', other.port, { IdentityFile: place.at('key'), UserKnownHostsFile: place.at('known-none') })
      + hostEntry('cp-1', sshd.port, { IdentityFile: place.at('key'), UserKnownHostsFile: known, ProxyJump: 'jump' });
    const asked = person();
    const hosts = await hostsWith(place, config, asked);
    await assert.rejects((await hosts.host('cp-1', { sudo: 'auto' }, never)).run({ text: 'true', args: [] }, { signal: never }), refusal('HOST_KEY_UNKNOWN', { host: 'jump' }));
    await hosts.close();
  });
});
