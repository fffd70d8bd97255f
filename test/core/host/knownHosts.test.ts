import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { hostNames, knownHostLine, readKnownHosts } from '../../../src/core/host/knownHosts.js';

const hmac = (key: string, text: string): string => createHmac('sha1', Buffer.from(key, 'base64')).update(text).digest('base64');
const hashed = (name: string): string => {
  const salt = Buffer.from('12345678901234567890').toString('base64');
  return `|1|${salt}|${hmac(salt, name)}`;
};
const ed = { type: 'ssh-ed25519', key: 'AAAAed==' };
const rsa = { type: 'ssh-rsa', key: 'AAAArsa=' };

/** What a file of these lines says about a host and its key. */
const judge = (lines: readonly string[], host: string, port = 22, shown = ed, alias?: string) =>
  readKnownHosts([{ path: '/k', text: lines.join('\n') }], hmac).judge(hostNames(host, port, alias), shown);
const at = (line: number) => ({ file: '/k', line });

describe('known_hosts', () => {
  it('knows a host by its name, its address, in whatever case', () => {
    for (const hosts of ['cp-1', 'a,cp-1,b', 'CP-1', 'cp-*', '*', 'c?-1', hashed('cp-1')]) {
      assert.deepEqual(judge([`${hosts} ssh-ed25519 AAAAed== comment`], 'cp-1'), { is: 'known' }, hosts);
      assert.deepEqual(judge([`${hosts} ssh-ed25519 AAAAed==`], 'Cp-1'), { is: 'known' }, hosts);
    }
    assert.deepEqual(judge(['fd00::1 ssh-ed25519 AAAAed=='], 'fd00::1'), { is: 'known' });
  });

  it('does not take one host for another', () => {
    for (const hosts of ['cp-2', 'cp-1*?', '!cp-1', '*,!cp-1', '!cp-*,cp-1', hashed('cp-2'), '|2|x|y', '|1|', '[cp-1]:22', '[cp-1]:2222']) {
      assert.deepEqual(judge([`${hosts} ssh-ed25519 AAAAed==`], 'cp-1'), { is: 'unknown', authority: false }, hosts);
    }
  });

  it('keeps ports apart, but takes a key that the host has on port 22', () => {
    assert.deepEqual(judge(['[cp-1]:2222 ssh-ed25519 AAAAed=='], 'cp-1', 2222), { is: 'known' });
    assert.deepEqual(judge([`${hashed('[cp-1]:2222')} ssh-ed25519 AAAAed==`], 'cp-1', 2222), { is: 'known' });
    assert.deepEqual(judge(['cp-1 ssh-ed25519 AAAAed=='], 'cp-1', 2222), { is: 'known' });
    assert.deepEqual(judge(['cp-1 ssh-ed25519 AAAAother'], 'cp-1', 2222), { is: 'unknown', authority: false });
    assert.deepEqual(judge(['[cp-1]:2222 ssh-ed25519 AAAAother', 'cp-1 ssh-ed25519 AAAAed=='], 'cp-1', 2222), { is: 'known' });
  });

  it('looks up an alias without a port', () => {
    assert.deepEqual(judge(['alias ssh-ed25519 AAAAed=='], 'cp-1', 2222, ed, 'Alias'), { is: 'known' });
    assert.deepEqual(judge(['[cp-1]:2222 ssh-ed25519 AAAAed=='], 'cp-1', 2222, ed, 'alias'), { is: 'unknown', authority: false });
  });

  it('names the line of a key that has changed, of the same type where there is one', () => {
    assert.deepEqual(judge(['# hosts', '', 'cp-1 ssh-rsa AAAArsa=', 'cp-1 ssh-ed25519 AAAAother'], 'cp-1'), { is: 'changed', ...at(4) });
    assert.deepEqual(judge(['cp-1 ssh-rsa AAAArsa='], 'cp-1'), { is: 'changed', ...at(1) });
    assert.deepEqual(judge(['cp-1 ssh-ed25519 AAAAother', 'cp-1 ssh-ed25519 AAAAed=='], 'cp-1'), { is: 'known' });
  });

  it('lets a revocation win over everything, wherever it stands', () => {
    const revoked = '@revoked * ssh-ed25519 AAAAed==';
    assert.deepEqual(judge(['cp-1 ssh-ed25519 AAAAed==', revoked], 'cp-1'), { is: 'revoked', ...at(2) });
    assert.deepEqual(judge(['@revoked cp-1 ssh-ed25519 AAAAed==', '[cp-1]:2222 ssh-ed25519 AAAAed=='], 'cp-1', 2222), { is: 'revoked', ...at(1) });
    assert.deepEqual(judge([revoked], 'cp-1', 22, rsa), { is: 'unknown', authority: false });
  });

  it('takes the key of an authority for no key of a host', () => {
    assert.deepEqual(judge(['@cert-authority *.lan ssh-ed25519 AAAAed=='], 'cp-1.lan'), { is: 'unknown', authority: true });
    assert.deepEqual(judge(['@cert-authority *.lan ssh-ed25519 AAAAed=='], 'cp-1.wan'), { is: 'unknown', authority: false });
    assert.deepEqual(judge(['@strange cp-1 ssh-ed25519 AAAAed=='], 'cp-1'), { is: 'unknown', authority: false });
  });

  it('tells the types that a host is known by', () => {
    const known = readKnownHosts([{ path: '/a', text: 'cp-1 ssh-rsa AAAA\ncp-1 ssh-ed25519 AAAA\n' }, { path: '/b', text: 'cp-1 ssh-rsa BBBB\n@revoked cp-1 ssh-dss CCCC\n' }], hmac);
    assert.deepEqual(known.types(hostNames('cp-1', 22)), ['ssh-rsa', 'ssh-ed25519']);
    assert.deepEqual(known.types(hostNames('cp-2', 22)), []);
  });

  it('reads back what it writes, and what anybody else might have written', () => {
    assert.equal(knownHostLine(hostNames('fd00::1', 2222), ed), '[fd00::1]:2222 ssh-ed25519 AAAAed==\n');
    fc.assert(fc.property(fc.stringMatching(/^[a-z0-9.-]{1,30}$/), fc.integer({ min: 1, max: 65_535 }), fc.string(), (host, port, noise) => {
      const text = `${noise.replaceAll('@revoked', '')}\n${knownHostLine(hostNames(host, port), ed)}`;
      assert.equal(readKnownHosts([{ path: '/k', text }], hmac).judge(hostNames(host, port), ed).is, 'known');
    }));
  });

  it('takes no longer for a pattern that is meant to take long', () => {
    assert.deepEqual(judge([`${'*a'.repeat(2_000)}b ssh-ed25519 AAAAed==`], 'a'.repeat(250)), { is: 'unknown', authority: false });
  });
});
