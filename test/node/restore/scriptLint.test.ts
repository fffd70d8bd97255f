import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../..');

/** Every text for a shell in the sources: they are the templates that keep backslashes. */
const scripts = globSync('src/**/*.ts', { cwd: root }).flatMap(file =>
  [...readFileSync(join(root, file), 'utf8').matchAll(/String\.raw`([^`]*)`/g)].map(([, text = ''], n) => ({ name: `${file} ${n + 1}`, text })));

const lines = scripts.flatMap(({ name, text }) => text.split('\n').map(line => ({ name, line })));

describe('the scripts for hosts', () => {
  it('are found', () => {
    assert(scripts.length >= 10, scripts.map(({ name }) => name).join(', '));
  });

  it('delete recursively in one place only, whose name was checked again', () => {
    const found = lines.filter(({ line }) => /\brm\s+(-\w*[rR]|--recursive)|-delete\b|\bunlink\b|\brmdir\b|\bshred\b|\btruncate\b|\bdd\b/.test(line));
    // The other deletes a directory only if it is empty.
    assert.deepEqual(found.map(({ line }) => line.trim()).filter(line => line !== 'rmdir -- "$dir"'), ['if [ -e "$part" ]; then rm -rf --one-file-system -- "$part"; fi']);
    const stage = scripts.find(({ text }) => text.includes('rm -rf'))?.text ?? '';
    assert(stage.indexOf('[ "$part" != "$dataDir/$name" ]') > 0 && stage.indexOf('[ "$part" != "$dataDir/$name" ]') < stage.indexOf('rm -rf'));
  });

  it('have nothing put into them: what varies comes as arguments', () => {
    for (const { name, text } of scripts) assert(!text.includes('${'), name);
  });

  it('keep every expansion of a value in quotes, but for our own lists', () => {
    // Member directories are named by ourselves and hold no spaces; pids, inodes, /proc and PATH are split on purpose. So are the numbers of hosts and
    // steps in generated drivers, and SSH, which is a command line.
    const lists = /\$(dirs|pids|taken|open_files|idle|kind|PATH|hosts|member_hosts|stage_hosts|steps|early|SSH|\$|\?|#|1\b|@)|\$\(\(|\$\(holders\)|\$[2-6] /g;
    for (const { name, line } of lines) {
      if (line.trim().startsWith('#') || line.includes('awk') || /^\s*(BEGIN|END|\$4)/.test(line)) continue;
      const bare = line.replaceAll(/'[^']*'/g, '').replaceAll(/"([^"$]|\$[\w@*])*"/g, '').replaceAll(/"(\\.|[^"\\])*"/g, '').replaceAll(/\w+=\$\w+/g, '').replaceAll(/\w+=\$\(/g, '').replaceAll(/\bcase \$?\w*/g, '').replaceAll(lists, '');
      assert(!/\$[A-Za-z_]/.test(bare), `${name}: ${line}`);
    }
  });

  it('end the options before every path', () => {
    for (const { name, line } of lines) {
      for (const [command] of line.matchAll(/(?<![\w."$/-])(rm|mv|mkdir|chown|chcon|dirname|basename|readlink|sync|tail|stat)\s[^;|)]*"\$[^;|)]*/g)) assert(/\s--\s/.test(command), `${name}: ${command}`);
    }
  });

  for (const shell of [['/bin/sh'], ['/usr/bin/dash'], ['/bin/bash', '--posix']]) {
    if (!existsSync(shell[0] ?? '')) continue;
    it(`are read without complaint by ${shell.join(' ')}`, () => {
      for (const { name, text } of scripts) {
        const { status, stderr } = spawnSync(shell[0] ?? '', [...shell.slice(1), '-n'], { input: text, encoding: 'utf8' });
        assert.deepEqual([status, stderr], [0, ''], name);
      }
    });
  }
});
