import assert from 'node:assert/strict';
import { realEditors } from './realEditor.js';
import type { RealEditor } from './realEditor.js';

describe('the packaged extension in a real VS Code', function () {
  this.timeout(120_000);
  const open = realEditors();
  let editor: RealEditor;

  before(async () => {
    editor = await open();
  });

  /** What Add Cluster leads to: its first question, or the settings that hold the clusters. */
  async function addCluster(): Promise<void> {
    await editor.window.run('etcd Recovery: Add Cluster…');
    const { page, quickInput } = editor.window;
    const question = quickInput.filter({ has: page.locator('.quick-input-titlebar:visible') });
    await question.or(page.locator('.settings-editor:visible')).first().waitFor();
  }

  it('carries out Add Cluster', async () => {
    await addCluster();
    await editor.window.screenshot('add-cluster');
    await editor.window.page.keyboard.press('Escape');
  });

  it('is shown in light, dark and high contrast', async () => {
    for (const theme of ['light', 'contrast', 'dark'] as const) {
      await editor.setTheme(theme);
      const picture = await editor.window.screenshot(`theme-${theme}`);
      assert.ok(picture.endsWith(`theme-${theme}.png`));
    }
  });

  it('activates again after its host was killed', async () => {
    await editor.killExtensionHost();
    await addCluster();
    await editor.window.page.keyboard.press('Escape');
  });

  it('activates again after the whole editor was killed, in the same profile and in a new one', async () => {
    await editor.kill();
    await editor.reopen();
    await addCluster();
    await editor.reopen('new');
    await addCluster();
  });

  it('says nothing of an error in its log or in the extension host\'s', async () => {
    assert.deepEqual(await editor.errors(), []);
  });
});
