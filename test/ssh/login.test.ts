import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';
import type { SecretQuestion } from '../../src/core/host/prompts.js';
import { addUser, hostEntry, hostsWith, never, openPlace, person, startSshd, type Person, type Place, type RealSshd, type TemporaryUser } from './realSshd.js';

const exec = promisify(execFile);
const coded = (code: string) => (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === code;

describe('the login to a host', function () {
  this.timeout(60_000);
  let place: Place;
  let keys: RealSshd;
  let passwords: RealSshd;
  let questions: RealSshd;
  let user: TemporaryUser;

  before(async () => {
    place = await openPlace();
    for (const name of ['plain', 'agent', 'stranger']) await place.key(name);
    await place.key('locked', '-N', 'open sesame');
    await place.key('pem', '-t', 'rsa', '-b', '2048', '-m', 'PEM', '-N', 'open sesame');
    const authorized = (await Promise.all(['plain', 'agent', 'locked', 'pem'].map(name => place.read(`${name}.pub`)))).join('');
    user = await addUser();
    keys = await startSshd(place, { name: 'keys', authorized });
    passwords = await startSshd(place, { name: 'passwords', config: ['PasswordAuthentication yes', 'UsePAM yes', 'AuthenticationMethods password'] });
    questions = await startSshd(place, { name: 'questions', authorized, config: ['KbdInteractiveAuthentication yes', 'UsePAM yes', 'AuthenticationMethods publickey,keyboard-interactive'] });
    await place.write('known', keys.known + passwords.known + questions.known);
  });

  after(async () => {
    for (const sshd of [keys, passwords, questions]) await sshd[Symbol.asyncDispose]();
    await user[Symbol.asyncDispose]();
    await place[Symbol.asyncDispose]();
  });

  /** Who one is on the host after logging in. */
  async function whoami(sshd: RealSshd, more: Readonly<Record<string, string>>, prompts: Person, times = 1): Promise<string> {
    const hosts = await hostsWith(place, hostEntry('cp-1', sshd.port, { UserKnownHostsFile: place.at('known'), IdentityFile: '/dev/null', ...more }), prompts);
    try {
      const host = await hosts.host('cp-1', { sudo: 'never' }, never);
      let name = '';
      for (let n = 0; n < times; n++) {
        name = (await host.run({ text: 'id -un', args: [] }, { signal: never })).stdout.trim();
        await host.close();
      }
      assert.equal(host.beyond(), undefined);
      return name;
    } finally {
      await hosts.close();
    }
  }

  it('uses a key file, and asks nothing', async () => {
    const asked = person();
    assert.equal(await whoami(keys, { IdentityFile: place.at('plain') }, asked), 'root');
    assert.deepEqual(asked.asked, []);
  });

  it('uses the agent, and only the keys named where that is wanted', async () => {
    const socket = place.at('agent.sock');
    const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
    try {
      for (let made = false; !made;) made = await exec('ssh-add', [place.at('stranger'), place.at('agent')], { env: { ...process.env, SSH_AUTH_SOCK: socket } }).then(() => true, () => false);
      assert.equal(await whoami(keys, { IdentityAgent: socket }, person()), 'root');
      assert.equal(await whoami(keys, { IdentityAgent: socket, IdentitiesOnly: 'yes', IdentityFile: place.at('agent') }, person()), 'root');
      await assert.rejects(whoami(keys, { IdentityAgent: socket, IdentitiesOnly: 'yes', IdentityFile: place.at('stranger') }, person()), coded('HOST_AUTH_FAILED'));
    } finally {
      agent.kill();
    }
  });

  for (const name of ['locked', 'pem']) {
    it(`asks for the passphrase of a key file until it is right, and once (${name})`, async () => {
      const answers = ['wrong', 'open sesame'];
      const asked = person(() => answers.shift());
      assert.equal(await whoami(keys, { IdentityFile: place.at(name) }, asked, 2), 'root');
      assert.deepEqual(asked.asked, [false, true].map(again => ({ is: 'passphrase', host: 'cp-1', keyFile: place.at(name), again })));
    });
  }

  it('asks for no passphrase of a key that the host does not take, and three times at most', async () => {
    await place.key('locked-stranger', '-N', 'x');
    const first = person(() => 'wrong');
    await assert.rejects(whoami(keys, { IdentityFile: place.at('locked-stranger') }, first), coded('HOST_AUTH_FAILED'));
    assert.deepEqual(first.asked, []);
    const second = person(() => 'wrong');
    await assert.rejects(whoami(keys, { IdentityFile: place.at('locked') }, second), coded('HOST_AUTH_FAILED'));
    assert.equal(second.asked.length, 3);
  });

  it('asks for a password, again when it was wrong, and remembers it', async () => {
    const answers = ['wrong', user.password];
    const asked = person(() => answers.shift());
    assert.equal(await whoami(passwords, { User: user.name }, asked, 2), user.name);
    assert.deepEqual(asked.asked, [false, true].map(again => ({ is: 'password', host: 'cp-1', user: user.name, again })));
  });

  it('gives up when no password is given', async () => {
    await assert.rejects(whoami(passwords, { User: user.name }, person()), coded('HOST_AUTH_FAILED'));
  });

  it("passes on the host's own questions, after a key where it wants both", async () => {
    const asked = person(question => question.is === 'interactive' ? user.password : undefined);
    assert.equal(await whoami(questions, { User: user.name, IdentityFile: place.at('plain') }, asked), user.name);
    const [question] = asked.asked as SecretQuestion[];
    assert.ok(question?.is === 'interactive' && !question.echo && question.prompt.includes('assword'), JSON.stringify(question));
  });

  it('does not need OpenSSH on this side', async () => {
    const config = hostEntry('cp-1', keys.port, { UserKnownHostsFile: place.at('known'), IdentityFile: place.at('plain') });
    const hosts = await hostsWith(place, config, person(), 'missing');
    assert.equal((await (await hosts.host('cp-1', { sudo: 'never' }, never)).run({ text: 'echo in', args: [] }, { signal: never })).stdout, 'in\n');
    await hosts.close();
  });

  it('is not tried where nobody listens, or with a name that is none', async () => {
    const hosts = await hostsWith(place, hostEntry('cp-1', 1, { UserKnownHostsFile: place.at('known') }));
    await assert.rejects((await hosts.host('cp-1', { sudo: 'never' }, never)).run({ text: 'true', args: [] }, { signal: never }), coded('HOST_UNREACHABLE'));
    for (const bad of ['-oProxyCommand=touch x', 'a b', 'x@-y', 'a\nb', '', 'user@', 'h:0', 'h:70000', '$(id)', 'a;b']) {
      await assert.rejects(hosts.host(bad, { sudo: 'never' }, never), coded('HOST_TARGET_INVALID'), bad);
    }
    await hosts.close();
  });
});
