import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { glob, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { hostContract } from '../node/host/hostContract.js';
import { addUser, hostEntry, hostsWith, never, openPlace, person, startSshd, type Person, type Place, type RealSshd, type TemporaryUser } from './realSshd.js';

const exec = promisify(execFile);
const coded = (code: string) => (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === code;

describe('root through sudo', function () {
  this.timeout(60_000);
  let place: Place;
  let sshd: RealSshd;
  const users = new Map<string, TemporaryUser>();
  const user = (kind: string): TemporaryUser => {
    const found = users.get(kind);
    assert.ok(found);
    return found;
  };

  before(async () => {
    place = await openPlace();
    await place.key('key');
    sshd = await startSshd(place, { authorized: await place.read('key.pub') });
    await place.write('known', sshd.known);
    for (const [kind, sudoers] of Object.entries({
      asked: 'USER ALL=(ALL) ALL\n', free: 'USER ALL=(ALL) NOPASSWD: ALL\n', pty: 'Defaults:USER use_pty\nUSER ALL=(ALL) ALL\n', terminal: 'Defaults:USER requiretty\nUSER ALL=(ALL) NOPASSWD: ALL\n',
    })) users.set(kind, await addUser({ sudoers }));
    users.set('none', await addUser());
  });

  after(async () => {
    await sshd[Symbol.asyncDispose]();
    for (const one of users.values()) await one[Symbol.asyncDispose]();
    await place[Symbol.asyncDispose]();
  });

  async function hostOf(kind: string, prompts: Person = person(question => question.is === 'sudo' ? user(kind).password : undefined)) {
    const config = hostEntry('cp-1', sshd.port, { User: user(kind).name, IdentityFile: place.at('key'), UserKnownHostsFile: place.at('known') });
    const hosts = await hostsWith(place, config, prompts);
    const host = await hosts.host('cp-1', { sudo: 'auto' }, never);
    return { host, prompts, [Symbol.asyncDispose]: () => hosts.close() };
  }

  const idOf = async (kind: string, prompts?: Person): Promise<string> => {
    await using of = await hostOf(kind, prompts);
    return (await of.host.run({ text: 'id -u; cat', args: [], input: 'rest' }, { signal: never })).stdout;
  };

  for (const kind of ['asked', 'free', 'pty']) {
    it(`is had by a user who ${({ asked: 'gives a password', free: 'needs none', pty: 'gets a terminal of sudo’s own' })[kind] ?? ''}`, async () => {
      assert.equal(await idOf(kind), '0\nrest');
    });
  }

  it('is asked for once, and again only when the answer was wrong', async () => {
    const answers = ['wrong', user('asked').password];
    await using of = await hostOf('asked', person(() => answers.shift()));
    for (let n = 0; n < 3; n++) assert.equal((await of.host.run({ text: 'id -u', args: [] }, { signal: never })).stdout, '0\n');
    assert.deepEqual(of.prompts.asked, [false, true].map(again => ({ is: 'sudo', host: 'cp-1', user: user('asked').name, again })));
  });

  it('is refused with the reason', async () => {
    const wrong = person(() => 'wrong');
    await assert.rejects(idOf('asked', wrong), coded('SUDO_PASSWORD_REFUSED'));
    assert.equal(wrong.asked.length, 3);
    await assert.rejects(idOf('asked', person()), coded('SUDO_PASSWORD_NEEDED'));
    await assert.rejects(idOf('terminal'), coded('SUDO_NEEDS_TTY'));
    await assert.rejects(idOf('none'), coded('SUDO_NOT_ALLOWED'));
  });

  it('leaves the password in no list of processes, no environment, no log and no file', async () => {
    const { password, home } = user('asked');
    await using of = await hostOf('asked');
    const seen = new Set<string>();
    const look = async (): Promise<void> => {
      for await (const file of glob('/proc/[0-9]*/{cmdline,environ}')) {
        if ((await readFile(file, 'latin1').catch(() => '')).includes(password)) seen.add(file);
      }
    };
    const looking = { on: true };
    const watch = (async () => { while (looking.on) await look(); })();
    const begun = Promise.withResolvers<string>();
    const outlasting = of.host.run({ text: 'echo begun; sleep 1', args: [] }, { signal: never, outlives: true, onOutput: begun.resolve });
    await begun.promise;
    await of.host.write(place.at('written'), 'text');
    await of.host.run({ text: 'set; env; cat /proc/$$/cmdline; sleep 1', args: ['a'] }, { signal: never, onOutput: text => { if (text.includes(password)) seen.add('output'); } });
    await outlasting;
    looking.on = false;
    await watch;
    assert.deepEqual([...seen], []);
    const { stdout } = await exec('grep', ['-rlF', '--', password, home, place.dir, '/run', '/var/log', '/tmp', '/etc/sudoers.d'], { maxBuffer: 2 ** 24 }).catch((error: unknown) => error as { stdout: string });
    assert.equal(stdout, '');
  });

  describe('for everything a host does', () => {
    hostContract(async () => (await hostOf('asked')).host);
  });
});
