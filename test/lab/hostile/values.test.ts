import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Lab, LabHost } from '../../../lab/lab.js';
import { KnownError } from '../../../src/core/errors.js';
import { openSshHosts, type SshHost, type SshHosts } from '../../../src/node/ssh/sshHosts.lazy.js';
import { hostAt, labs, patience } from '../labs.js';
import { allHostile, isSendable } from './hostileKinds.js';
import { lookWith } from './generatedScripts.js';
import { drafted, hostileManifest } from './hostileManifests.js';
import { assertSame, everythingOn, processesOn, untilSameProcesses, type Everything } from './hostWatch.js';
import { never, Spot } from './spot.js';
import { gathered, plant, type Tree } from './tree.js';
import { trials } from './trials.js';

/** Values of one spot, and spots that are worked on at a time. */
const EACH = 18;
const AT_ONCE = 6;

describe('hostile values on a host behind SSH', function () {
  this.timeout(3 * patience);
  const start = labs();
  // The same path on the host and on this machine: who escapes on either side is seen.
  const place = mkdtempSync('/var/tmp/hostile-');
  const canaries = path.join(place, 'canaries');
  const values = allHostile(path.join(canaries, 'sang')).map(({ value }) => value);
  const sendable = values.filter(isSendable);
  const here = readdirSync('/');
  const expected = new Map<string, string | null>([[canaries, null]]);
  const ran = new Map<string, Set<string>>();
  const opened: SshHosts[] = [];
  let lab: Lab, host: LabHost;
  let filesBefore: Everything, processesBefore: readonly string[];

  before(async () => {
    mkdirSync(canaries);
    lab = await start({ hosts: 1, withoutApiServer: true });
    host = hostAt(lab, 0);
    await plant(lab, host, { [canaries]: null });
    [filesBefore, processesBefore] = [await everythingOn(lab, host, place), await processesOn(lab, host)];
  });

  after(async () => {
    for (const each of opened) await each.close();
    rmSync(place, { recursive: true });
  });

  async function reach(user: 'root' | 'ops', configFile = host.ssh.configFile): Promise<SshHost> {
    const ssh = openSshHosts({ openSsh: { program: 'ssh', configFile }, prompts: { unknownHostKey: () => Promise.resolve(false), secret: () => Promise.resolve(host.ssh.password) } });
    opened.push(ssh);
    return ssh.host(`${user}@${host.name}`, { sudo: 'auto', name: host.name }, never);
  }

  /** Puts the values through some of the trials, so many of them at a spot. */
  async function suffer(reached: SshHost, label: string, some: readonly string[], trialsOf: (at: number) => readonly string[]): Promise<void> {
    const spots = Array.from({ length: Math.ceil(some.length / EACH) }, (_, at) => new Spot(reached, path.join(place, `${label}-${at}`), some.slice(at * EACH, (at + 1) * EACH)));
    await plant(lab, host, Object.assign({}, ...spots.map(spot => spot.planted())) as Tree);
    let next = 0;
    const wrong: string[] = [];
    const worker = async (): Promise<void> => {
      for (let at = next++; at < spots.length; at = next++) {
        for (const name of trialsOf(at)) {
          const spot = spots[at], trial = trials[name];
          assert(spot !== undefined && trial !== undefined);
          await trial(spot).catch((error: unknown) => { wrong.push(`${name} on ${spot.base}: ${String(error)}`); });
          for (const value of spot.values) ran.set(name, (ran.get(name) ?? new Set()).add(value));
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    assert.deepEqual(wrong, []);
    for (const spot of spots) for (const [at, content] of spot.left) expected.set(at, content);
  }

  const all = Object.keys(trials);

  it('go through every script as they are, as root', async () => {
    await suffer(await reach('root'), 'root', sendable, () => all);
    for (const name of all) assert((ran.get(name)?.size ?? 0) >= 200, `${name}: ${ran.get(name)?.size ?? 0}`);
  });

  it('go through scripts of each kind as a user with sudo and a password', async () => {
    await suffer(await reach('ops'), 'ops', sendable, at => all.filter((_, n) => n % 4 === at % 4));
  });

  it('go through scripts of each kind by the system\'s own ssh', async () => {
    // What ssh2 cannot do is asked for, and it is not there.
    const configFile = path.join(place, 'config');
    await writeFile(configFile, `Host *\n  CertificateFile ${place}/none\nInclude ${host.ssh.configFile}\n`);
    const reached = await reach('ops', configFile);
    await suffer(reached, 'system', sendable.filter((_, at) => at % 4 === 0), at => all.filter((_, n) => n % 4 === at % 4));
    assert.equal(reached.beyond(), 'CERTIFICATE');
    rmSync(configFile);
  });

  it('in a manifest on the host are refused, or become a cluster that settings may have', async () => {
    const reached = await reach('root');
    const dirs = values.map((value, at) => [path.join(place, `manifest-${at}`, 'etcd.yaml'), hostileManifest(value, at)] as const);
    await plant(lab, host, Object.fromEntries(dirs));
    const ends: string[] = [];
    let next = 0;
    await Promise.all(Array.from({ length: AT_ONCE }, async () => { for (let at = next++; at < dirs.length; at = next++) ends.push(await drafted(reached, path.dirname(dirs[at]?.[0] ?? ''))); }));
    assert(ends.length >= 200 && ends.includes('taken') && ends.filter(end => end === 'refused').length > 100, `${ends.filter(end => end === 'taken').length} of ${ends.length} were taken`);
    for (const [at, text] of dirs) expected.set(at, text.toWellFormed());
  });

  it('in the generated scripts of a plan are names and words, as a host runs them', async () => {
    for (let at = 0; at * EACH < values.length; at++) {
      const base = path.join(place, `generated-${at}`);
      for (const [left, content] of Object.entries(await lookWith(lab, host, base, values.slice(at * EACH, (at + 1) * EACH)))) expected.set(left, content);
    }
  });

  it('as the name of a host are refused before any program runs', async () => {
    const told = path.join(place, 'told'), program = path.join(place, 'ssh');
    await writeFile(program, `#!/bin/sh\nprintf '%s\\0' "$@" >>'${told}'\nexit 1\n`, { mode: 0o755 });
    const ssh = openSshHosts({ openSsh: { program, configFile: '/dev/null' }, prompts: { unknownHostKey: () => Promise.resolve(true), secret: () => Promise.resolve(undefined) } });
    const taken: string[] = [];
    for (const target of values.flatMap(value => [value, `ops@${value}`, `${value}@cp-1`, `cp-1:${value}`, `[${value}]:22`])) {
      const code = await ssh.host(target, { sudo: 'auto' }, never).then(() => 'none', (error: unknown) => error instanceof KnownError ? error.code : String(error));
      if (code !== 'HOST_TARGET_INVALID') taken.push(target);
      assert(code === 'HOST_TARGET_INVALID' || code === 'HOST_CONFIG_INVALID' && /^[\p{L}\p{N}_@.:[\]\\+-]+\$?/u.test(target) && !target.startsWith('-'), `${target}: ${code}`);
    }
    // What is left are letters; each came behind `--`, where nothing is an option.
    const words = existsSync(told) ? readFileSync(told, 'utf8').split('\0').slice(0, -1) : [];
    assert.equal(words.filter(word => word === '--').length, taken.length);
    for (const [at, word] of words.entries()) if (words[at - 1] === '--') assert.match(word, /^[\p{L}\p{N}_][\p{L}\p{N}._-]*$/u);
    for (const each of [told, program]) rmSync(each, { force: true });
  });

  it('are refused before anything is sent where they could not arrive as they are', async () => {
    const reached = await reach('root');
    const unfit = values.filter(value => !isSendable(value));
    assert(unfit.length >= 15);
    for (const value of unfit) {
      const script = { text: `touch ${canaries}/ran`, args: ['fine', value] };
      for (const run of [reached.run(script, { signal: never }), reached.run(script, { signal: never, outlives: true }), reached.keep(script, never), reached.read(value), reached.write(value, '')]) {
        await assert.rejects(run, (error: unknown) => error instanceof KnownError && error.code === 'HOST_ARGUMENT_INVALID' && error.args['host'] === host.name, JSON.stringify(value));
      }
    }
  });

  it('have had no effect but the one wanted: not on the host, and not here', async () => {
    for (const each of opened.splice(0)) await each.close();
    await untilSameProcesses(lab, host, processesBefore);
    assertSame(filesBefore, await everythingOn(lab, host, place));
    const found = await gathered(lab, host, place);
    assert.deepEqual(Object.keys(found).filter(at => !expected.has(at)), []);
    for (const [at, content] of expected) assert.equal(found[at], content, at);
    assert.deepEqual([readdirSync(canaries), readdirSync(place), readdirSync('/')], [[], ['canaries'], here]);
  });
});
