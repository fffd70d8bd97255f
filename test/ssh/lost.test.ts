import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import type { SshHost, SshHosts } from '../../src/node/ssh/sshHosts.lazy.js';
import { hostEntry, hostsWith, never, openPlace, startSshd, type Place, type RealSshd } from './realSshd.js';

const coded = (code: string) => (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === code;
const left = (): readonly string[] => readdirSync('/run').filter(name => name.startsWith('etcd-recovery-'));

describe('a connection that is lost', function () {
  this.timeout(60_000);
  let place: Place;
  let sshd: RealSshd;
  let hosts: SshHosts;
  let host: SshHost;

  before(async () => {
    place = await openPlace();
    await place.key('key');
    sshd = await startSshd(place, { authorized: await place.read('key.pub') });
    await place.write('known', sshd.known);
    hosts = await hostsWith(place, hostEntry('cp-1', sshd.port, { IdentityFile: place.at('key'), UserKnownHostsFile: place.at('known') }));
    host = await hosts.host('cp-1', { sudo: 'auto' }, never);
  });

  after(async () => {
    await hosts.close();
    await sshd[Symbol.asyncDispose]();
    await place[Symbol.asyncDispose]();
  });

  it('is made anew with the next use', async () => {
    assert.equal((await host.run({ text: 'echo 1', args: [] }, { signal: never })).stdout, '1\n');
    await sshd.cut();
    assert.equal((await host.run({ text: 'echo 2', args: [] }, { signal: never })).stdout, '2\n');
  });

  it('leaves the end of a script unknown: never a success', async () => {
    const begun = Promise.withResolvers<string>();
    const run = host.run({ text: 'echo begun; exec sleep 2', args: [] }, { signal: never, onOutput: begun.resolve });
    await begun.promise;
    await sshd.cut();
    await assert.rejects(run, coded('HOST_LOST'));
  });

  it('does not stop a script that outlives it: it runs once, and its outcome is fetched', async () => {
    const heard: string[] = [];
    const begun = Promise.withResolvers<undefined>();
    const text = 'echo x >>"$1"; printf "begun %s\n" "$$"; until [ -e "$2" ]; do sleep 0.1; done; echo "grüße"; echo err >&2; exit 7';
    const run = host.run({ text, args: [place.at('count'), place.at('go')] }, {
      signal: never, outlives: true, onOutput: piece => { heard.push(piece); begun.resolve(undefined); },
    });
    await begun.promise;
    for (let n = 0; n < 3; n++) await sshd.cut();
    await writeFile(place.at('go'), '');
    const { code, stdout, stderr } = await run;
    assert.equal(code, 7);
    assert.match(stdout, /^begun \d+\ngrüße\n$/);
    assert.equal(stderr, 'err\n');
    assert.equal(heard.filter(piece => piece !== 'err\n').join(''), stdout);
    assert.equal(await readFile(place.at('count'), 'utf8'), 'x\n');
    assert.deepEqual(left(), []);
  });

  it('is cut at any moment of a script that outlives it, and the script still runs once', async () => {
    for (const wait of [0, 20, 60, 120, 250]) {
      await rm(place.at('once'), { force: true });
      const run = host.run({ text: 'echo x >>"$1"; sleep 0.5; echo "$2"', args: [place.at('once'), String(wait)] }, { signal: never, outlives: true });
      await new Promise(resolve => { setTimeout(resolve, wait); });
      await sshd.cut();
      const outcome = await run.catch((error: unknown) => error);
      const count = await readFile(place.at('once'), 'utf8').catch(() => '');
      if (outcome instanceof Error) {
        // It was cut before it had begun: that is said, and it does not begin later.
        assert.ok(coded('HOST_LOST')(outcome), String(outcome));
        assert.equal(count, '');
      } else {
        assert.deepEqual(outcome, { code: 0, stdout: `${wait}\n`, stderr: '' });
        assert.equal(count, 'x\n');
      }
    }
    for (const name of left()) await rm(`/run/${name}`, { recursive: true });
  });

  it('does not keep an abort from ending a script that outlives it', async () => {
    const stop = new AbortController();
    const begun = Promise.withResolvers<string>();
    const run = host.run({ text: 'echo "$$"; sleep 300', args: [] }, { signal: stop.signal, outlives: true, onOutput: begun.resolve });
    const pid = (await begun.promise).trim();
    await sshd.cut();
    stop.abort();
    await assert.rejects(run, { name: 'AbortError' });
    // It was told to end; that takes a moment.
    while (existsSync(`/proc/${pid}/exe`)) await new Promise(resolve => { setTimeout(resolve, 50); });
    assert.deepEqual(left(), []);
  });

  it('lets go of what was kept', async () => {
    const kept = await host.keep({ text: 'echo @HOLDS; cat >/dev/null; echo gone >"$1"', args: [place.at('gone')] }, never);
    await sshd.cut();
    await kept[Symbol.asyncDispose]();
    for (let text = ''; text !== 'gone\n';) text = await readFile(place.at('gone'), 'utf8').catch(() => '');
  });

  it('ends an upload, and the next one goes on from there', async () => {
    const bytes = randomBytes(30_000_000);
    await writeFile(place.at('source'), bytes);
    const first = host.upload(place.at('source'), place.at('target'), { signal: never, onProgress: n => { if (n > 5_000_000) void sshd.cut(); } });
    await assert.rejects(first, coded('HOST_LOST'));
    const seen: number[] = [];
    await host.upload(place.at('source'), place.at('target'), { signal: never, onProgress: n => seen.push(n) });
    assert.ok((seen[0] ?? 0) > 1_000_000, String(seen[0]));
    assert.ok(bytes.equals(await readFile(place.at('target'))));
  });

  it('ends a stream with an error, and not as if the file were over', async () => {
    await writeFile(place.at('big'), randomBytes(30_000_000));
    await assert.rejects(async () => {
      let got = 0;
      for await (const piece of host.stream(place.at('big'), never)) {
        got += piece.length;
        if (got > 5_000_000) await sshd.cut();
      }
    }, coded('HOST_LOST'));
  });

  it('is told from a host that was started anew', async () => {
    const begun = Promise.withResolvers<string>();
    const run = host.run({ text: 'echo begun; sleep 300', args: [] }, { signal: never, outlives: true, onOutput: begun.resolve });
    await begun.promise;
    const [name = ''] = left();
    const pid = Number(await readFile(`/run/${name}/pid`, 'utf8'));
    // What a reboot leaves: nothing that ran, nothing below /run.
    await rm(`/run/${name}`, { recursive: true });
    process.kill(-pid, 'SIGKILL');
    await sshd.cut();
    await assert.rejects(run, (error: unknown) => coded('HOST_LOST')(error) || coded('HOST_SCRIPT_FAILED')(error));
    for (const one of left()) await rm(`/run/${one}`, { recursive: true });
  });
});
