// Takes the README's picture, media/screenshots/restore.png: the plan of a restore on the demo's cluster, in the real window.
// Run it after a change that shows: npm run package && tsx test/editor/readmePicture.ts
import { copyFile, mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startDemo } from '../../demo/startDemo.js';
import { ensureEtcd } from '../../scripts/ensureEtcd.js';
import { openRealEditor } from './realEditor.js';

/** What a page in a marketplace may weigh, in bytes. */
const heaviest = 300 * 1024;

async function main(): Promise<void> {
  const etcd = ensureEtcd(console.log);
  if (etcd === undefined) throw new Error('etcd is missing: scripts/setup.sh installs it');
  const dir = await mkdtemp(path.join(tmpdir(), 'etcd-'));
  const demo = await startDemo({ dir, etcd });
  try {
    await using editor = await openRealEditor({
      folder: demo.workspace, settings: { ...demo.settings, 'etcdRecovery.clusters': [demo.definition] },
    });
    const { window } = editor;
    await window.openView();
    await window.row(/^demo.*healthy/).waitFor();
    await demo.etcdctl('put', '/written/later', 'and not in the snapshot');
    await demo.etcdctl('del', '/registry/', '--prefix');
    await window.rowMenu(path.basename(demo.snapshot), 'Restore…');
    await window.panel().locator('[data-action="approve"]').waitFor({ timeout: 60_000 });
    await window.page.mouse.move(800, 20);
    const taken = await window.screenshot('readme');
    const { size } = await stat(taken);
    if (size > heaviest) throw new Error(`${taken} has ${size} bytes, more than ${heaviest}`);
    await mkdir('media/screenshots', { recursive: true });
    await copyFile(taken, 'media/screenshots/restore.png');
    console.log(`media/screenshots/restore.png: ${size} bytes`);
  } finally {
    await demo.stop();
    await rm(dir, { recursive: true, force: true, maxRetries: 5 });
  }
}

void main();
