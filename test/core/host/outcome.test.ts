import assert from 'node:assert/strict';
import { failureOf, said } from '../../../src/core/host/outcome.js';

const outcome = (stdout: string, stderr = '') => ({ code: 70, stdout, stderr });

describe('what a host says of a script', () => {
  it('is its last line that begins so, whatever was printed before', () => {
    assert.deepEqual(said('@HOLDS\nnoise @HOLDS\n@PATH_EXISTS\tpath=/a=b\n'), { code: 'PATH_EXISTS', args: { path: '/a=b' } });
    assert.equal(said(' @HOLDS\n'), undefined);
  });

  it('cannot speak for another host', () => {
    assert.deepEqual(failureOf('cp-1', outcome('@PATH_EXISTS\thost=cp-2\tpath=/x\n')).args, { host: 'cp-1', path: '/x' });
    assert.deepEqual(failureOf('cp-1', outcome('', 'no\nhost=cp-2')).args, { host: 'cp-1', code: 70, reason: 'host=cp-2' });
  });

  it('is no other code than those that a script has', () => {
    for (const code of ['HOST_KEY_CHANGED', 'CANCELLED', '__proto__', 'toString', '']) assert.equal(failureOf('cp-1', outcome(`@${code}\tx=y\n`)).code, 'HOST_SCRIPT_FAILED');
    const args = failureOf('cp-1', outcome('@PATH_EXISTS\t__proto__=x\tconstructor=y\n')).args;
    assert.equal(Object.getPrototypeOf(args), Object.prototype);
  });
});
