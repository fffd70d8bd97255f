import assert from 'node:assert/strict';
import { unlinked } from '../../../src/vscode/unlinked.js';

/** What the editor takes for a link in a notification: src/vs/base/common/linkedText.ts of VS Code. */
const link = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/i;

describe('foreign text in a notification', () => {
  for (const text of ['[Repair](command:workbench.action.terminal.sendSequence?%7B%7D)', '"--x[y](https://evil.example)" is not a flag', '[[a](file:///etc)](command:x "t")']) {
    it(`is no link: ${text}`, () => {
      assert.match(text, link);
      assert.doesNotMatch(unlinked(text), link);
    });
  }

  it('is otherwise left as it is', () => {
    assert.equal(unlinked('Cannot read /a (b)/[c]: no'), 'Cannot read /a (b)/[c]: no');
  });
});
