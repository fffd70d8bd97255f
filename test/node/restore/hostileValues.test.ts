import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { actionScript } from '../../../src/core/host/actionScripts.js';
import { dataDirScript } from '../../../src/core/host/dataDirScript.js';
import { said } from '../../../src/core/host/outcome.js';
import { probeScript } from '../../../src/core/host/probeScripts.js';
import { isPlainText, shellLine } from '../../../src/core/host/shellWord.js';
import { diskScript, readDisk, readTools, toolScript } from '../../../src/core/restore/factScripts.js';
import { localHost } from '../../../src/node/host/localHost.js';
import { lockDataDirs } from '../../../src/node/restore/lock.js';
import { fileName, hostileValues } from './hostile.js';
import { run, Scratch } from './scratch.js';

const COUNT = 560;
const signal = new AbortController().signal;
const host = localHost();

const outcome = async (script: { readonly text: string; readonly args: readonly string[] }) => {
  const { code, stdout, stderr } = await host.run(script, { signal });
  assert.equal(stderr, '', JSON.stringify(script.args));
  return { code, stdout, said: said(stdout) };
};

describe('hostile values', function () {
  this.timeout(120_000);

  it(`go through every script as they are: ${COUNT} of them, with no effect but the one wanted`, async () => {
    await using scratch = await Scratch.make();
    const canaries = join(scratch.dir, 'canaries');
    await mkdir(canaries);
    const values = hostileValues(join(canaries, 'sang'), COUNT);
    // Where a script runs, and so where a word that escaped would leave its file.
    const before = readdirSync('/');
    const tell = await scratch.script('tell.sh', 'out=$1; shift; printf "%s\\0" "$@" >"$out"; exit 1');
    let next = 0;
    const worker = async () => {
      for (let at = next++; at < values.length / 2; at = next++) await suffer(scratch, tell, at, values[2 * at] ?? '', values[2 * at + 1] ?? '');
    };
    await Promise.all([worker(), worker(), worker()]);
    assert.deepEqual(readdirSync(canaries), []);
    assert.deepEqual((await readdir(scratch.dir)).filter(name => !/^\d+$/.test(name)).sort(), ['canaries', 'tell.sh']);
    assert.deepEqual(readdirSync('/'), before);
  });

  it('in a command that is shown are such that a shell reads them back', async () => {
    const values = hostileValues('/nonexistent/canary', COUNT).filter(isPlainText);
    const { stdout } = await host.run({ text: `printf '%s\\0' ${shellLine(values)}`, args: [] }, { signal });
    assert.deepEqual(stdout.split('\0').slice(0, -1), values);
  });
});

/** One pair of values through one kind of script; `at` chooses which. */
async function suffer(scratch: Scratch, tell: string, at: number, one: string, two: string): Promise<void> {
  const [a, b] = [fileName(one), fileName(two)];
  const etcd = await scratch.dataDir(`${at}/${a}`);
  const { dataDir } = etcd;
  const inside = join(scratch.dir, String(at));
  const listing = (extra: readonly string[]) => [a, ...extra].sort();
  const told = async () => (await readFile(join(inside, 'told'), 'utf8')).split('\0').slice(0, -1);
  switch (at % 8) {
    case 0: {
      const to = join(dataDir, b === 'member' ? 'members' : b);
      assert.equal((await outcome(actionScript({ do: 'move', etcd, from: join(dataDir, 'member'), to }))).code, 0);
      assert.equal((await stat(join(to, 'snap/db'))).size, 8);
      assert.deepEqual(await readdir(inside), listing([]));
      break;
    }
    case 1:
    case 2: {
      const start = at % 8 === 1;
      const command = start ? { do: 'start' as const } : { do: 'stop' as const };
      if (!start) await scratch.hold(join(dataDir, 'member/snap/db'));
      const { code, said: words } = await outcome(actionScript({ ...command, etcd, argv: [tell, join(inside, 'told'), one, two, ''], withinMs: 10_000 }));
      assert.deepEqual([code, words?.code, words?.args['code']], [70, 'USER_COMMAND_FAILED', '1']);
      assert.deepEqual(await told(), [one, two, '']);
      assert.deepEqual((await readdir(inside)).sort(), listing(['told']));
      break;
    }
    case 3: {
      const tool = await scratch.script(join(String(at), 'tool'), 'printf "%s\\0" "$@" >"$(dirname "$0")/told"; exit 1');
      const staging = {
        dataDir, part: join(dataDir, `.restore-${run}.part`), target: join(dataDir, `.restore-${run}`), tool, snapshot: one, name: two, initialCluster: `${two}=${one}`, token: one,
        peerUrls: two, bumpRevision: one, owner: { uid: 0, gid: 0 }, like: join(dataDir, b),
      };
      const { said: words } = await outcome(actionScript({ do: 'stage', host: 'local', staging }));
      assert.equal(words?.code, 'TOOL_FAILED');
      assert.deepEqual(await told(), ['snapshot', 'restore', one, '--name', two, '--initial-cluster', `${two}=${one}`, '--initial-cluster-token', one,
        '--initial-advertise-peer-urls', two, '--data-dir', staging.part, '--bump-revision', one, '--mark-compacted']);
      assert.deepEqual((await readdir(inside)).sort(), listing(['told', 'tool']));
      break;
    }
    case 4:
      assert.equal((await outcome(probeScript({ is: 'exists', host: 'local', path: dataDir }))).said?.code, 'HOLDS');
      assert.equal((await outcome(probeScript({ is: 'absent', host: 'local', path: join(dataDir, `no${b}`) }))).said?.code, 'HOLDS');
      assert.equal((await outcome(probeScript({ is: 'sameFile', host: 'local', path: join(dataDir, 'member/snap/db'), sha256: one, size: 8 }))).said?.code, 'FILE_DIFFERS');
      assert.equal((await outcome(probeScript({ is: 'exists', host: 'local', path: `/nonexistent/${one}/${two}` }))).said?.code, 'PATH_MISSING');
      break;
    case 5: {
      assert.equal(readDisk((await outcome(diskScript(etcd))).stdout).dbSize, 8);
      const made = join(inside, 'made', b);
      await mkdir(join(inside, 'made'));
      assert.equal((await outcome(dataDirScript(made, { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 }))).code, 0);
      assert.deepEqual(await readdir(join(inside, 'made')), [b]);
      break;
    }
    case 6: {
      await scratch.script(join(String(at), a, 'etcdutl'), 'echo etcdutl version: 1.2.3');
      const tools = readTools((await outcome(toolScript([one, dataDir, two]))).stdout);
      assert.deepEqual(tools.filter(({ path }) => path.startsWith(scratch.dir)).map(({ path, version }) => [path, version]), [[join(dataDir, 'etcdutl'), '1.2.3']]);
      break;
    }
    default:
      await (await lockDataDirs([dataDir], one))[Symbol.asyncDispose]();
      assert((await readFile(join(dataDir, '.recovery.lock'), 'utf8')).endsWith(`, ${one})`));
  }
  assert(existsSync(dataDir));
}
