import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { SshHosts } from '../../src/node/ssh/sshHosts.lazy.js';
import { hostContract } from '../node/host/hostContract.js';
import { hostEntry, hostsWith, never, openPlace, person, startSshd, type Place, type RealSshd } from './realSshd.js';

const exec = promisify(execFile);
const coded = (code: string) => (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === code;

describe("the system's own ssh", function () {
  this.timeout(60_000);
  let place: Place;
  let sshd: RealSshd;
  let hosts: SshHosts;

  before(async () => {
    place = await openPlace();
    for (const name of ['key', 'ca', 'certified', 'host-ca']) await place.key(name);
    await exec('ssh-keygen', ['-q', '-s', place.at('ca'), '-I', 'test', '-n', 'root', place.at('certified.pub')]);
    const hostKey = await place.key('host');
    await exec('ssh-keygen', ['-q', '-s', place.at('host-ca'), '-I', 'host', '-h', '-n', '127.0.0.1,[127.0.0.1]', `${hostKey}.pub`]);
    sshd = await startSshd(place, { authorized: await place.read('key.pub'), hostKeys: [hostKey], config: [`TrustedUserCAKeys ${place.at('ca.pub')}`, `HostCertificate ${hostKey}-cert.pub`] });
    await place.write('known', sshd.known);
    await place.write('known-ca', `@cert-authority [127.0.0.1]:* ${(await place.read('host-ca.pub'))}`);
    const proxy = await place.write('proxy.cjs', `const s = require('node:net').connect(${sshd.port}, '127.0.0.1'); process.stdin.pipe(s).pipe(process.stdout);`);
    const proxyCommand = `${process.execPath} ${proxy}`;
    const entry = (alias: string, more: Readonly<Record<string, string>>) => hostEntry(alias, sshd.port, { UserKnownHostsFile: place.at('known'), IdentityFile: place.at('key'), ...more });
    hosts = await hostsWith(place, entry('certified', { IdentityFile: place.at('certified'), IdentitiesOnly: 'yes' }) + entry('by-agent', { IdentityFile: '/dev/null', IdentityAgent: place.at('agent.sock') })
      + entry('proxied', { ProxyCommand: proxyCommand }) + entry('authority', { UserKnownHostsFile: place.at('known-ca') })
      + entry('unknown', { ProxyCommand: proxyCommand, UserKnownHostsFile: place.at('none') }) + entry('stranger', { IdentityFile: '/dev/null', ProxyCommand: proxyCommand }));
  });

  after(async () => {
    await hosts.close();
    await sshd[Symbol.asyncDispose]();
    await place[Symbol.asyncDispose]();
  });

  const runOn = async (name: string): Promise<readonly [string, string | undefined]> => {
    const host = await hosts.host(name, { sudo: 'auto' }, never);
    const { stdout } = await host.run({ text: 'echo "$1"', args: ['in'] }, { signal: never });
    return [stdout, host.beyond()];
  };

  it('is used for a user certificate beside a key file', async () => {
    assert.deepEqual(await runOn('certified'), ['in\n', 'CERTIFICATE']);
  });

  it('is used for a user certificate in the agent, once the host takes nothing else', async () => {
    const agent = spawn('ssh-agent', ['-D', '-a', place.at('agent.sock')], { stdio: 'ignore' });
    try {
      for (let made = false; !made;) made = await exec('ssh-add', [place.at('certified')], { env: { ...process.env, SSH_AUTH_SOCK: place.at('agent.sock') } }).then(() => true, () => false);
      assert.deepEqual(await runOn('by-agent'), ['in\n', 'AGENT_CERTIFICATE']);
    } finally {
      agent.kill();
    }
  });

  it('is used where a certificate authority vouches for the host', async () => {
    assert.deepEqual(await runOn('authority'), ['in\n', 'CERT_AUTHORITY']);
  });

  it('is used for a command that makes the connection', async () => {
    assert.deepEqual(await runOn('proxied'), ['in\n', 'PROXY_COMMAND']);
  });

  it('asks nothing, and tells what is missing', async () => {
    await rm(place.at('none'), { force: true });
    await assert.rejects(runOn('unknown'), coded('HOST_KEY_UNKNOWN'));
    await assert.rejects(runOn('stranger'), coded('HOST_AUTH_FAILED'));
    const without = await hostsWith(place, hostEntry('cp-1', sshd.port, { ProxyCommand: 'nc x 1', UserKnownHostsFile: place.at('known') }), person(), 'missing');
    await assert.rejects((await without.host('cp-1', { sudo: 'auto' }, never)).run({ text: 'true', args: [] }, { signal: never }), coded('HOST_NEEDS_OPENSSH'));
    await without.close();
  });

  describe('for everything a host does', () => {
    hostContract(() => hosts.host('certified', { sudo: 'auto' }, never), 'OpenSSH');
  });
});
