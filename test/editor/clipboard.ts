import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EditorWindow } from './window.js';

/** The clipboard's text, once it matches. */
export async function clipboardText(window: EditorWindow, expected: RegExp): Promise<string> {
  for (let tries = 0; tries < 50; tries++) {
    const text = await window.page.evaluate<string>('navigator.clipboard.readText()');
    if (expected.test(text)) return text;
    await sleep(100);
  }
  assert.fail(`the clipboard never held ${String(expected)}`);
}
