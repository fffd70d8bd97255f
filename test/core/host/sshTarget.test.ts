import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readSshSettings } from '../../../src/core/host/sshSettings.js';
import { readSshTarget, sshTargetText } from '../../../src/core/host/sshTarget.js';

describe('a host as a person writes it', () => {
  it('is an alias, a name or an address, with user and port', () => {
    assert.deepEqual(readSshTarget('cp-1'), { host: 'cp-1' });
    assert.deepEqual(readSshTarget('root@cp-1.example.org:2222'), { user: 'root', host: 'cp-1.example.org', port: 2222 });
    assert.deepEqual(readSshTarget('10.0.0.1:22'), { host: '10.0.0.1', port: 22 });
    assert.deepEqual(readSshTarget('fd00::1'), { host: 'fd00::1' });
    assert.deepEqual(readSshTarget('me@[fe80::1%eth0]:2222'), { user: 'me', host: 'fe80::1%eth0', port: 2222 });
    assert.deepEqual(readSshTarget('[fd00::1]'), { host: 'fd00::1' });
    assert.deepEqual(readSshTarget('ssh://me@cp-1:22/'), { user: 'me', host: 'cp-1', port: 22 });
    assert.deepEqual(readSshTarget(String.raw`CORP\me@cp-1`), { user: String.raw`CORP\me`, host: 'cp-1' });
    assert.deepEqual(readSshTarget('me@corp.example@cp-1'), { user: 'me@corp.example', host: 'cp-1' });
  });

  it('is never an option, a command or several words', () => {
    for (const bad of ['', '-v', '-oProxyCommand=x', 'me@-v', '-l@cp-1', '@cp-1', 'me@', 'cp 1', 'cp-1 -v', 'cp\n1', 'cp\0', 'a;b', '$(a)', '`a`', 'a|b', 'a&b', "a'b", 'a"b', 'a*', 'a/b', '%h', '~',
      'cp-1:', 'cp-1:0', 'cp-1:65536', 'cp-1:22:22', '[cp-1', 'cp-1]', '[]:22', '[-v]:22', 'ssh://', 'x'.repeat(300), '\u202ecp']) {
      assert.throws(() => readSshTarget(bad), { code: 'HOST_TARGET_INVALID' }, JSON.stringify(bad));
    }
  });

  it('is read as it was written, whatever it is', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), text => {
      try {
        const target = readSshTarget(text);
        assert.deepEqual(readSshTarget(sshTargetText(target)), target);
        assert.match(target.host, /^[^-\s'"$`;|&<>(){}*?!\\]+$/);
      } catch (error) {
        assert.ok(error instanceof Error && 'code' in error && error.code === 'HOST_TARGET_INVALID', String(error));
      }
    }), { numRuns: 500 });
  });
});

describe('what ssh -G says', () => {
  const least = 'hostname h\nuser u\nport 22\n';

  it('becomes the settings of a host', () => {
    const settings = readSshSettings(`${least}identityfile ~/.ssh/a\nidentityfile /b c\nidentitiesonly yes\nidentityagent /run/agent\nproxyjump a,b@c:1\nuserknownhostsfile ~/k "/with space/k"\nglobalknownhostsfile /g\nhostkeyalias alias\ngssapiauthentication no\n`);
    assert.deepEqual(settings, {
      hostName: 'h', user: 'u', port: 22, identityFiles: ['~/.ssh/a', '/b c'], identitiesOnly: true, identityAgent: '/run/agent', jumps: ['a', 'b@c:1'],
      knownHosts: ['~/k', '/with space/k', '/g'], hostKeyAlias: 'alias', beyond: [], gssapi: false,
    });
  });

  it('tells what only OpenSSH can do', () => {
    assert.deepEqual(readSshSettings(`${least}proxycommand nc %h %p\ncertificatefile ~/c\npkcs11provider /p\n`)?.beyond, ['PROXY_COMMAND', 'CERTIFICATE', 'PKCS11']);
    assert.deepEqual(readSshSettings(`${least}proxycommand none\nproxyjump none\n`)?.beyond, []);
  });

  it('is nothing when it does not say where to', () => {
    for (const text of ['', 'hostname h\n', 'user u\nport 22\n', 'hostname h\nuser u\nport x\n', 'hostname h\nuser u\nport 0\n']) assert.equal(readSshSettings(text), undefined);
  });
});
