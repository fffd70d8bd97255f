import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { compareVersions } from '../../scripts/etcdVersions.js';
import { realClusters, type RealCluster } from '../etcd/realCluster.js';
import { clipboardText } from './clipboard.js';
import { clusterSettings, snapshotFolder } from './clusterSettings.js';
import { realEditors, type RealEditor } from './realEditor.js';

describe('snapshots in the window', function () {
  this.timeout(180_000);
  const start = realClusters(), open = realEditors();
  let cluster: RealCluster, editor: RealEditor, file: string;

  before(async () => {
    cluster = await start({ size: 3 });
    for (let n = 0; n < 20; n++) await cluster.etcdctl('put', `/registry/pods/default/p${n}`, `pod ${n}`);
    await mkdir(snapshotFolder(cluster), { recursive: true });
    editor = await open({ settings: clusterSettings(cluster, 'prod-eu') });
    await editor.window.openView();
    await editor.window.row('prod-eu').filter({ hasText: 'healthy' }).waitFor();
  });

  it('takes one from a healthy follower, named by the pattern, readable by its owner only', async () => {
    const { window } = editor;
    await window.row('prod-eu').hover();
    await window.row('prod-eu').getByRole('button', { name: 'Take Snapshot…' }).click();
    const [first] = await window.quickEntries();
    await window.screenshot('take-snapshot-member');
    assert.match(await window.quickTitle(/Take Snapshot/), /^Take Snapshot of prod-eu$/);
    assert.ok(first !== undefined && await window.row(new RegExp(`^${first}`)).filter({ hasText: 'leader' }).count() === 0);
    await window.page.keyboard.press('Enter');
    const box = window.quickInput.locator('input');
    await window.quickInput.locator('.quick-input-message').filter({ hasText: 'holds every Secret' }).waitFor();
    file = await box.inputValue();
    assert.match(path.basename(file), /^prod-eu-\d{4}-\d{2}-\d{2}-\d{6}\.db$/);
    assert.equal(path.dirname(file), snapshotFolder(cluster));
    await window.screenshot('take-snapshot-file');
    await window.page.keyboard.press('Enter');
    await window.toast(/was taken from .* sha256 compared/).waitFor();
    await window.row(/^\d{4}-.*\.db.*sha256 compared/).waitFor();
    await window.screenshot('snapshot-taken');
    const { mode, size } = await stat(file);
    assert.equal(mode & 0o777, 0o600);
    assert.equal(size % 512, 32);
  });

  it('verifies it, and says what etcdctl says', async () => {
    const { window } = editor;
    await window.answerToast(/was taken from/, 'Verify');
    const panel = window.panel();
    await panel.locator('.verdict').getByText('Verified: its sha256 matches').waitFor();
    // etcdutl took the command over in 3.5; since 3.6 its total is that of the live keys.
    const { version, etcdctl, etcdutl } = cluster.version;
    const { stdout } = await promisify(execFile)(etcdutl ?? etcdctl, ['snapshot', 'status', file, '-w', 'json'], { env: { ...process.env, ETCDCTL_API: '3' } });
    const status: unknown = JSON.parse(stdout);
    const meaning = compareVersions(version, '3.6.0') >= 0 ? 'distinct live keys' : 'entries of all buckets';
    const { hash, totalKey, revision } = status as { hash: number; totalKey: number; revision: number };
    const text = await panel.locator('main').innerText();
    assert.ok(text.includes(hash.toString(16)), `no hash ${hash.toString(16)}`);
    assert.ok(text.includes(`\n${totalKey}\n${meaning}`), `no total ${totalKey}`);
    assert.ok(text.includes(`Revision\n${revision}`), `no revision ${revision}`);
    for (const { name } of cluster.members) assert.ok(text.includes(name));
    await window.row(/^\d{4}-.*\.db.* verified/).waitFor();
    await window.screenshot('snapshot-report');
  });

  it('refuses a damaged one with the reason, and remembers it', async () => {
    const { window } = editor;
    const bytes = await readFile(file);
    bytes[bytes.length - 5000] = (bytes[bytes.length - 5000] ?? 0) ^ 1;
    await writeFile(path.join(snapshotFolder(cluster), 'flipped.db'), bytes);
    await window.row(/flipped\.db.*not verified/).click();
    const panel = window.panel();
    await panel.locator('.verdict').getByText(/is damaged/).waitFor();
    await panel.getByText('it compares no sha256').waitFor();
    await window.row(/flipped\.db.*do not use/).waitFor();
    await window.screenshot('snapshot-damaged');
  });

  it('copies the report as Markdown', async () => {
    const { window } = editor;
    await window.row(/^\d{4}-.*\.db.* verified/).click();
    const panel = window.panel();
    await panel.getByRole('button', { name: 'Copy as Markdown' }).click();
    assert.match(await clipboardText(window, /^# prod-eu-/), /HashKV: `[0-9a-f]+`/);
  });

  it('forgets what it knew of a file that has changed', async () => {
    await writeFile(path.join(snapshotFolder(cluster), 'flipped.db'), 'other');
    await editor.window.row(/flipped\.db.*5 B.*not verified/).waitFor();
  });

  it('logs no error', async () => {
    assert.deepEqual(await editor.errors(), []);
  });
});
