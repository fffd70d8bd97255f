import assert from 'node:assert/strict';
import type { RestoreShown } from '../../../src/panel/restore.js';
import { restoreMarkdown } from '../../../src/vscode/restore/markdown.js';
import { reportMarkdown } from '../../../src/vscode/snapshots/reportMarkdown.js';

/** A member's name as a snapshot may record it, and a file's as a folder may hold it. */
const hostile = 'x` |\n\n# [a](https://evil.example) ![b](https://evil.example/p.png) <img src=x>';

const shown: RestoreShown = {
  type: 'show', heading: hostile, lead: hostile, tone: 'warn', digest: '', stagesTitle: 'Plan', stagesHint: '', showCommands: '', hideCommands: '', actions: [],
  notices: [{ tone: 'warn', text: hostile }], facts: [{ label: 'Snapshot', value: hostile, mono: true }, { label: 'Saved', value: hostile, mono: false }],
  tables: [{ caption: 'Now', columns: ['Member'], rows: [[hostile]] }],
  stages: [{ id: 's', title: hostile, steps: [{ id: 'a', lane: 'a', title: hostile, state: 'failed', stateWord: '', note: hostile, commands: ["echo 'a  b'", hostile], undo: '', failure: hostile }] }],
};
const texts = [
  ['restore', restoreMarkdown(shown)],
  ['snapshot', reportMarkdown({ title: hostile, subtitle: hostile, verdict: { tone: 'ok', text: hostile }, sections: [
    { kind: 'notice', tone: 'warn', text: hostile }, { kind: 'facts', heading: 'File', facts: [{ label: 'a', value: hostile, hint: hostile }, { label: 'b', value: hostile, code: true }] }] })],
] as const;

describe('what is copied as Markdown', () => {
  for (const [name, text] of texts) {
    it(`holds no markup that others wrote: ${name}`, () => {
      // What stands in a code span is shown as it is.
      const outside = text.replace(/(?<!\\)(`+)(?!`).*?(?<!`)\1(?!`)/g, '');
      assert.doesNotMatch(outside, /(?<!\\)\[a(?!\\)|(?<!\\)<img|^# \[a|(?<!\\)`/m);
      assert.equal(text.split('\n').filter(line => line.startsWith('# ')).length, 1);
    });
  }

  it('leaves a command as it is, to be typed', () => {
    assert.match(restoreMarkdown(shown), /`echo 'a {2}b'`/);
  });
});
