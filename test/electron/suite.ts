import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import Mocha from 'mocha';
import * as vscode from 'vscode';

const id = 'etcd-recovery.etcd-recovery';

/** Entry point inside desktop VS Code: resolves when every test passed. */
export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: 'bdd', timeout: 60_000, color: true });
  mocha.suite.emit('pre-require', globalThis, 'smoke', mocha);
  defineTests();
  const failures = await new Promise<number>(resolve => { mocha.run(resolve); });
  if (failures > 0) throw new Error(`${failures} tests failed`);
}

function defineTests(): void {
  describe('desktop VS Code', () => {
    it('activates the extension', async () => {
      const extension = vscode.extensions.getExtension(id);
      assert.ok(extension, `${id} is not installed`);
      await extension.activate();
      assert.equal(extension.isActive, true);
    });

    it('knows every command that package.json contributes', async () => {
      const folder = vscode.extensions.getExtension(id)?.extensionPath ?? '';
      const { contributes } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as
        { contributes: { commands: readonly { command: string }[] } };
      const registered = new Set(await vscode.commands.getCommands(true));
      assert.deepEqual(contributes.commands.map(one => one.command).filter(command => !registered.has(command)), []);
    });
  });
}
