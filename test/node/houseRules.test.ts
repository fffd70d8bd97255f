import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import ts from 'typescript';

/** The one file that adapts foreign types. */
const adapter = 'src/node/etcd/etcd3Client.ts';
const shipped = globSync(['src/**/*.ts', 'media/**/*.ts']).sort();
const everything = [...shipped, ...globSync(['test/**/*.ts', 'bench/**/*.ts', 'scripts/**/*.ts', 'demo/**/*.ts', 'lab/**/*.ts'])].sort();

const read = (file: string): string => readFileSync(file, 'utf8');
const parse = (file: string): ts.SourceFile => ts.createSourceFile(file, read(file), ts.ScriptTarget.ES2024);

/** How many nodes of a file are as asked. */
function count(file: string, matches: (node: ts.Node) => boolean): number {
  let found = 0;
  const visit = (node: ts.Node): void => {
    if (matches(node)) found++;
    ts.forEachChild(node, visit);
  };
  visit(parse(file));
  return found;
}

describe('the rules of the house that no linter holds', () => {
  it('are asked of every file', () => {
    assert.ok(shipped.length > 150 && everything.includes(adapter) && everything.includes('test/node/houseRules.test.ts'));
  });

  it('allow `any` in the one file that adapts foreign types', () => {
    const files = everything.filter(file => count(file, node => node.kind === ts.SyntaxKind.AnyKeyword) > 0);
    assert.deepEqual(files, [adapter]);
  });

  it('allow no comment that silences the linter or the compiler', () => {
    const silencing = new RegExp(['eslint', 'disable'].join('-') + '|@ts-(?:ignore|nocheck|expect-error)');
    assert.deepEqual(everything.filter(file => silencing.test(read(file))), []);
  });

  it('leave nothing exported that only tests use', () => {
    const texts = [...shipped, ...globSync(['scripts/**/*.ts', 'demo/**/*.ts', 'bench/**/*.ts'])].map(read);
    const words = Map.groupBy(texts.flatMap(text => text.match(/\w+/g) ?? []), word => word);
    const exported = shipped.flatMap(file => [...read(file).matchAll(/^export (?:async )?(?:function|const|class) (\w+)/gm)].map(([, name = '']) => `${file} ${name}`));
    assert.deepEqual(exported.filter(each => words.get(each.split(' ')[1] ?? '')?.length === 1), []);
  });

  it('name no file in a comment that is not there', () => {
    const missing = shipped.flatMap(file => [...read(file).matchAll(/`((?:\w+\/)+\w+\.ts)`/g)].map(([, name = '']) => name)
      .filter(name => !everything.some(each => each.endsWith(`/${name}`))).map(name => `${file} ${name}`));
    assert.deepEqual(missing, []);
  });

  it('keep `activate` under 40 lines', () => {
    const source = parse('src/extension.ts');
    const activate = source.statements.find(node => ts.isFunctionDeclaration(node) && node.name?.text === 'activate');
    assert.ok(activate);
    const lines = activate.getText(source).split('\n').length;
    assert.ok(lines < 40, `${lines} lines`);
  });

  it('keep files at 300 lines at most, and half of them under 80', () => {
    const lengths = shipped.map(file => ({ file, lines: read(file).trimEnd().split('\n').length }));
    assert.deepEqual(lengths.filter(({ lines }) => lines > 300), []);
    const median = lengths.map(({ lines }) => lines).sort((a, b) => a - b)[Math.floor(lengths.length / 2)] ?? 0;
    assert.ok(median < 80, `the median is ${median}`);
  });

  it('give the core a tsconfig of its own without any types of a platform, which the type check uses', () => {
    const { config } = ts.readConfigFile('src/core/tsconfig.json', file => read(file)) as { config?: { compilerOptions?: { types?: unknown; lib?: unknown } } };
    assert.deepEqual(config?.compilerOptions?.types, []);
    assert.deepEqual(config.compilerOptions.lib, ['es2024']);
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Readonly<Record<string, string>> };
    assert.match(scripts['typecheck'] ?? '', /(^|&& )tsc -p src\/core --noEmit( &&|$)/);
    const root = ts.readConfigFile('tsconfig.json', file => read(file)) as { config?: { exclude?: unknown } };
    assert.deepEqual(root.config?.exclude, ['src/core/globals.d.ts'], 'the other sources have a platform');
  });

  it('let no enum, no module-level `let` and no non-null assertion into what is shipped', () => {
    const broken = shipped.filter(file => file !== adapter).filter(file =>
      count(file, node => ts.isEnumDeclaration(node) || ts.isNonNullExpression(node)) > 0);
    assert.deepEqual(broken, []);
    // A page lives and ends with its panel: what it shows now is its own.
    const mutable = shipped.filter(file => file.startsWith('src/')).filter(file => parse(file).statements.some(node =>
      ts.isVariableStatement(node) && (node.declarationList.flags & ts.NodeFlags.Let) !== 0));
    assert.deepEqual(mutable, ['src/node/snapshot/saveSnapshotWorker.ts'], 'a worker that lives for one snapshot');
  });

  it('let only the etcd client and the hosts open connections', () => {
    const network = /from 'node:(?:https?|http2|net|tls|dgram|dns)[/']|\bfetch\(|\bXMLHttpRequest\b|\bWebSocket\b|telemetry/i;
    assert.deepEqual(shipped.filter(file => network.test(read(file)) && !file.startsWith('src/node/etcd/')), ['src/node/host/dialTcp.ts', 'src/node/host/tunnel.ts', 'src/node/restore/apiServerReady.ts']);
    assert.deepEqual(shipped.filter(file => read(file).includes(`from 'ssh2'`) && !file.startsWith('src/node/ssh/')), []);
  });
});
