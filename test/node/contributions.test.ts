import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string }[];
    readonly menus?: Readonly<Record<string, readonly { readonly command?: string }[]>>;
  };
}

/** `registerCommand('…')` and the wrappers `command('…')` and `trustedCommand('…')`. */
const registration = /\b(?:registerCommand|command|trustedCommand)\(\s*'(etcdRecovery\.[\w.]+)'/g;

describe('what package.json contributes', () => {
  let text = '';
  let manifest: Manifest = { contributes: { commands: [] } };
  let sources: string[] = [];

  before(async () => {
    text = await readFile('package.json', 'utf8');
    manifest = JSON.parse(text) as Manifest;
    const files = (await readdir('src', { recursive: true })).filter(file => file.endsWith('.ts'));
    sources = await Promise.all(files.map(file => readFile(path.join('src', file), 'utf8')));
  });

  it('are exactly the commands that the code registers, each once', () => {
    const registered = sources.flatMap(source => [...source.matchAll(registration)].map(match => match[1]));
    assert.deepEqual(registered.sort(), manifest.contributes.commands.map(command => command.command).sort());
  });

  it('are menus of its own commands', () => {
    const known = new Set(manifest.contributes.commands.map(command => command.command));
    const used = Object.values(manifest.contributes.menus ?? {}).flat().map(item => item.command).filter(command => command?.startsWith('etcdRecovery.'));
    assert.deepEqual(used.filter(command => command === undefined || !known.has(command)), []);
  });

  it('are texts that stand in package.nls.json, which holds no other', async () => {
    const used = new Set([...text.matchAll(/"%([\w.-]+)%"/g)].map(match => match[1]));
    const words = JSON.parse(await readFile('package.nls.json', 'utf8')) as Record<string, string>;
    assert.deepEqual([...used].sort(), Object.keys(words).sort());
    assert.deepEqual(Object.entries(words).filter(([, word]) => word.trim() === ''), []);
  });
});
