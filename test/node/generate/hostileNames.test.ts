import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { shellFiles } from '../../../src/core/generate/shellFiles.js';
import { isPlainText } from '../../../src/core/host/shellWord.js';
import { readJournal } from '../../../src/core/journal.js';
import type { RestorePlan } from '../../../src/core/restore/planRestore.js';
import { changed, digestOf, planned, writeFiles } from '../../core/generate/generated.js';
import { askedOf, expected, toldBy, wordsOf } from '../../core/generate/parsed.js';
import { podFactsOf } from '../../core/restore/podFixture.js';
import { fileName, hostileValues } from '../restore/hostile.js';
import { Scratch } from '../restore/scratch.js';

const PLANS = 21;
const EACH = 6;
const run = '20261122t030000z-4f2a';

const plain = (value: string): string => Array.from(value).filter(isPlainText).join('') || '$';

/** A shell in a place of its own; its exit code and what it printed. */
async function shell(script: string, env: Readonly<Record<string, string>>): Promise<{ readonly code: number | null; readonly text: string }> {
  const child = spawn('/bin/sh', [script], { cwd: '/', env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (chunk: string) => { text += chunk; });
  child.stdin.on('error', () => undefined);
  child.stdin.end('not its name\n');
  const code = await new Promise<number | null>(resolve => child.on('close', resolve));
  return { code, text };
}

describe('hostile names in a plan', function () {
  this.timeout(300_000);

  it(`are only names in generated scripts that really run: ${PLANS * EACH} values`, async () => {
    await using scratch = await Scratch.make();
    const canaries = join(scratch.dir, 'canaries');
    await mkdir(canaries);
    const values = hostileValues(join(canaries, 'sang'), PLANS * EACH);
    const before = readdirSync('/');
    let next = 0;
    const worker = async () => {
      for (let at = next++; at < PLANS; at = next++) await suffer(scratch, at, values.slice(at * EACH, (at + 1) * EACH));
    };
    await Promise.all([worker(), worker()]);
    assert.deepEqual(readdirSync(canaries), []);
    assert.deepEqual(readdirSync(scratch.dir).filter(name => !/^\d+$/.test(name)), ['canaries']);
    assert.deepEqual(readdirSync('/'), before);
  });
});

/** One plan with hostile values wherever a person or a host can put one; everything up to the first stop is done for real. */
async function suffer(scratch: Scratch, at: number, values: readonly string[]): Promise<void> {
  const [name = '', cluster = '', dataDir = '', snapshot = '', tool = '', manifests = ''] = values;
  const place = join(scratch.dir, String(at));
  const paths = { dataDir: join(place, fileName(dataDir)), snapshot: join(place, 'from', fileName(snapshot)), tool: join(place, 'tools', fileName(tool), 'etcdutl'), manifests: join(place, 'pods', fileName(manifests)) };
  await Promise.all([join(paths.dataDir, 'member'), join(place, 'from'), join(place, 'tools', fileName(tool)), join(paths.manifests, 'manifests')].map(path => mkdir(path, { recursive: true })));
  const bytes = Buffer.from(`snapshot ${at}`);
  await writeFile(paths.snapshot, bytes);
  // It does what a tool does, as far as the steps look at it.
  await writeFile(paths.tool, `#!/bin/sh\nprintf '%s\\0' "$@" >'${place}/told'\nwhile [ "$1" != --data-dir ]; do shift; done\nmkdir -p "$2/member/snap" "$2/member/wal" && echo x >"$2/member/snap/db" && echo x >"$2/member/snap/1.snap" && echo x >"$2/member/wal/1.wal"\n`, { mode: 0o755 });
  const words: readonly (readonly [string, string])[] = [
    ['/var/lib/etcd', paths.dataDir], ['/backups/demo.db', paths.snapshot], ['/opt/3.5.30/etcdutl', paths.tool], ['/etc/kubernetes/manifests', join(paths.manifests, 'manifests')],
    ['/etc/kubernetes/etcd-recovery', join(paths.manifests, 'etcd-recovery')], ['prod-eu', plain(cluster)], ['cp-1', plain(name)], ['ab'.repeat(32), createHash('sha256').update(bytes).digest('hex')],
  ];
  const plan = changed(planned(podFactsOf(1)), text => text === 'SIZE' ? bytes.length : words.reduce((all, [from, to]) => all.includes(from) ? all.replaceAll(from, () => to) : all, text)) as RestorePlan;
  const files = shellFiles(plan, digestOf(plan));
  for (const { path } of files) assert.match(path, /^([A-Za-z0-9][\w.-]*\/)*[A-Za-z0-9][\w.-]*$/);
  writeFiles(join(place, 'made'), files);
  await writeFile(join(place, 'ssh-here'), `[ "$1" = -- ] || exit 255\nprintf '%s\\0' "$2" >'${place}/asked'\nshift 2\nexec /bin/sh -c "$*"\n`);

  const env = { SSH: `/bin/sh ${join(place, 'ssh-here')}`, SUDO: '' };
  const restore = await shell(join(place, 'made/restore.sh'), env);
  assert.deepEqual([restore.code, restore.text.includes('That is not its name')], [64, true], restore.text);
  assert.equal(await readFile(join(place, 'asked'), 'utf8'), `${plain(name)}\0`);
  assert.deepEqual((await readFile(join(place, 'told'), 'utf8')).split('\0').slice(0, 5), ['snapshot', 'restore', `${paths.dataDir}/.restore-${run}.db`, '--name', plain(name)]);
  assert.deepEqual(await readFile(`${paths.dataDir}/.restore-${run}.db`), bytes);
  const journal = await readFile(join(paths.dataDir, `restore-${run}.journal`), 'utf8');
  assert.deepEqual(readJournal(journal)?.record.opening.plan, plan);
  assert.equal(readJournal(journal)?.length, journal.length);
  const back = await shell(join(place, 'made/take-back.sh'), env);
  assert.deepEqual([back.code, back.text.includes('That is not its name')], [64, true], back.text);

  const texts = new Map(files.map(({ path, text }) => [path, text]));
  for (const { file, steps } of expected(plan)) {
    const told = toldBy(texts.get(file) ?? '');
    assert.deepEqual(told.filter(([first]) => first === 'perform').map(([, , id]) => id), steps.map(({ id }) => id), file);
    assert.deepEqual(told.filter(([first, ...rest]) => first === 'act' && rest.length > 0), steps.flatMap(({ act }) => wordsOf(act) === undefined ? [] : [wordsOf(act)]), file);
    for (const { done } of steps) for (const asked of askedOf(done)) assert(told.some(each => each[0] === 'ask' && asked.every((word, n) => each[n] === word)), `${file} ${JSON.stringify(asked)}`);
  }
  assert.deepEqual(readdirSync(place).sort(), [...new Set([fileName(dataDir), 'asked', 'from', 'made', 'pods', 'ssh-here', 'told', 'tools'])].sort());
  assert.deepEqual(readdirSync(join(place, 'made')).sort(), ['README.md', 'hosts', 'log', 'plan.json', `restore-${run}.journal`, 'restore.sh', 'take-back.json', 'take-back.sh']);
  assert(!readFileSync(join(place, 'made/README.md'), 'utf8').includes('\u0000'));
}
