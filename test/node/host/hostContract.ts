import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, realpath, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KnownError } from '../../../src/core/errors.js';
import { prelude } from '../../../src/core/host/prelude.js';
import type { DialingHost } from '../../../src/node/host/dialingHost.js';

const never = new AbortController().signal;
const coded = (code: string) => (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === code;

async function all(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const list: Uint8Array[] = [];
  for await (const piece of pieces) list.push(piece);
  return Buffer.concat(list);
}

/**
 * What every host keeps to, wherever it is; the host's files are this machine's. The system's own ssh does not tell a signal from
 * a lost connection, and stays as long as anything holds its pipes: there, such an end is unknown, and nothing waits for it here.
 */
export function hostContract(open: () => Promise<DialingHost>, by: 'own means' | 'OpenSSH' = 'own means'): void {
  let host: DialingHost;
  let dir = '';
  const at = (name: string): string => join(dir, name);
  const sh = (text: string, ...args: string[]) => host.run({ text, args }, { signal: never });

  before(async () => { host = await open(); });
  after(() => host.close());
  beforeEach(async () => { dir = await realpath(await mkdtemp(join(tmpdir(), 'host-contract-'))); });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  it('gives back what a script prints and its exit code', async () => {
    const { code, stdout, stderr } = await sh('echo "$1-$2"; echo oops >&2; exit 3', 'a b', 'ü');
    assert.deepEqual({ code, stdout, stderr }, { code: 3, stdout: 'a b-ü\n', stderr: 'oops\n' });
  });

  it('never takes the end by a signal for success: it gives no code when a signal ended the script', async () => {
    const run = sh('kill -s KILL $$; sleep 10');
    if (by === 'OpenSSH') await assert.rejects(run, coded('HOST_LOST'));
    else assert.equal((await run).code, undefined);
  });

  it('tells what is printed as it comes', async () => {
    const heard = Promise.withResolvers<string>();
    const run = host.run({ text: 'echo begun; until [ -e "$1" ]; do sleep 0.1; done', args: [at('go')] }, { signal: never, onOutput: heard.resolve });
    assert.equal(await heard.promise, 'begun\n');
    await writeFile(at('go'), '');
    assert.equal((await run).code, 0);
  });

  it('gives a script nothing to read, and runs nothing of one that is not whole', async () => {
    assert.equal((await sh('cat; echo end')).stdout, 'end\n');
    assert.notEqual((await sh('touch "$1"\nif true; then', at('canary'))).code, 0);
    assert.ok(!existsSync(at('canary')));
  });

  it('gives a script its input, text or bytes', async () => {
    assert.equal((await host.run({ text: 'cat; echo "$1"', args: ['x'], input: 'line 1\nline 2\n' }, { signal: never })).stdout, 'line 1\nline 2\nx\n');
    const bytes = randomBytes(3_000_000);
    const source = async function* () {
      for (let n = 0; n < bytes.length; n += 700_000) yield await Promise.resolve(bytes.subarray(n, n + 700_000));
    };
    const { code } = await host.run({ text: 'cat >"$1"', args: [at('copy')], input: source() }, { signal: never });
    assert.equal(code, 0);
    assert.ok(bytes.equals(await readFile(at('copy'))));
  });

  it('is not hindered by a script that does not read its input', async () => {
    assert.equal((await host.run({ text: 'exit 4', args: [], input: 'x'.repeat(5_000_000) }, { signal: never })).code, 4);
  });

  it('rejects with what broke the input', async () => {
    const broken = async function* () {
      yield Buffer.from('some');
      await Promise.resolve();
      throw new KnownError('FILE_UNREADABLE', { path: 'x', reason: 'y' });
    };
    await assert.rejects(host.run({ text: 'cat', args: [], input: broken() }, { signal: never }), coded('FILE_UNREADABLE'));
  });

  if (by === 'own means') it('does not wait for a daemon that keeps the pipes open', async () => {
    const { code, stdout } = await sh('sleep 300 & echo "$!"');
    try {
      assert.equal(code, 0);
      assert.match(stdout, /^\d+\n$/);
    } finally {
      await sh('kill "$1"', stdout.trim());
    }
  });

  it('ends the whole process group when it is aborted', async () => {
    const stop = new AbortController();
    const run = host.run({ text: 'sleep 301 & echo "$!"; wait', args: [] }, { signal: stop.signal, onOutput: text => { pid = text.trim(); stop.abort(); } });
    let pid = '';
    await assert.rejects(run, { name: 'AbortError' });
    assert.match(pid, /^\d+$/);
    assert.equal((await sh('n=0; while [ "$n" -lt 100 ]; do kill -0 "$1" 2>/dev/null || exit 9; sleep 0.2; n=$((n + 1)); done', pid)).code, 9);
  });

  it('runs nothing when it was aborted before', async () => {
    await assert.rejects(host.run({ text: 'touch "$1"', args: [at('canary')] }, { signal: AbortSignal.abort() }), { name: 'AbortError' });
    assert.ok(!existsSync(at('canary')));
  });

  it('refuses arguments that could not arrive as they are', async () => {
    for (const bad of ['a\0b', '\ud800']) await assert.rejects(sh('touch "$1"', bad), coded('HOST_ARGUMENT_INVALID'));
  });

  it('keeps what a script holds until it is let go', async () => {
    const text = `${prelude}\ntouch "$1"; say HOLDS what=it; cat >/dev/null; rm -- "$1"\n`;
    const kept = await host.keep({ text, args: [at('held')] }, never);
    assert.equal(kept.said, '@HOLDS\twhat=it');
    assert.ok(existsSync(at('held')));
    await kept[Symbol.asyncDispose]();
    assert.ok(!existsSync(at('held')));
  });

  it('tells why something could not be kept', async () => {
    await assert.rejects(host.keep({ text: `${prelude}\nfail PATH_MISSING path=/x\n`, args: [] }, never), coded('PATH_MISSING'));
    await assert.rejects(host.keep({ text: 'exit 5', args: [] }, never), coded('HOST_SCRIPT_FAILED'));
  });

  it('says when what was kept has ended, and ends it when told', async () => {
    const text = `${prelude}\nsay HOLDS "pid=$$"; cat >/dev/null\n`;
    const kept = await host.keep({ text, args: [] }, never);
    await kept.end();
    await kept.ended;
    await assert.rejects(readFile(`/proc/${/pid=(\d+)/.exec(kept.said)?.[1] ?? ''}/exe`), { code: 'ENOENT' });
  });

  it('behind a gate, passes it before each thing that is sent, and sends nothing when it is shut', async () => {
    let passed = 0, shut = false;
    const gated = host.behind(async () => {
      passed++;
      await Promise.resolve();
      if (shut) throw new KnownError('LOCKED_BY_OTHER', { dataDir: dir, owner: 'somebody' });
    });
    await writeFile(at('source'), 'new');
    await writeFile(at('file'), '');
    const uses: readonly (() => Promise<unknown>)[] = [
      () => gated.run({ text: 'echo ran >>"$1"', args: [at('file')] }, { signal: never }),
      () => gated.run({ text: 'echo outlived >>"$1"', args: [at('file')] }, { signal: never, outlives: true }),
      () => gated.append(at('file'), 'appended\n'),
      () => gated.write(at('written'), 'written\n'),
      () => gated.upload(at('source'), at('uploaded'), { signal: never }),
      () => gated.keep({ text: 'echo kept >>"$1"; echo @HOLDS; cat >/dev/null', args: [at('file')] }, never).then(kept => kept[Symbol.asyncDispose]()),
    ];
    shut = true;
    for (const use of uses) await assert.rejects(use(), coded('LOCKED_BY_OTHER'));
    assert.equal(await readFile(at('file'), 'utf8'), '');
    assert.deepEqual((await readdir(dir)).sort(), ['file', 'source']);
    shut = false;
    for (const use of uses) {
      passed = 0;
      await use();
      assert.notEqual(passed, 0, String(use));
    }
    assert.equal(await readFile(at('file'), 'utf8'), 'ran\noutlived\nappended\nkept\n');
  });

  it('reads a file, and knows when there is none', async () => {
    await writeFile(at('file'), 'grüß\n\n');
    assert.equal(await host.read(at('file')), 'grüß\n\n');
    assert.equal(await host.read(at('none')), undefined);
    await assert.rejects(host.read(dir), coded('FILE_UNREADABLE'));
  });

  it('streams a file from an offset', async () => {
    const bytes = randomBytes(5_000_001);
    await writeFile(at('big'), bytes);
    const read = async (from?: number): Promise<Buffer> => all(host.stream(at('big'), never, from));
    assert.ok(bytes.equals(await read()));
    assert.ok(bytes.subarray(4_999_999).equals(await read(4_999_999)));
    await assert.rejects(all(host.stream(at('none'), never)), coded('FILE_UNREADABLE'));
  });

  it('lets go of a stream that is not read to its end', async () => {
    await writeFile(at('big'), randomBytes(8_000_000));
    for await (const piece of host.stream(at('big'), never)) {
      assert.ok(piece.length > 0);
      break;
    }
    assert.equal((await sh('echo still there')).stdout, 'still there\n');
  });

  it('appends to a file that is there, and to nothing else', async () => {
    await writeFile(at('journal'), 'one\n');
    await host.append(at('journal'), 'zwölf\n');
    await host.append(at('journal'), `it's $HOME\n`);
    assert.equal(await readFile(at('journal'), 'utf8'), `one\nzwölf\nit's $HOME\n`);
    await assert.rejects(host.append(at('none'), 'x'), coded('FILE_UNWRITABLE'));
    await symlink(at('journal'), at('link'));
    await assert.rejects(host.append(at('link'), 'x'), coded('FILE_UNWRITABLE'));
    assert.ok(!existsSync(at('none')));
  });

  it('writes a file whole, for its owner alone, and follows no link', async () => {
    const text = `${'line\n'.repeat(200_000)}end`;
    await writeFile(at('other'), 'untouched');
    await symlink(at('other'), at('file.part'));
    await host.write(at('file'), text);
    assert.equal(await readFile(at('file'), 'utf8'), text);
    assert.equal((await stat(at('file'))).mode & 0o777, 0o600);
    assert.equal(await readFile(at('other'), 'utf8'), 'untouched');
    await host.write(at('file'), '');
    assert.equal(await readFile(at('file'), 'utf8'), '');
    await assert.rejects(host.write(join(dir, 'none', 'file'), 'x'), coded('FILE_UNWRITABLE'));
  });

  it('uploads a file whole and tells how far it is', async () => {
    const bytes = randomBytes(3_500_000);
    await writeFile(at('source'), bytes);
    const seen: number[] = [];
    await host.upload(at('source'), at('target'), { signal: never, onProgress: n => seen.push(n) });
    assert.ok(bytes.equals(await readFile(at('target'))));
    assert.equal((await stat(at('target'))).mode & 0o777, 0o600);
    assert.deepEqual([seen[0], seen.at(-1)], [0, bytes.length]);
    assert.ok(!existsSync(at('target.part')));
    await writeFile(at('empty'), '');
    await host.upload(at('empty'), at('nothing'), { signal: never });
    assert.equal((await stat(at('nothing'))).size, 0);
  });

  it('goes on with an upload that was cut, unless what is there is something else', async () => {
    const bytes = randomBytes(3_000_000);
    await writeFile(at('source'), bytes);
    for (const [part, first] of [[bytes.subarray(0, 1_234_567), 1_234_567], [randomBytes(1_000), 0], [randomBytes(4_000_000), 0]] as const) {
      const seen: number[] = [];
      // The part is the host's own work: its owner and mode are what it made.
      await host.write(at('target.part'), '');
      await truncate(at('target.part'));
      await writeFile(at('target.part'), part);
      await host.upload(at('source'), at('target'), { signal: never, onProgress: n => seen.push(n) });
      assert.equal(seen[0], first);
      assert.ok(bytes.equals(await readFile(at('target'))));
    }
  });

  it('does not write through a link in the place of a part', async () => {
    await writeFile(at('source'), 'new content');
    await writeFile(at('other'), 'new');
    await symlink(at('other'), at('target.part'));
    await host.upload(at('source'), at('target'), { signal: never });
    assert.equal(await readFile(at('other'), 'utf8'), 'new');
    assert.equal(await readFile(at('target'), 'utf8'), 'new content');
  });

  it('leaves an upload that is aborted for the next one', async () => {
    await writeFile(at('source'), randomBytes(20_000_000));
    const stop = new AbortController();
    await assert.rejects(host.upload(at('source'), at('target'), { signal: stop.signal, onProgress: n => { if (n > 0) stop.abort(); } }), { name: 'AbortError' });
    assert.ok(!existsSync(at('target')));
    await host.upload(at('source'), at('target'), { signal: never });
    assert.ok((await readFile(at('source'))).equals(await readFile(at('target'))));
  });

  it('connects to addresses as the host sees them', async () => {
    const server = createServer({ allowHalfOpen: true }, socket => { socket.pipe(socket); }).listen(0, '127.0.0.1');
    await new Promise(resolve => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    try {
      const stream = await host.dial(`127.0.0.1:${port}`, never);
      const bytes = randomBytes(2_000_000);
      stream.end(bytes);
      assert.ok(bytes.equals(await all(stream as AsyncIterable<Buffer>)));
      for (const bad of ['127.0.0.1', '-x:1', '127.0.0.1:0', 'a b:1', '']) await assert.rejects(host.dial(bad, never), coded('HOST_DIAL_FAILED'));
    } finally {
      server.close();
    }
  });

  it('runs a script that outlives its connection like any other', async () => {
    const heard: string[] = [];
    const { code, stdout, stderr } = await host.run({ text: 'printf "%s" "$1"; echo b >&2; exit 6', args: [`it's`] }, { signal: never, outlives: true, onOutput: text => heard.push(text) });
    assert.deepEqual({ code, stdout, stderr }, { code: 6, stdout: `it's`, stderr: 'b\n' });
    assert.equal(heard.join('').replace('b\n', ''), `it's`);
    const stop = new AbortController();
    const long = host.run({ text: 'sleep 302 & echo "$!"; wait', args: [] }, { signal: stop.signal, outlives: true, onOutput: text => { pid = text.trim(); stop.abort(); } });
    let pid = '';
    await assert.rejects(long, { name: 'AbortError' });
    assert.equal((await sh('n=0; while [ "$n" -lt 100 ]; do kill -0 "$1" 2>/dev/null || exit 9; sleep 0.2; n=$((n + 1)); done', pid)).code, 9);
  });
}
