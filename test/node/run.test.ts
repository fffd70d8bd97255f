import assert from 'node:assert/strict';
import { mirrorIn } from '../../scripts/debianArchive.js';
import { requiredVersion } from '../../scripts/etcdFromSource.js';
import { compareVersions } from '../../scripts/etcdVersions.js';
import { judge } from '../run/mochaLayer.js';
import { summarise } from '../run/summary.js';

describe('the test run', () => {
  const outcome = { passed: 3, failed: [], skipped: [{ name: 'etcd 3.6', reason: 'no go' }] };

  it('ends in one line of counts, after naming each skip and its reason', () => {
    const { lines, exitCode } = summarise(outcome, [], false);
    assert.deepEqual(lines, ['skipped: etcd 3.6 (no go)', '3 passed, 0 failed, 1 skipped']);
    assert.equal(exitCode, 0);
  });

  it('fails on a skip that is not allowed, and names it', () => {
    const { lines, exitCode } = summarise(outcome, [], true);
    assert.match(lines[0] ?? '', /^failed: etcd 3\.6: skipped/);
    assert.equal(lines.at(-1), '3 passed, 1 failed, 0 skipped');
    assert.equal(exitCode, 1);
  });

  it('passes with a skip that is allowed', () => {
    assert.equal(summarise(outcome, [{ name: 'etcd 3.6', reason: 'not in Debian' }], true).exitCode, 0);
  });

  it('takes a layer that ran nothing, or ended early, for failed', () => {
    assert.deepEqual(judge('unit', 0, '{"passed":0,"failed":[],"skipped":[]}').failed, ['unit: ran no test']);
    assert.equal(judge('unit', 134, undefined).failed.length, 1);
    assert.equal(judge('unit', 1, '{"passed":5,"failed":[],"skipped":[]}').failed.length, 1);
  });
});

describe('the search for etcd versions', () => {
  it('orders versions by number, not by text', () => {
    assert.deepEqual(['3.5.30', '3.10.1', '3.4.23', '3.5.4'].sort(compareVersions), ['3.4.23', '3.5.4', '3.5.30', '3.10.1']);
  });

  it('knows from a go.mod which version is built', () => {
    assert.equal(requiredVersion('require (\n\tgo.etcd.io/etcd/server/v3 v3.6.16 // indirect\n)\n'), '3.6.16');
    assert.equal(requiredVersion('require go.etcd.io/etcd/api/v3 v3.6.16\n'), undefined);
  });

  it('reads the mirror from both formats of apt', () => {
    assert.equal(mirrorIn('# deb http://old bookworm main\ndeb [arch=amd64] http://m/debian bookworm main contrib\n', 'bookworm'), 'http://m/debian');
    const stanzas = 'Types: deb\nURIs: http://s/security\nSuites: bookworm-security\nComponents: main\n\n'
      + 'Types: deb\n# a note\nURIs: http://m/debian\nSuites: bookworm bookworm-updates\nComponents: main\n';
    assert.equal(mirrorIn(stanzas, 'bookworm'), 'http://m/debian');
    assert.equal(mirrorIn('deb http://other/ubuntu noble main\n', 'bookworm'), undefined);
  });
});
