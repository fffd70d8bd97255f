import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';

describe('npm start', function () {
  this.timeout(120_000);
  let demo: ChildProcess | undefined;

  after(async () => {
    if (demo?.exitCode !== null || demo.signalCode !== null) return;
    demo.kill('SIGINT');
    await once(demo, 'exit');
  });

  it('opens the editor on a running cluster, and leaves nothing behind when it is ended', async () => {
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(DISPLAY|WAYLAND_DISPLAY)$/.test(name)));
    const child = spawn(process.execPath, ['--import=tsx', 'scripts/start.ts'], { stdio: ['ignore', 'pipe', 'inherit'], env });
    demo = child;
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => { output += text; });
    while (!output.includes('Ctrl-C')) await Promise.race([once(child.stdout, 'data'), once(child, 'exit').then(() => assert.fail(output))]);
    const url = /Open (\S+) in a browser/.exec(output)?.[1];
    assert.ok(url !== undefined && (await fetch(url)).ok, output);
    const [member] = /http:\/\/127\.0\.0\.1:\d+(?=, )/.exec(output) ?? [];
    assert.ok(member !== undefined && (await fetch(`${member}/health`)).ok, output);
    child.kill('SIGINT');
    const exit = await once(child, 'exit');
    assert.deepEqual(exit, [0, null]);
    const dir = /everything is in (\S+)\./.exec(output)?.[1];
    assert.ok(dir !== undefined && !existsSync(dir), dir);
    await assert.rejects(fetch(`${member}/health`));
  });
});
