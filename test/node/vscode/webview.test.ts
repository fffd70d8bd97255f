import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { contentSecurityPolicy, makeNonce, page } from '../../../src/vscode/webview/page.js';
import { parseMessage } from '../../../src/panel/protocol.js';
import { reportProtocol } from '../../../src/panel/report.js';
import { statusProtocol } from '../../../src/panel/status.js';

const parts = { cspSource: 'https://view', script: 'https://view/main.js', style: 'https://view/main.css', title: '<b>"x"', language: 'en' };

describe('the page of a panel', () => {
  it('denies everything but its own script, style, font and pictures', () => {
    const policy = contentSecurityPolicy('https://view', 'N');
    assert.match(policy, /^default-src 'none'; script-src 'nonce-N'; style-src https:\/\/view;/);
    assert.doesNotMatch(policy, /unsafe|\*|connect-src|data:/);
  });

  it('carries a nonce of 128 bits that is new each time', () => {
    assert.equal(Buffer.from(makeNonce(), 'base64').length, 16);
    assert.notEqual(makeNonce(), makeNonce());
  });

  it('turns nothing it is given into markup', () => {
    const html = page(parts, 'N');
    assert.ok(!html.includes('<b>'));
    assert.equal(html.match(/<script/g)?.length, 1);
    assert.doesNotMatch(html, / on\w+=/);
  });

  it('is filled with text only: no source of a page can make markup', () => {
    const sources = readdirSync('media', { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.ts'));
    assert.ok(sources.length > 3);
    for (const file of sources) assert.doesNotMatch(readFileSync(`media/${file}`, 'utf8'), /innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function/, file);
  });
});

describe('messages between a panel and the host', () => {
  it('are taken when they are of the protocol', () => {
    assert.deepEqual(parseMessage(statusProtocol.toHost, { type: 'ready' }), { type: 'ready' });
    const copy = { type: 'copy', table: 'members', format: 'text', sort: { column: 3, direction: 'ascending' } };
    assert.deepEqual(parseMessage(statusProtocol.toHost, copy), copy);
    assert.deepEqual(parseMessage(reportProtocol.toHost, { type: 'action', id: 'copy' }), { type: 'action', id: 'copy' });
  });

  const foreign: readonly unknown[] = [
    undefined, null, 'ready', 7, [], {}, { type: 'run', argv: ['rm'] }, { type: 'copy', table: 'keys', format: 'text' }, { type: 'copy', table: 'members', format: 'html' },
    { type: 'copy', table: 'members', format: 'text', sort: { column: -1, direction: 'ascending' } }, { type: 'copy', table: 'members', format: 'text', sort: { column: 1.5, direction: 'up' } },
    { type: 'export', path: '/etc/passwd' }, { type: 'ready', extra: true }, { type: 'action', id: 'x'.repeat(41) },
  ];
  for (const message of foreign) {
    it(`are dropped when they are not: ${JSON.stringify({ message }).slice(0, 100)}`, () => {
      assert.equal(parseMessage(statusProtocol.toHost, message), undefined);
      assert.equal(parseMessage(reportProtocol.toHost, message), undefined);
      assert.equal(parseMessage(statusProtocol.toView, message), undefined);
    });
  }
});
