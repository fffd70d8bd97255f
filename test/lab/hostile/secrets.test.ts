import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { appendFileSync, existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { run } from '../../../lab/run.js';
import type { Lab, LabHost } from '../../../lab/lab.js';
import { beginRestore, digestOf, takeRestoreBack, wayBack, type RunContext } from '../../../src/node/restore/restoreRun.js';
import { hostAt, labs, patience } from '../labs.js';
import { LabEditor, toolFolders } from '../restore/labRestore.js';
import { here, onHost, watchProcesses, type Secrets } from './secretScan.js';

const serverKey = '/etc/kubernetes/pki/etcd/server.key';

describe('secrets in a restore over SSH, as a user with a key, a passphrase and a sudo password', function () {
  this.timeout(3 * patience);
  const start = labs();
  const planted = { passphrase: `passphrase-${randomBytes(16).toString('hex')}`, password: `password-${randomBytes(16).toString('hex')}`, secret: `secret-${randomBytes(16).toString('hex')}` };
  let lab: Lab, place: string, configFile: string, editor: LabEditor;

  before(async () => {
    lab = await start({ hosts: 3, withoutApiServer: true });
    place = await mkdtemp(path.join(tmpdir(), 'secrets-'));
    configFile = await ownLogin();
    // As an API server stores it, in a key of this machine's that has no encryption.
    await lab.etcdctl(['put', '/registry/secrets/default/planted', `k8s\\x00 v1 Secret ${planted.secret}`]);
    editor = await LabEditor.open(lab, toolFolders, { user: 'ops', login: { configFile, answer: question => question.is === 'passphrase' ? planted.passphrase : question.is === 'sudo' ? planted.password : undefined } });
  });

  after(async () => {
    await editor[Symbol.asyncDispose]();
    await rm(place, { recursive: true });
  });

  /** A key with a passphrase that opens the hosts, and a password for sudo there; returns the configuration with which ssh takes that key alone. */
  async function ownLogin(): Promise<string> {
    const key = path.join(place, 'id');
    await run(['ssh-keygen', '-q', '-t', 'ed25519', '-N', planted.passphrase, '-f', key]);
    const authorized = await readFile(`${key}.pub`, 'utf8');
    for (const host of lab.hosts) {
      await lab.script(host, 'cat >/etc/ssh/authorized_keys/ops', { input: authorized });
      await lab.exec(host, ['chpasswd'], { input: `ops:${planted.password}\n` });
    }
    const config = (await readFile(hostAt(lab, 0).ssh.configFile, 'utf8')).replace(/IdentityFile .*/, `IdentityFile ${key}\n  IdentityAgent none`);
    await writeFile(path.join(place, 'config'), config);
    return path.join(place, 'config');
  }

  /** The middle of a host's own key: no two keys share it. */
  async function secretsOf(host: LabHost): Promise<Secrets> {
    const [, line = ''] = (await lab.exec(host, ['cat', serverKey])).stdout.split('\n');
    assert.equal(line.length, 64);
    return { ...planted, clientKey: line };
  }

  /** The editor's log has all that is said and done. */
  const logged = (): Partial<RunContext> => {
    const log = (text: string): void => { appendFileSync(path.join(editor.folder, 'editor.log'), text); };
    return { onOutput: (step, text) => { log(`${step}: ${text}\n`); }, onEntry: entry => { log(`${JSON.stringify(entry)}\n`); } };
  };

  it('are in no list of processes and in no environment meanwhile', async () => {
    const keys = await Promise.all(lab.hosts.map(secretsOf));
    const watch = watchProcesses(Object.fromEntries([...Object.entries(planted), ...keys.map(({ clientKey = '' }, at) => [`key ${at}`, clientKey] as const)]));
    const control = watchProcesses({ argument: 'control-argument', variable: 'control-variable' });
    const child = spawn('sleep', ['600'], { argv0: 'control-argument', env: { CONTROL: 'control-variable' } });
    try {
      const plan = await editor.plan(await editor.snapshot('before'), 'lab-secrets-run');
      await editor.finish(context => beginRestore(context, plan, digestOf(plan)), logged());
      const record = await editor.onHosts('lab-secrets-run');
      const { digest } = await wayBack(editor.context(), record);
      await editor.finish(context => takeRestoreBack(context, record, digest), logged());
    } finally {
      const [{ seen, passes }, controlled] = await Promise.all([watch.stop(), control.stop()]);
      child.kill();
      assert.deepEqual([...seen], []);
      assert.deepEqual([...controlled.seen].sort(), ['argument in cmdline', 'variable in environ']);
      assert(passes >= 5, `looked ${passes} times only`);
    }
  });

  it('are on no disk afterwards but where they were put', async () => {
    for (const host of lab.hosts) {
      const found = await onHost(lab, host, await secretsOf(host));
      assert.deepEqual([found.get('passphrase'), found.get('password'), found.get('clientKey')], [new Set(), new Set(), new Set([serverKey])], host.name);
      const secret = [...found.get('secret') ?? []];
      assert.deepEqual(secret.filter(file => !/^\/var\/lib\/etcd\/(member|\.restore-lab-secrets-run(\.db)?|rescue-lab-secrets-run)(\/|$)/.test(file)), [], host.name);
      for (const part of ['member/', '.restore-lab-secrets-run/', '.restore-lab-secrets-run.db']) assert(secret.some(file => file.startsWith(`/var/lib/etcd/${part}`)), `${host.name} ${part} ${secret.join(' ')}`);
    }
  });

  it('are in nothing of the editor\'s but the snapshot', async () => {
    const keys = await Promise.all(lab.hosts.map(secretsOf));
    const all = Object.fromEntries([...Object.entries(planted), ...keys.map(({ clientKey = '' }, at) => [`key ${at}`, clientKey] as const)]);
    // What was written since, here and in the folder for such by whoever: the editor's journals and log, and what ssh has left.
    const { stdout } = await run(['find', tmpdir(), '-xdev', '-type', 'f', '-newer', `${place}/id`, '-size', '-64M', '-print0'], { anyCode: true });
    const found = await here([editor.folder, place, ...stdout.split('\0').slice(0, -1)], all);
    assert.deepEqual(new Map([...found].map(([what, files]) => [what, [...files]])), new Map(Object.keys(all).map(what => [what, what === 'secret' ? [path.join(editor.folder, 'before.db')] : []])));
    for (const file of ['editor.log', 'journals/restore-lab-secrets-run.journal']) assert(existsSync(path.join(editor.folder, file)), file);
  });

  it('would have been found wherever they were', async () => {
    const host = hostAt(lab, 1), secrets = await secretsOf(host);
    const places = ['/root/.a', '/run/b', '/tmp/c', '/var/log/journal-d', '/var/lib/containerd/e', '/dev/shm/f', '/home/ops/.g h'];
    for (const [at, to] of places.entries()) await lab.script(host, `cat >'${to}'`, { input: `\0\xff${Object.values(secrets).map(secret => at % 2 === 0 ? secret : Buffer.from(secret).toString('base64')).join('\0')}\n` });
    const found = await onHost(lab, host, secrets);
    for (const what of Object.keys(secrets)) assert.deepEqual(places.filter(to => found.get(what)?.has(to) !== true), [], what);
    await lab.exec(host, ['rm', ...places]);
  });
});
