import { existsSync } from 'node:fs';
import { findProgram } from '../../scripts/findProgram.js';
import { runCommand } from './command.js';
import { check, skippedLayer } from './outcome.js';
import type { Outcome } from './outcome.js';

/** Exit code of `test/electron/run.ts` when no desktop VS Code can be had. */
const noEditor = 3;

/** Runs the smoke suite in desktop VS Code. Downloads one only when the layer was asked for by name. */
export async function electronLayer(asked: boolean): Promise<Outcome> {
  const atHand = process.env['VSCODE_EXECUTABLE'] !== undefined || existsSync('.vscode-test');
  if (!atHand && !asked) return skippedLayer('electron', 'no desktop VS Code at hand: npm run test:electron downloads one, VSCODE_EXECUTABLE names one');
  const display = process.platform !== 'linux' || process.env['DISPLAY'] !== undefined;
  const xvfb = findProgram('xvfb-run');
  if (!display && xvfb === undefined) return skippedLayer('electron', 'no display: xvfb-run gives one');
  const run = [process.execPath, '--import=tsx', 'test/electron/run.ts'];
  const code = await runCommand(display || xvfb === undefined ? run : [xvfb, '-a', ...run]);
  return code === noEditor ? skippedLayer('electron', 'the download of desktop VS Code was refused') : check('electron', code === 0);
}
