import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { downloadAndUnzipVSCode, runTests } from '@vscode/test-electron';
import { build } from 'esbuild';
import { runCommand } from '../run/command.js';

/** Exit code when no desktop VS Code can be had. */
const noEditor = 3;

/** Runs the smoke suite in desktop VS Code: the one that `VSCODE_EXECUTABLE` names, else one that is downloaded. */
async function main(): Promise<number> {
  const executable = process.env['VSCODE_EXECUTABLE'] ?? await downloadAndUnzipVSCode('stable').catch((error: unknown) => {
    console.log(`Desktop VS Code cannot be downloaded: ${String(error)}`);
    return undefined;
  });
  if (executable === undefined) return noEditor;
  if (await runCommand(['npm', 'run', '--silent', 'build']) !== 0) return 1;
  const folder = await mkdtemp(path.join(tmpdir(), 'etcd-recovery-electron-'));
  try {
    const suite = path.resolve('out/electron/suite.js');
    await build({ entryPoints: ['test/electron/suite.ts'], outfile: suite, bundle: true, platform: 'node', format: 'cjs', external: ['vscode', 'mocha'] });
    return await runTests({
      vscodeExecutablePath: executable,
      extensionDevelopmentPath: process.cwd(),
      extensionTestsPath: suite,
      launchArgs: ['--disable-extensions', '--user-data-dir', path.join(folder, 'data'), '--extensions-dir', path.join(folder, 'extensions'),
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

main().then(code => { process.exitCode = code; }, (error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
