import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { startDemo } from '../demo/startDemo.js';
import { openDemoEditor } from './demoEditor.js';
import { ensureEtcd } from './ensureEtcd.js';

const say = (line: string): void => console.log(line);
const run = promisify(execFile);

/** What is undone at the end, the last first. */
type Cleanup = (undo: () => Promise<unknown>) => void;

/** Starts the demo and an editor on it, waits for Ctrl-C or for the window to be closed, and removes all it made. */
async function main(): Promise<number> {
  const interrupted = new Promise<void>(resolve => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
  const undone: (() => Promise<unknown>)[] = [];
  try {
    return await demonstrate(interrupted, undo => undone.push(undo));
  } finally {
    for (const undo of undone.reverse()) await undo();
  }
}

async function demonstrate(interrupted: Promise<void>, cleanup: Cleanup): Promise<number> {
  if (process.platform === 'win32') return refuse('The demo runs etcd by a POSIX shell script: start it on Linux or macOS, or in WSL.');
  const etcd = ensureEtcd(say);
  if (etcd === undefined) return refuse('The demo needs etcd and etcdctl on the PATH: install your system\'s packages (Debian: etcd-server and etcd-client), then run npm start again.');
  const dir = await mkdtemp(path.join(tmpdir(), 'etcd-recovery-demo-'));
  cleanup(() => rm(dir, { recursive: true, force: true, maxRetries: 5 }));
  say('Building the extension.');
  const vsix = path.join(dir, 'etcd-recovery.vsix');
  await run('npm', ['run', '--silent', 'package', '--', '--out', vsix]);
  say(`Starting three members of etcd ${etcd.version}.`);
  const demo = await startDemo({ dir, etcd });
  cleanup(() => demo.stop());
  const editor = await openDemoEditor(demo, vsix);
  if (editor === undefined)
    return refuse('There is no VS Code here: put `code` on the PATH, or run scripts/setup.sh, which installs the browser edition, then run npm start again.');
  cleanup(() => editor.stop());
  say(`\n${demo.keys} keys lie on ${demo.endpoints.join(', ')}; everything is in ${dir}.`);
  say(`${editor.told}\nPress Ctrl-C here to end the demo and remove all of it.`);
  await Promise.race([interrupted, editor.closed]);
  say('\nEnding the demo.');
  return 0;
}

function refuse(sentence: string): number {
  console.error(sentence);
  return 1;
}

main().then(code => process.exit(code), (error: unknown) => {
  console.error(error);
  process.exit(1);
});
