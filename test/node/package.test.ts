import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { zipEntries } from './zipEntries.js';
import type { ZipEntry } from './zipEntries.js';

const run = promisify(execFile);
/** The only kinds of files that are shipped. */
const allowed = [
  /^\[Content_Types\]\.xml$/, /^extension\.vsixmanifest$/,
  /^extension\/(package\.json|package\.nls(\.[\w-]+)?\.json|readme\.md|changelog\.md|LICENSE\.txt)$/,
  /^extension\/l10n\/bundle\.l10n(\.[\w-]+)?\.json$/,
  /^extension\/media\/(icon\.png|icons\/[\w-]+\.svg)$/,
  /^extension\/dist\/host\/[\w.]+\.js$/, /^extension\/dist\/media\/\w+\/main\.(js|css)$/, /^extension\/dist\/proto\/[\w/]+\.proto$/, /^extension\/dist\/ThirdPartyNotices\.txt$/,
];
const required = ['extension/package.json', 'extension/package.nls.json', 'extension/readme.md', 'extension/changelog.md', 'extension/LICENSE.txt',
  'extension/media/icon.png', 'extension/dist/host/extension.js', 'extension/dist/proto/rpc.proto',
  'extension/dist/ThirdPartyNotices.txt'];

describe('the packaged extension', function () {
  this.timeout(120_000);
  let folder = '';
  let output = '';
  let archive = Buffer.alloc(0);
  let entries: ZipEntry[] = [];

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'etcd-recovery-package-'));
    const file = path.join(folder, 'etcd-recovery.vsix');
    const { stdout, stderr } = await run('npm', ['run', '--silent', 'package', '--', '--out', file]);
    output = stdout + stderr;
    archive = await readFile(file);
    entries = zipEntries(archive);
  });

  after(() => rm(folder, { recursive: true, force: true }));

  it('is made without a warning', () => {
    assert.doesNotMatch(output, /warning|error/i);
  });

  it('holds the allowed files alone', () => {
    assert.deepEqual(entries.map(entry => entry.name).filter(name => !allowed.some(pattern => pattern.test(name))), []);
  });

  it('holds every file it needs', () => {
    const names = new Set(entries.map(entry => entry.name));
    assert.deepEqual(required.filter(name => !names.has(name)), []);
  });

  it('is small, and so is what is read at activation', () => {
    assert.ok(archive.length <= 2 * 1024 * 1024, `${archive.length} bytes`);
    const main = entries.find(entry => entry.name === 'extension/dist/host/extension.js');
    assert.ok(main && main.size <= 512 * 1024, `${main?.size ?? 0} bytes`);
  });

  it('names an entry point that is in it', async () => {
    const { main, icon } = JSON.parse(await readFile('package.json', 'utf8')) as { main: string; icon: string };
    for (const file of [main, icon])
      assert.ok(entries.some(entry => entry.name === path.posix.join('extension', file)), file);
  });
});
