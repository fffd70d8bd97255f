import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { readDefinitions } from '../../src/core/cluster/readDefinitions.js';

interface Manifest {
  readonly engines: { readonly vscode: string };
  readonly scripts: Readonly<Record<string, string>>;
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[];
    readonly configuration: { readonly properties: Readonly<Record<string, unknown>> };
  };
}

const documents = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'SECURITY.md', 'SAFETY.md', 'CHANGELOG.md'];
const read = (file: string): string => readFileSync(file, 'utf8');
const manifest = JSON.parse(read('package.json')) as Manifest;
const each = documents.map(file => ({ file, text: read(file) }));

const fence = /^```[\s\S]*?^```$/gm;

/** The words of what stands in backticks, within a line or as a block. */
const codeWords = (text: string): readonly string[] =>
  [...text.match(fence) ?? [], ...[...text.replaceAll(fence, '').matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code)].flatMap(code => code.split(/\s+/));

const literally = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

/** Everything the screen can say, without icons. */
const onScreen = [...Object.keys(JSON.parse(read('l10n/bundle.l10n.json')) as object), ...Object.values(JSON.parse(read('package.nls.json')) as Record<string, string>)]
  .map(text => text.replaceAll(/\$\([\w-]+\) /g, ''));

/** Folders and files whose names begin a path of the repository. */
const isPath = (code: string): boolean => /^(?:src|media|test|demo|bench|scripts|l10n|\.ci|\.github|\.vscode)\/[\w./*-]+$/.test(code)
  || /^(?:[A-Z]\w+\.md|LICENSE|(?:package|package\.nls|tsconfig|package-lock)\.json|[\w.]+\.mjs|\.vscodeignore)$/.test(code) || /^(?:media|demo|bench|l10n)$/.test(code);

for (const { file, text } of each) {
  describe(file, () => {
    it('names only files and folders that exist', () => {
      const paths = codeWords(text).filter(isPath);
      assert.deepEqual(paths.filter(one => globSync(one).length === 0), []);
      const links = [...text.matchAll(/\]\((?!https?:|#)([^)\s]+)\)/g)].map(([, target = '']) => target);
      assert.deepEqual(links.filter(target => !existsSync(target.replace(/#.*/, ''))), []);
    });

    it('names only npm scripts that exist', () => {
      const named = [...text.matchAll(/\bnpm (?:run ([\w:]+)|(test|start)\b)/g)].map(match => match[1] ?? match[2] ?? '');
      assert.deepEqual(named.filter(script => !(script in manifest.scripts)), []);
    });

    it('names only commands and settings that exist', () => {
      const known = new Set([...manifest.contributes.commands.map(({ command }) => command), ...Object.keys(manifest.contributes.configuration.properties)]);
      const named = [...text.matchAll(/\betcdRecovery\.\w+/g)].map(([name]) => name);
      assert.deepEqual(named.filter(name => !known.has(name)), []);
    });

    it('names nothing of the machine it was written on', () => {
      assert.doesNotMatch(text, /\/(?:work|root|home|Users)\//);
    });
  });
}

describe('README.md', () => {
  const text = read('README.md');

  it('gives settings that can be used as they stand', () => {
    const blocks = [...text.matchAll(/^```json\n([\s\S]*?)^```$/gm)].map(([, block = '']) => JSON.parse(block) as Record<string, unknown>);
    assert.equal(blocks.length, 1);
    const { definitions, problems } = readDefinitions(blocks[0]?.['etcdRecovery.clusters']);
    assert.deepEqual(problems, []);
    assert.deepEqual(definitions.map(({ run, members }) => ({ run, members: members.length })), [{ run: 'commands', members: 3 }]);
  });

  it('tells of every setting', () => {
    for (const name of Object.keys(manifest.contributes.configuration.properties)) assert.ok(text.includes(`\`${name}\``), name);
  });

  it('says in italics what the screen says, word for word', () => {
    const italics = [...text.replaceAll(fence, '').matchAll(/(?<![*\w])\*([^*\n]+)\*(?!\*)/g)].map(([, words = '']) => words);
    assert.ok(italics.length > 10);
    const isSaid = (words: string): boolean => {
      const pattern = new RegExp(`^${words.split('…').map(literally).join('.*')}`);
      return onScreen.some(sentence => pattern.test(sentence));
    };
    assert.deepEqual(italics.filter(words => !isSaid(words)), []);
  });

  it('names the oldest VS Code that package.json takes', () => {
    assert.ok(text.includes(`VS Code ${/\d+\.\d+/.exec(manifest.engines.vscode)?.[0] ?? '?'} or later`));
  });

  it('shows a picture of the window that a page can bear', () => {
    const [, picture = ''] = /!\[[^\]]{20,}\]\(([^)]+)\)/.exec(text) ?? [];
    assert.equal(path.dirname(picture), 'media/screenshots');
    const bytes = readFileSync(picture);
    assert.deepEqual([bytes.readUInt32BE(16), bytes.readUInt32BE(20)], [1440, 900]);
    assert.ok(statSync(picture).size <= 300 * 1024);
  });
});

describe('SAFETY.md', () => {
  const rows = read('SAFETY.md').split('\n').filter(line => line.startsWith('| ') && !line.startsWith('| fault'));

  it('names for each fault a test that is there', () => {
    assert.ok(rows.length > 30);
    for (const row of rows) {
      const [, file = '', title = ''] = /`(test\/[\w/.]+\.test\.ts)`: "([^"]+)" \|$/.exec(row) ?? [];
      assert.ok(file !== '' && read(file).replaceAll(String.raw`\'`, "'").includes(title), row);
    }
  });
});

describe('ARCHITECTURE.md', () => {
  it('describes every event that a journal can hold', () => {
    const source = read('src/core/journal.ts');
    const events = new Set([...source.matchAll(/readonly event: '(\w+)'/g)].map(([, event = '']) => event));
    assert.ok(events.size >= 6);
    for (const event of events) assert.ok(read('ARCHITECTURE.md').includes(`\`${event}\``), event);
  });
});
