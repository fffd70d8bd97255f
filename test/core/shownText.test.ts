import assert from 'node:assert/strict';
import fc from 'fast-check';
import { shownArgs, shownText } from '../../src/core/shownText.js';

describe('a foreign text in a sentence', () => {
  it('has nothing that a terminal obeys, that ends a line or that turns text round', () => {
    assert.equal(shownText('a\u001b[31m\u009b1mb\r\n@HOLDS\tx\u2028y\u0000z'), 'a [31m 1mb @HOLDS x y z');
    assert.equal(shownText('/data/\u202ebd.txe\u2066x\u2069\u200f'), '/data/ bd.txe x ');
    fc.assert(fc.property(fc.string({ unit: 'binary' }), text => !/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/u.test(shownText(text))));
  });

  it('is no longer than it can be read, and is otherwise left as it is', () => {
    assert.equal(shownText('x'.repeat(5_000)).length, 1_000);
    for (const text of ['/var/lib/etcd', 'ünï ✓ 👨‍👩‍👧 שלום', '$(id) `x` "y"', '']) assert.equal(shownText(text), text);
  });

  it('may be any argument of a message', () => {
    assert.deepEqual(shownArgs({ path: 'a\nb', size: 8 }), { path: 'a b', size: 8 });
  });
});
