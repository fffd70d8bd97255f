import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { readDefinitions } from '../../../src/core/cluster/readDefinitions.js';
import { makeBundle } from '../../../scripts/l10n.js';

interface Setting { readonly scope?: string; readonly examples?: readonly unknown[]; readonly default?: unknown }
interface Contributes {
  readonly commands: readonly { readonly command: string }[];
  readonly menus: Readonly<Record<string, readonly { readonly command: string; readonly group?: string; readonly when?: string }[]>>;
  readonly configuration: { readonly properties: Readonly<Record<string, Setting>> };
}

const manifestText = readFileSync('package.json', 'utf8');
const manifest = JSON.parse(manifestText) as {
  readonly contributes: Contributes;
  readonly capabilities: { readonly untrustedWorkspaces: { readonly supported: string; readonly restrictedConfigurations: readonly string[] } };
};
const nls = JSON.parse(readFileSync('package.nls.json', 'utf8')) as Readonly<Record<string, string>>;
const { commands, menus, configuration } = manifest.contributes;
const sources = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.ts')).map(file => readFileSync(`src/${file}`, 'utf8')).join('\n');

describe('what package.json promises', () => {
  it('is a command for each that the code registers, and no other', () => {
    const registered = [...sources.matchAll(/\.(?:command|trustedCommand)\('(etcdRecovery\.\w+)'/g)].map(match => match[1]);
    assert.deepEqual(registered.sort(), commands.map(({ command }) => command).sort());
  });

  it('names only commands that exist, in menus and in what a line of the tree opens', () => {
    const known = new Set(commands.map(({ command }) => command));
    const named = Object.values(menus).flat().map(({ command }) => command);
    const opened = [...sources.matchAll(/command: '(etcdRecovery\.\w+)'/g)].map(match => match[1] ?? '');
    for (const command of [...named, ...opened]) assert.ok(known.has(command), command);
  });

  it('shows at most three inline actions on a line', () => {
    const inline = (menus['view/item/context'] ?? []).filter(({ group }) => group?.startsWith('inline') === true);
    for (const item of new Set(inline.map(({ when }) => when))) assert.ok(inline.filter(({ when }) => when === item).length <= 3, item);
  });

  it('lets no workspace set anything: every setting is of the application and restricted', () => {
    const names = Object.keys(configuration.properties);
    for (const name of names) assert.equal(configuration.properties[name]?.scope, 'application', name);
    assert.deepEqual([...manifest.capabilities.untrustedWorkspaces.restrictedConfigurations].sort(), names.sort());
    assert.equal(manifest.capabilities.untrustedWorkspaces.supported, 'limited');
  });

  it('gives examples of clusters that can be read', () => {
    const examples = configuration.properties['etcdRecovery.clusters']?.examples ?? [];
    assert.ok(examples.length > 0);
    for (const example of examples) assert.deepEqual(readDefinitions(example).problems, []);
  });

  it('has words for each placeholder, and none that nothing uses', () => {
    const used = new Set([...manifestText.matchAll(/"%([\w.]+)%"/g)].map(match => match[1] ?? ''));
    assert.deepEqual([...used].sort(), Object.keys(nls).sort());
  });
});

describe('the strings to translate', () => {
  it('are all in l10n/bundle.l10n.json: npm run l10n writes it', async () => {
    assert.equal(readFileSync('l10n/bundle.l10n.json', 'utf8'), await makeBundle());
  });
});
