import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { installExtension, makeProfile, startBrowserEdition } from './browserEdition.js';
import type { Demo } from '../demo/startDemo.js';
import { codeServerEntry } from './codeServer.js';
import { findProgram } from './findProgram.js';

/** An editor that was opened on the demo. */
export interface DemoEditor {
  /** What the person is told. */
  readonly told: string;
  /** Settles when the person closed it; never, where that cannot be known. */
  readonly closed: Promise<unknown>;
  stop(): Promise<void>;
}

/** The demo opens on its README. */
const look = { 'workbench.startupEditor': 'readme', 'workbench.colorTheme': 'Dark Modern' };

/** Opens desktop VS Code, else the browser edition, in a profile below the demo's folder; nothing when there is neither. */
export async function openDemoEditor({ dir, workspace, settings }: Demo, vsix: string): Promise<DemoEditor | undefined> {
  const desktop = process.env['VSCODE_EXECUTABLE'] ?? findProgram('code');
  const profile = await makeProfile(path.join(dir, 'editor'), { ...look, ...settings });
  if (desktop !== undefined && hasDisplay()) return openDesktop(desktop, profile.userDataDir, profile.extensionsDir, workspace);
  if (!existsSync(codeServerEntry())) return undefined;
  await installExtension(profile, vsix);
  const edition = await startBrowserEdition(profile, workspace, { trustEverything: true });
  return {
    told: `Open ${edition.url}?folder=${encodeURI(workspace)} in a browser.`,
    closed: new Promise(() => undefined),
    stop: () => edition.stop(),
  };
}

const hasDisplay = (): boolean =>
  process.platform !== 'linux' || process.env['DISPLAY'] !== undefined || process.env['WAYLAND_DISPLAY'] !== undefined;

function openDesktop(executable: string, userDataDir: string, extensionsDir: string, workspace: string): DemoEditor {
  const child = spawn(executable, [
    '--new-window', '--wait', '--disable-workspace-trust', '--user-data-dir', userDataDir, '--extensions-dir', extensionsDir,
    `--extensionDevelopmentPath=${process.cwd()}`, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), workspace,
  ], { stdio: 'ignore', shell: process.platform === 'win32' });
  const closed = once(child, 'exit');
  return {
    told: 'Desktop VS Code opens on the demo. Close its window to end.',
    closed,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill();
      await closed;
    },
  };
}
