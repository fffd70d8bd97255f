import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { fillPattern, parseArgv } from '../../../src/core/cluster/parseArgv.js';

const argv = (line: string) => { const parsed = parseArgv(line); return 'argv' in parsed ? parsed.argv : parsed.problem.code; };

describe('parseArgv', () => {
  const lines: readonly (readonly [string, readonly string[] | string])[] = [
    ['systemctl stop etcd', ['systemctl', 'stop', 'etcd']],
    [`  /opt/a\\ b/run  'it''s' "a \\"b\\" c" `, ['/opt/a b/run', 'its', 'a "b" c']],
    [`run '' ""`, ['run', '', '']],
    ['run --name={name} x#y a~b', ['run', '--name={name}', 'x#y', 'a~b']],
    ['run "\\$HOME" \'$HOME\'', ['run', '$HOME', '$HOME']],
    ['', 'ARGV_EMPTY'], ['   ', 'ARGV_EMPTY'], [`''`, 'ARGV_EMPTY'],
    [`run 'open`, 'ARGV_OPEN_QUOTE'], ['run "open', 'ARGV_OPEN_QUOTE'], ['run \\', 'ARGV_OPEN_QUOTE'],
    ['a | b', 'ARGV_SHELL'], ['a && b', 'ARGV_SHELL'], ['a; b', 'ARGV_SHELL'], ['a > f', 'ARGV_SHELL'], ['a $HOME', 'ARGV_SHELL'],
    ['a `id`', 'ARGV_SHELL'], ['a "$(id)"', 'ARGV_SHELL'], ['a *.db', 'ARGV_SHELL'], ['a ~/x', 'ARGV_SHELL'], ['a #c', 'ARGV_SHELL'],
    ['a\nb', 'ARGV_CONTROL'], ['a\u0000b', 'ARGV_CONTROL'],
  ];
  for (const [line, expected] of lines) {
    it(`reads ${JSON.stringify(line)}`, () => assert.deepEqual(argv(line), expected));
  }

  it('splits what it accepts exactly as a POSIX shell does', () => {
    const piece = fc.constantFrom('a', 'b c', ' ', '  ', `'x y'`, `"p q"`, `\\"`, `\\\\`, `"\\\\z"`, `"it's"`, '=', '{name}', `''`, '/', '-', 'é', `'$'`);
    fc.assert(fc.property(fc.array(piece, { minLength: 1, maxLength: 8 }), pieces => {
      const parsed = parseArgv(`run ${pieces.join('')}`);
      if (!('argv' in parsed)) return;
      const shell = execFileSync('/bin/sh', ['-c', `run() { for a in "$@"; do printf '%s\\0' "$a"; done; }\nrun ${pieces.join('')}`], { encoding: 'utf8' });
      assert.deepEqual(parsed.argv.slice(1), shell.split('\0').slice(0, -1));
    }), { numRuns: 150 });
  });

  it('fills in the values of a member, and leaves other braces alone', () => {
    assert.equal(fillPattern('/srv/{name}/{host}/{x}', { name: 'm1', host: 'cp-1' }), '/srv/m1/cp-1/{x}');
  });
});
