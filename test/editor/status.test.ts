import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { realClusters, type RealCluster } from '../etcd/realCluster.js';
import { clipboardText } from './clipboard.js';
import { clusterSettings } from './clusterSettings.js';
import { realEditors, type RealEditor } from './realEditor.js';

describe('the status panel', function () {
  this.timeout(180_000);
  const start = realClusters(), open = realEditors();
  let cluster: RealCluster, editor: RealEditor, folder: string;

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'etcd-status-'));
    cluster = await start({ size: 3 });
    editor = await open({ settings: clusterSettings(cluster, 'prod-eu'), folder });
    await editor.window.openView();
  });

  after(() => rm(folder, { recursive: true, force: true }));

  const column = async (table: string, name: string): Promise<string[]> => {
    const grid = editor.window.panel().getByRole('table', { name: table });
    const names = await grid.locator('thead th').allInnerTexts();
    const at = names.findIndex(text => text.replace(/[▲▼\s]+$/, '') === name);
    return grid.locator(`tbody tr > :nth-child(${at + 1})`).allInnerTexts();
  };

  it('opens from the tree with the tables of etcdctl', async () => {
    const { window } = editor;
    await window.row('prod-eu').filter({ hasText: 'healthy' }).hover();
    await window.row('prod-eu').getByRole('button', { name: 'Show Member List' }).click();
    await window.panel().getByRole('heading', { name: 'Endpoint status' }).waitFor();
    await window.panel().getByText('healthy').first().waitFor();
    assert.deepEqual((await column('Member list', 'NAME')).sort(), ['m1', 'm2', 'm3']);
    assert.deepEqual(await column('Endpoint status', 'ENDPOINT'), cluster.members.map(member => member.clientUrl));
    assert.equal((await column('Endpoint status', 'IS LEADER')).filter(text => text === 'true').length, 1);
    for (const theme of ['light', 'contrast', 'dark'] as const) {
      await editor.setTheme(theme);
      await window.screenshot(`status-${theme}`);
    }
  });

  it('sorts by any column, by mouse and by keyboard, and says so', async () => {
    const panel = editor.window.panel(), grid = panel.getByRole('table', { name: 'Endpoint status' });
    const heading = grid.getByRole('button', { name: 'ENDPOINT' });
    const sorted = cluster.members.map(member => member.clientUrl).sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
    await heading.click();
    await grid.locator('th[aria-sort=ascending]').waitFor();
    assert.deepEqual(await column('Endpoint status', 'ENDPOINT'), sorted);
    await heading.press('Enter');
    await grid.locator('th[aria-sort=descending]').waitFor();
    assert.deepEqual(await column('Endpoint status', 'ENDPOINT'), sorted.toReversed());
    assert.equal(await panel.locator('#live').innerText(), 'ENDPOINT: sorted descending');
    assert.equal(await panel.locator(':focus').innerText(), 'ENDPOINT▼');
  });

  it('copies a table as the text etcdctl prints, and as Markdown', async () => {
    const panel = editor.window.panel();
    await panel.getByRole('button', { name: 'Copy as Text: Member list' }).click();
    const printed = await cluster.etcdctl('member', 'list', '-w', 'table');
    assert.equal(await clipboardText(editor.window, /^\+--/), printed.replace(/[┌┬┐├┼┤└┴┘]/g, '+').replaceAll('─', '-').replaceAll('│', '|'));
    await panel.getByRole('button', { name: 'Copy as Markdown: Endpoint status' }).click();
    assert.equal((await clipboardText(editor.window, /^\| ENDPOINT \|/)).split('\n').length, 6);
  });

  it('exports JSON with exact ids', async () => {
    const { window } = editor;
    await window.panel().getByRole('button', { name: 'Export as JSON…' }).click();
    const target = path.join(folder, 'exported.json');
    await window.saveAs(target);
    // It is there before its content is.
    const exported = async (): Promise<string> => readFile(target, 'utf8').catch(() => '');
    for (let tries = 0; tries < 300 && await exported() === ''; tries++) await window.page.waitForTimeout(100);
    const json: unknown = JSON.parse(await exported());
    const ids = (json as { members: readonly { id: { hex: string; decimal: string } }[] }).members.map(member => member.id);
    const listed = await cluster.etcdctl('member', 'list');
    for (const id of ids) {
      assert.ok(listed.includes(`${id.hex}, started`));
      assert.equal(BigInt(`0x${id.hex}`).toString(), id.decimal);
    }
  });

  it('is live: a member that goes down says why, one that returns is back', async () => {
    const { window } = editor, [first] = cluster.members;
    assert.ok(first);
    await first.kill();
    await window.panel().getByText('2 of 3 healthy').waitFor();
    await window.panel().locator('td.bad').waitFor();
    await window.screenshot('status-member-down');
    await first.start();
    await cluster.untilHealthy();
    await window.panel().locator('td.bad').waitFor({ state: 'detached' });
  });

  it('keeps the order while it is hidden', async () => {
    const { window } = editor;
    await window.run('File: New Untitled Text File');
    await window.panel().locator('table').first().waitFor({ state: 'hidden' });
    await window.row('prod-eu').hover();
    await window.row('prod-eu').getByRole('button', { name: 'Show Member List' }).click();
    await window.panel().locator('th[aria-sort=descending]').waitFor();
  });

  it('logs no error', async () => {
    assert.deepEqual(await editor.errors(), []);
  });
});
