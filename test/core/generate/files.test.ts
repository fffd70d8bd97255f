import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ansibleFiles } from '../../../src/core/generate/ansibleFiles.js';
import type { GeneratedFile } from '../../../src/core/generate/generatedFile.js';
import { shellFiles } from '../../../src/core/generate/shellFiles.js';
import { skip } from '../../skip.js';
import { sentences } from '../../../src/core/generate/sentences.js';
import { titles } from '../../../src/core/generate/words.js';
import { digestOf, plans, writeFiles } from './generated.js';

const folder = join(import.meta.dirname, 'golden');
const regenerate = process.env['GOLDEN'] === 'update';
const all = Object.entries(plans).map(([name, plan]) => ({ name, shell: shellFiles(plan, digestOf(plan)), ansible: ansibleFiles(plan, digestOf(plan)) }));

/** Of every kind of step there is one in these. */
const few = all.filter(({ name }) => name === 'static-pods' || name === 'three-members-down-one-without-data');

/** The files, and of each script the steps with how they are performed and what guards them. */
const listing = (files: readonly GeneratedFile[]): string => files.toSorted((a, b) => a.path < b.path ? -1 : 1).flatMap(({ path, text, executable }) => [
  `${executable ? 'x' : '-'} ${path}`,
  ...[...text.matchAll(/\n {2}needed\(\) \{ (.*?); \}[\s\S]*?\n {2}perform (\d+ .*)/g)].map(([, guard = '', step = '']) => `    ${step}${guard === ':' ? '' : ` [${guard}]`}`),
]).join('\n');

describe('generated files', function () {
  this.timeout(120_000);

  for (const { name, shell, ansible } of all) {
    it(`are those on record: ${name}`, () => {
      const path = join(folder, `${name}.txt`);
      const made = `${listing(shell)}\n\nwith Ansible:\n${listing(ansible.filter(file => !file.path.startsWith('hosts/')))}\n`;
      if (regenerate) writeFileSync(path, made);
      assert(existsSync(path), `${path} is missing: make it with GOLDEN=update and read it`);
      assert.equal(made, readFileSync(path, 'utf8'));
    });
  }

  it('have no record that nothing makes any more', () => {
    assert.deepEqual(readdirSync(folder).sort(), all.map(({ name }) => `${name}.txt`).sort());
  });

  it('have paths that stay below their folder, none twice', () => {
    for (const { name, shell, ansible } of all) {
      for (const files of [shell, ansible]) {
        for (const { path } of files) assert.match(path, /^([A-Za-z0-9][\w.-]*\/)*[A-Za-z0-9][\w.-]*$/, name);
        assert.equal(new Set(files.map(({ path }) => path.toLowerCase())).size, files.length, name);
      }
    }
  });

  for (const shell of [['/bin/sh'], ['/usr/bin/dash'], ['/bin/bash', '--posix']]) {
    if (!existsSync(shell[0] ?? '')) continue;
    it(`are read without complaint by ${shell.join(' ')}`, () => {
      const read = new Set<string>();
      for (const { path, text } of few.flatMap(({ shell: files }) => files)) {
        if (!path.endsWith('.sh') || read.has(text)) continue;
        read.add(text);
        const { status, stderr } = spawnSync(shell[0] ?? '', [...shell.slice(1), '-n'], { input: text, encoding: 'utf8' });
        assert.deepEqual([status, stderr], [0, ''], path);
      }
      assert(read.size > 60);
    });
  }

  it('delete recursively in the one line that the editor has for it, and nothing with a name that may be empty', () => {
    for (const { path, text } of all.flatMap(({ shell, ansible }) => [...shell, ...ansible])) {
      if (path.endsWith('.json') || path.endsWith('.md')) continue;
      for (const line of text.split('\n')) {
        if (/\brm\s+(-\w*[rR]|--recursive)|-delete\b|\bunlink\b|\brmdir\b|\bshred\b|\btruncate\b|\bdd\b|state: absent/.test(line)) assert.equal(line, 'if [ -e "$part" ]; then rm -rf --one-file-system -- "$part"; fi', path);
      }
      if (path.endsWith('.sh') && !path.endsWith('journal.sh')) assert.match(text, /^set -u$/m, path);
    }
  });

  it('have nothing but fixed words outside of quotes: what comes from the plan is a quoted word, a number or a comment', () => {
    const marked = JSON.parse(JSON.stringify(plans['static-pods']).replaceAll('/var/lib/etcd', '/var/$(touch x)/etcd').replaceAll('prod-eu', 'prod `eu`')) as (typeof plans)[string];
    for (const { path, text } of shellFiles(marked, digestOf(marked))) {
      if (!path.endsWith('.sh')) continue;
      for (const line of text.split('\n')) if (line.includes('$(touch x)') && !line.trim().startsWith('#')) assert.match(line, /'[^']*\$\(touch x\)[^']*'/, `${path}: ${line}`);
    }
  });

  it('come with the plan to the byte, so that its digest can be compared', () => {
    for (const { shell } of all) {
      const plan = shell.find(({ path }) => path === 'plan.json')?.text ?? '';
      assert.equal(digestOf(JSON.parse(plan) as (typeof plans)[string]), /digest=([0-9a-f]{64})$/m.exec(shell.find(({ path }) => path === 'restore.sh')?.text ?? '')?.[1]);
    }
  });

  it('tell in the README the order, the foretold ids, HashKV and revision, what cannot be undone, how to resume, take back and tidy up', () => {
    for (const [name, plan] of Object.entries(plans)) {
      for (const files of [shellFiles(plan, digestOf(plan)), ansibleFiles(plan, digestOf(plan))]) {
        const readme = files.find(({ path }) => path === 'README.md')?.text ?? '';
        for (const said of ['## What happens, in order', 'What cannot be undone', '**Resume:**', '**Take back:**', 'What to remove afterwards', plan.run, plan.subject.foretold.clusterId,
          plan.subject.foretold.revision, String(plan.subject.foretold.hashKv), ...Object.values(plan.subject.foretold.memberIds), plan.subject.snapshot.sha256]) assert(readme.includes(said), `${name}: ${said}`);
        const positions = plan.stages.flatMap(({ steps }) => steps).map(({ id }) => readme.indexOf(`\`${id}\``));
        assert(positions.every((at, n) => at > (positions[n - 1] ?? 0)), name);
      }
    }
  });

  it('call stages and steps what the screen calls them in English', () => {
    const source = readFileSync('src/vscode/words/restoreTitles.ts', 'utf8');
    const screen = new Map([...source.matchAll(/^ {2}([A-Z_]+): \w*\(?\)? ?=> l10n\.t\('((?:[^'\\]|\\.)*)'/gm)].map(([, code = '', text = '']) => [code, text] as const));
    assert.deepEqual(Object.fromEntries(screen), titles);
  });

  it('have a sentence for every code that a script can end with', () => {
    const outcome = readFileSync('src/core/host/outcome.ts', 'utf8');
    const codes = [.../new Set<ErrorCode>\(\[([\s\S]*?)\]\)/.exec(outcome)?.[1]?.matchAll(/'([A-Z_]+)'/g) ?? []].map(([, code = '']) => code);
    assert(codes.length > 10);
    assert.deepEqual(codes.filter(code => !Object.hasOwn(sentences, code)), []);
  });

  it('are read by Ansible', function () {
    if (spawnSync('ansible-playbook', ['--version']).status !== 0) skip(this, 'Ansible is not installed: scripts/setup.sh installs it');
    const scratch = mkdtempSync(join(tmpdir(), 'generated-'));
    try {
      for (const { name, ansible } of few) {
        const at = join(scratch, name);
        writeFiles(at, ansible);
        const { status, stdout, stderr } = spawnSync('ansible-playbook', ['-i', 'inventory.ini', '--syntax-check', 'restore.yml', 'take-back.yml'], { cwd: at, encoding: 'utf8', env: { ...process.env, HOME: scratch } });
        assert.equal(status, 0, `${name}: ${stdout}${stderr}`);
        assert(!/warn/i.test(stderr), `${name}: ${stderr}`);
      }
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  });
});
