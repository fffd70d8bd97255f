import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import http2 from 'node:http2';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import type { SshHosts } from '../../src/node/ssh/sshHosts.lazy.js';
import { addUser, hostEntry, hostsWith, never, openPlace, startSshd, type Place, type RealSshd, type TemporaryUser } from './realSshd.js';

const coded = (code: string) => (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === code;

describe('the shell of a host', function () {
  this.timeout(90_000);
  let place: Place;
  let near: RealSshd;
  let far: RealSshd;
  let hosts: SshHosts;
  let user: TemporaryUser;

  before(async () => {
    place = await openPlace();
    await place.key('key');
    user = await addUser();
    const authorized = await place.read('key.pub');
    near = await startSshd(place, { name: 'near', authorized, config: ['MaxSessions 10'] });
    far = await startSshd(place, { name: 'far', authorized, config: ['MaxSessions 10'] });
    const known = await place.write('known', near.known + far.known);
    const entry = (alias: string, port: number, more = {}) => hostEntry(alias, port, { IdentityFile: place.at('key'), UserKnownHostsFile: known, ...more });
    hosts = await hostsWith(place, entry('near', near.port) + entry('middle', far.port, { ProxyJump: 'near' }) + entry('far', far.port, { ProxyJump: 'near,middle2' })
      + entry('middle2', near.port) + entry('user', near.port, { User: user.name }) + entry('six', near.port, { HostName: '::1', HostKeyAlias: `[127.0.0.1]:${near.port}` }));
  });

  after(async () => {
    await hosts.close();
    for (const sshd of [near, far]) await sshd[Symbol.asyncDispose]();
    await user[Symbol.asyncDispose]();
    await place[Symbol.asyncDispose]();
  });

  const host = (name: string) => hosts.host(name, { sudo: 'never' }, never);

  it('gets every argument as it is, however hostile', async () => {
    const near1 = await host('near');
    const nasty = ['', ' ', '-n', '--', "'", '"', '`id`', '$(id)', '$HOME', '!!', '!x', '\\', "\\'", 'a\\', '*', '~', '#x', ';id', '&', '|', '>x', '{a,b}', '%s', '\t', '\x1b[0m', '\u202e', 'ü', '😀', '@HOLDS', '=', "'; touch x; '", "'\\''"];
    const word = fc.oneof(fc.constantFrom(...nasty), fc.string({ unit: 'binary', maxLength: 30 }), fc.array(fc.constantFrom(...nasty), { maxLength: 6 }).map(list => list.join('')))
      .filter(text => !/[\0\n\r]/.test(text) && text.isWellFormed());
    await fc.assert(fc.asyncProperty(fc.array(word, { minLength: 5, maxLength: 12 }), async args => {
      const { stdout, code } = await near1.run({ text: 'for each in "$@"; do printf "%s\\n" "$each"; done; printf "%s" "$#"', args }, { signal: never });
      assert.deepEqual({ stdout, code }, { stdout: [...args, String(args.length)].join('\n'), code: 0 });
    }), { numRuns: 40, examples: [[nasty]] });
    for (const bad of ['a\nb', 'a\rb']) await assert.rejects(near1.run({ text: 'true', args: [bad] }, { signal: never }), coded('HOST_ARGUMENT_INVALID'));
  });

  it('is reached over several hosts, and by IPv6', async () => {
    for (const name of ['middle', 'far', 'six']) {
      const { stdout } = await (await host(name)).run({ text: 'echo "$SSH_CONNECTION"', args: [] }, { signal: never });
      assert.match(stdout, name === 'six' ? /^::1 / : new RegExp(` ${far.port}\\n$`));
    }
  });

  it('runs 15 scripts at a time, though sshd allows 10', async () => {
    const one = await host('near');
    const codes = await Promise.all(Array.from({ length: 15 }, async (_, n) => (await one.run({ text: 'sleep 0.3; exit "$1"', args: [String(n)] }, { signal: never })).code));
    assert.deepEqual(codes, Array.from({ length: 15 }, (_, n) => n));
  });

  it('is waited for while the host has no room for another script', async () => {
    await using narrow = await startSshd(place, { name: 'narrow', authorized: await place.read('key.pub'), config: ['MaxSessions 2'] });
    await place.write('narrow-known', narrow.known);
    const others = await hostsWith(place, hostEntry('cp-1', narrow.port, { IdentityFile: place.at('key'), UserKnownHostsFile: place.at('narrow-known') }));
    const one = await others.host('cp-1', { sudo: 'never' }, never);
    const codes = await Promise.all(Array.from({ length: 8 }, async (_, n) => (await one.run({ text: 'sleep 0.3; exit "$1"', args: [String(n)] }, { signal: never })).code));
    assert.deepEqual(codes, Array.from({ length: 8 }, (_, n) => n));
    await others.close();
  });

  it('is not disturbed by rc files that print, read and take their time', async () => {
    await writeFile(`${user.home}/.bashrc`, 'echo "Welcome! @HOLDS"\necho warning >&2\nread -r -t 1 stolen\nsleep 1\nalias exit=true\nexport LC_ALL=de_DE.UTF-8 PATH=/nowhere\nprintf "no line end"\n');
    const one = await host('user');
    const outcome = await one.run({ text: 'ls -d /none; id -un; command -v sysctl >/dev/null || ls /usr/sbin/sysctl >/dev/null; echo "$PATH"', args: [] }, { signal: never });
    assert.deepEqual(outcome, {
      code: 0, stdout: `${user.name}\n/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n`, stderr: "ls: cannot access '/none': No such file or directory\n",
    });
    await writeFile(`${user.home}/.bashrc`, '');
  });

  it('is not sent a script when the login shell is none', async () => {
    await using nobody = await addUser({ shell: '/usr/sbin/nologin' });
    const other = await hostsWith(place, hostEntry('cp-1', near.port, { User: nobody.name, IdentityFile: place.at('key'), UserKnownHostsFile: place.at('known') }));
    await assert.rejects((await other.host('cp-1', { sudo: 'never' }, never)).run({ text: 'touch "$1"', args: [place.at('canary')] }, { signal: never }), coded('HOST_SHELL_FAILED'));
    assert.ok(!existsSync(place.at('canary')));
    await other.close();
  });

  it('can be left at once, also while the host does not answer', async () => {
    const stop = new AbortController();
    const silent = http2.createServer().listen(0, '127.0.0.1');
    await new Promise(resolve => silent.once('listening', resolve));
    const server = (await import('node:net')).createServer(() => { stop.abort(); }).listen(0, '127.0.0.1');
    await new Promise(resolve => server.once('listening', resolve));
    const other = await hostsWith(place, hostEntry('cp-1', (server.address() as AddressInfo).port, { IdentityFile: place.at('key') }));
    await assert.rejects((await other.host('cp-1', { sudo: 'never' }, never)).run({ text: 'true', args: [] }, { signal: stop.signal }), { name: 'AbortError' });
    await other.close();
    silent.close();
    server.close();
  });

  it('lets HTTP/2 through to an address of the host', async () => {
    const server = http2.createServer((request, response) => { response.end(`you asked for ${request.url}`); }).listen(0, '127.0.0.1');
    await new Promise(resolve => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const stream = await (await host('far')).dial(`127.0.0.1:${port}`, never);
    const session = http2.connect(`http://127.0.0.1:${port}`, { createConnection: () => stream });
    try {
      for (const path of ['/one', '/two']) {
        const request = session.request({ ':path': path });
        let text = '';
        for await (const piece of request) text += String(piece);
        assert.equal(text, `you asked for ${path}`);
      }
    } finally {
      session.close();
      server.close();
    }
    await assert.rejects((await host('far')).dial('127.0.0.1:1', never), coded('HOST_DIAL_FAILED'));
  });
});
