import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { stepsOf } from '../../../src/core/plan.js';
import type { Message } from '../../../src/core/errors.js';
import { planRestore } from '../../../src/core/restore/planRestore.js';
import { checksBefore } from '../../../src/core/restore/stages.js';
import { choice, factsOf } from '../../core/restore/factsFixture.js';
import { onlyMember } from '../../core/restore/factsChanges.js';

const root = join(import.meta.dirname, '../../..');
const parse = (file: string) => ts.createSourceFile(file, readFileSync(join(root, file), 'utf8'), ts.ScriptTarget.Latest, true);

function visit(node: ts.Node, see: (node: ts.Node) => void): void {
  see(node);
  node.forEachChild(child => visit(child, see));
}

/** Names in braces of each sentence in a file of words, by code. They import `vscode`, so they are read and not run. */
function placeholders(file: string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  visit(parse(file), node => {
    if (!ts.isPropertyAssignment(node) || !/^[A-Z_\d]+$/.test(node.name.getText())) return;
    const names: string[] = [];
    visit(node.initializer, each => {
      if (ts.isCallExpression(each) && each.expression.getText() === 'l10n.t' && each.arguments[0] !== undefined && ts.isStringLiteralLike(each.arguments[0]))
        names.push(...[...each.arguments[0].text.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name));
    });
    found.set(node.name.getText(), names);
  });
  return found;
}

interface Site {
  readonly at: string;
  readonly code: string;
  readonly names: readonly string[];
  /** Names that are not written out, because an object is spread or passed on: more may be there. */
  readonly open: boolean;
}

/** Where the restore's code makes a message, with the names of the arguments given. */
function sites(file: string): readonly Site[] {
  const found: Site[] = [];
  const add = (node: ts.Node, code: ts.Node | undefined, args: ts.Node | undefined, given: readonly string[] = []) => {
    if (code === undefined || !ts.isStringLiteralLike(code)) return;
    const properties = args !== undefined && ts.isObjectLiteralExpression(args) ? [...args.properties] : [];
    const open = (args !== undefined && !ts.isObjectLiteralExpression(args)) || properties.some(ts.isSpreadAssignment);
    const { line } = node.getSourceFile().getLineAndCharacterOfPosition(node.getStart());
    found.push({ at: `${file}:${line + 1}`, code: code.text, names: [...given, ...properties.flatMap(each => each.name === undefined ? [] : [each.name.getText()])], open });
  };
  visit(parse(file), node => {
    if (ts.isNewExpression(node) && node.expression.getText() === 'KnownError') add(node, node.arguments?.[0], node.arguments?.[1]);
    if (ts.isObjectLiteralExpression(node)) {
      const value = (name: string) => node.properties.flatMap(each => ts.isPropertyAssignment(each) && each.name.getText() === name ? [each.initializer] : [])[0];
      if (value('args') !== undefined) add(node, value('code'), value('args'));
    }
    if (ts.isCallExpression(node) && node.expression.getText() === 'distrusted') add(node, node.arguments[1], node.arguments[2], ['path']);
    if (ts.isTaggedTemplateExpression(node)) {
      // `fail CODE "name=$value"` in a script; the host's name is added by who runs it.
      for (const [, code = '', rest = ''] of node.template.getText().matchAll(/(?:\bfail|\bsay|"\$1") ([A-Z_]+)([^;\n]*)/g))
        if (code !== 'HOLDS') found.push({ at: file, code, names: ['host', ...[...rest.matchAll(/ "?(\w+)=/g)].map(([, name = '']) => name)], open: false });
    }
  });
  return found;
}

describe('the words of the restore', () => {
  it('name only arguments that are given wherever their code is made', () => {
    const restoreWords = new Map([...placeholders('src/vscode/words/restore.ts'), ...placeholders('src/vscode/words/journalFaults.ts')]);
    const words = new Map([...restoreWords, ...placeholders('src/vscode/words/common.ts')]);
    const files = globSync(['src/core/*.ts', 'src/core/host/*.ts', 'src/core/restore/*.ts', 'src/node/restore/*.ts', 'src/node/host/*.ts'], { cwd: root });
    const made = files.flatMap(sites).filter(site => words.has(site.code));
    assert(made.length >= 30, String(made.length));
    for (const { at, code, names, open } of made) {
      const missing = (words.get(code) ?? []).filter(name => !names.includes(name));
      assert(open || missing.length === 0, `${at}: ${code} is made without ${missing.join(', ')}`);
    }
    // Codes that come from a script may only be those that a person can be told.
    assert.deepEqual([...restoreWords.keys()].filter(code => !made.some(site => site.code === code)), [], 'nobody makes these');
  });

  it('for stages and steps, forward and back, name only arguments they have', () => {
    const words = placeholders('src/vscode/words/restoreTitles.ts');
    for (const facts of [factsOf(3), factsOf(3, { down: true, gone: [0] }), onlyMember(factsOf(3), 'm2')]) {
      const result = planRestore(facts, choice);
      assert('plan' in result);
      const stages = [...result.plan.stages, ...checksBefore(result.plan.subject)];
      const titles: readonly Message[] = [...stages.flatMap(stage => [stage.title, stage.undoTitle]),
        ...stepsOf({ ...result.plan, stages }).flatMap(step => typeof step.undo === 'string' ? [step.title] : [step.title, step.undo.title])];
      for (const { code, args } of titles) {
        assert(words.has(code), `no words for ${code}`);
        assert.deepEqual((words.get(code) ?? []).filter(name => !(name in args)), [], code);
      }
    }
  });
});
