import assert from 'node:assert/strict';
import type { ConfigErrorCode } from '../../../src/core/config/errors.js';
import { readConfig } from '../../../src/core/config/readConfig.js';
import { fixture } from './fixtures.js';

const codes = (text: string): readonly ConfigErrorCode[] => readConfig(text).findings.map(finding => finding.code);
const pod = (command: string): string => `kind: Pod\nspec:\n  containers:\n  - name: etcd\n    command: ${command}\n`;

describe('a hostile text', () => {
  it('of 10 MB is refused by its size, unread', () => {
    assert.deepEqual(codes('x'.repeat(10 * 1024 * 1024)), ['CONFIG_TOO_LARGE']);
  });

  it('without a letter is refused as empty', () => {
    assert.deepEqual(codes(' \n\t\r\n'), ['CONFIG_EMPTY']);
  });

  it('nested a hundred thousand deep is refused', () => {
    for (const deep of ['['.repeat(100_000), '{a: '.repeat(100_000), '- '.repeat(100_000), pod('['.repeat(50_000) + ']'.repeat(50_000))])
      assert.ok(codes(deep).some(code => code === 'CONFIG_TOO_DEEP' || code === 'YAML_MALFORMED' || code === 'CONFIG_KIND_UNKNOWN'), codes(deep).join());
  });

  it('with aliases of aliases is not expanded', () => {
    const bomb = Array.from({ length: 30 }, (_, level) => `a${level}: &a${level} [${level === 0 ? '--name=x' : `*a${level - 1}, *a${level - 1}`}]`).join('\n');
    assert.ok(!readConfig(`${bomb}\n${pod('[etcd, *a29]')}`).ok);
    assert.deepEqual(codes(`${bomb}\n${pod('*a29')}`), ['FIELD_NOT_TEXT', 'FIELD_NOT_TEXT', 'COMMAND_MISSING']);
  });

  it('with maps that merge themselves into each other ends', () => {
    const merged = Array.from({ length: 40 }, (_, level) => `m${level}: &m${level} {<<: [${level === 0 ? '' : `*m${level - 1}, *m${level - 1}`}]}`).join('\n');
    assert.ok(!readConfig(`${merged}\nkind: Pod\nspec:\n  containers:\n  - <<: *m39\n`).ok);
  });

  it('with one endless line of anything ends', () => {
    const million = 1_000_000;
    for (const line of ['a@'.repeat(million / 2), `etcd ${'--name='.repeat(100_000)}`, `etcd ${'--'.repeat(million / 2)}`, `etcd --name=${'$('.repeat(million / 2)}`,
      `etcd --name=a ${'- '.repeat(million / 2)}`, `Name: x\nContainers:\n  e:\n    Command:\n      ${'etcd'.repeat(200_000)}`, `Image: ${' '.repeat(million)}--name=x --data-dir`])
      assert.equal(typeof readConfig(line).ok, 'boolean');
  });

  it('with many lines of anything ends', () => {
    for (const line of ['--name=x\n', 'a: &a *a\n', 'Name: x\nContainers:\n', '- {a: b}\n', '---\n', 'kind: Pod\n---\n', ' '.repeat(40) + 'x\n'])
      assert.equal(typeof readConfig(line.repeat(Math.floor(200_000 / line.length))).ok, 'boolean');
  });

  it('cannot reach the prototype of anything', () => {
    const reading = readConfig(fixture('prototype-keys.yaml').text);
    assert.ok(reading.ok);
    assert.equal(reading.config.pod.image?.value, 'registry.k8s.io/etcd:3.5.15-0');
    assert.equal(({} as Readonly<Record<string, unknown>>)['polluted'], undefined);
  });

  it('does not reach a message with control characters or without end', () => {
    const [finding] = readConfig(pod(`["\\u001b[31m${'x'.repeat(500)}\\u202e"]`)).findings;
    assert.equal(finding?.code, 'COMMAND_NOT_ETCD');
    assert.match(String(finding.args['command']), /^ \[31mx{70,}…$/);
  });
});
