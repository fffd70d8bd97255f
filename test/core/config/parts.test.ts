import assert from 'node:assert/strict';
import { isBindable, isLoopback, readUrl } from '../../../src/core/config/etcdUrl.js';
import { expand } from '../../../src/core/config/expansion.js';
import { etcdFlags, flagNamed, flagOfVariable } from '../../../src/core/config/flags.js';
import { goBool, goInteger, isGoDuration } from '../../../src/core/config/goValue.js';
import { isWithinPath, normal } from '../../../src/core/config/hostPath.js';
import { nearestFlag } from '../../../src/core/config/nearestFlag.js';
import { imageVersion, isWithin } from '../../../src/core/config/version.js';

describe('imageVersion', () => {
  for (const [image, version] of [
    ['registry.k8s.io/etcd:3.5.15-0', '3.5.15'],
    ['quay.io/coreos/etcd:v3.5.9', '3.5.9'],
    ['myreg:5000/x/etcd:3.4.13-0@sha256:0123', '3.4.13'],
    ['myreg:5000/etcd', undefined],
    ['etcd@sha256:0123', undefined],
    ['etcd:latest', undefined],
    ['etcd:3.6', '3.6'],
    ['gcr.io/etcd-development/etcd:v3.6.0-rc.3', '3.6.0'],
    ['index.docker.io/rancher/hardened-etcd:v3.5.9-k3s1-build20230802', '3.5.9'],
    ['k8s.gcr.io/etcd-amd64:3.2.24', '3.2.24'],
    ['registry.k8s.io/etcdadm/etcd-manager-slim:v3.0.20230925', undefined],
    ['registry.k8s.io/kube-apiserver:v1.31.0', undefined],
    ['', undefined],
  ] as const) {
    it(`finds ${version ?? 'none'} in "${image}"`, () => assert.equal(imageVersion(image)?.text, version));
  }

  it('counts a missing patch as any patch, and compares patches within their minor', () => {
    assert.ok(isWithin({ text: '3.5', major: 3, minor: 5 }, ['3.5.8']));
    assert.ok(isWithin({ text: '3.5.10', major: 3, minor: 5, patch: 10 }, ['3.4.25', '3.5.8']));
    assert.ok(!isWithin({ text: '3.5.7', major: 3, minor: 5, patch: 7 }, ['3.4.25', '3.5.8']));
    assert.ok(!isWithin({ text: '3.7.0', major: 3, minor: 7, patch: 0 }, ['3.5', '3.6']));
  });
});

describe('expand', () => {
  const lookUp = (name: string) => name === 'A' ? { kind: 'text', text: 'one' } as const : { kind: 'undefined' } as const;
  for (const [text, expected] of [
    ['$(A)', 'one'], ['x$(A)y$(A)', 'xoneyone'], ['$$(A)', '$(A)'], ['$$$(A)', '$one'], ['$(B)', '$(B)'], ['$(A', '$(A'], ['$A', '$A'],
    ['a$$b', 'a$b'], ['$', '$'], ['$()', '$()'], ['$(A)$$', 'one$'], ['$$(A', '$(A'],
  ] as const) {
    it(`makes "${expected}" of "${text}", as Kubernetes does`, () => assert.equal(expand(text, lookUp).text, expected));
  }

  it('names every reference it could not replace', () => {
    assert.deepEqual(expand('$(B)$(A)$(C)$$(D)', lookUp).missing.map(one => one.variable), ['B', 'C']);
  });
});

describe('readUrl', () => {
  for (const [url, expected] of [
    ['https://10.0.0.1:2379', { scheme: 'https', host: '10.0.0.1', port: 2379 }],
    ['http://[2001:db8::1]:2380', { scheme: 'http', host: '2001:db8::1', port: 2380 }],
    ['http://[fe80::1%25eth0]:2380', { scheme: 'http', host: 'fe80::1%25eth0', port: 2380 }],
    ['unixs:///run/etcd.sock', { scheme: 'unixs', host: '/run/etcd.sock', port: 0 }],
    ['http://:2379', { scheme: 'http', host: '', port: 2379 }],
    ['10.0.0.1:2379', 'scheme'], ['ftp://a:1', 'scheme'], ['https://a', 'hostPort'], ['https://a:x', 'hostPort'], ['https://2001:db8::1:2379', 'hostPort'],
    ['https://a:1/', 'path'], ['https://a:1?x', 'path'], ['https://a:99999', 'port'], ['', 'scheme'],
  ] as const) {
    it(`reads "${url}"`, () => assert.deepEqual(readUrl(url), expected));
  }

  it('knows loopback and what can be bound', () => {
    assert.deepEqual(['127.0.0.1', '127.9.9.9', '::1', 'localhost', '10.0.0.1', '127.example.org'].map(isLoopback), [true, true, true, true, false, false]);
    assert.deepEqual(['0.0.0.0', '::', '', 'localhost', 'etcd.example.org'].map(isBindable), [true, true, true, true, false]);
  });
});

describe('values as Go reads them', () => {
  it('takes the booleans of strconv and no others', () => {
    assert.deepEqual(['1', 'T', 'true', 'TRUE', 'True'].map(goBool), [true, true, true, true, true]);
    assert.deepEqual(['0', 'f', 'False', 'yes', 'on', '', 'tRUE'].map(goBool), [false, false, false, undefined, undefined, undefined, undefined]);
  });

  it('takes integers of every base, within 64 bits', () => {
    assert.deepEqual(['0', '10', '-5', '0x10', '010', '0b11', '1_000', '8589934592'].map(goInteger), [0n, 10n, -5n, 16n, 8n, 3n, 1000n, 8589934592n]);
    assert.deepEqual(['', '10k', '1.5', '08', '1_', '99999999999999999999', ' 1'].map(goInteger), Array.from({ length: 7 }, () => undefined));
  });

  it('takes durations with a unit only', () => {
    assert.deepEqual(['5s', '1h30m', '1.5h', '0', '100ms', '-2m'].map(isGoDuration), [true, true, true, true, true, true]);
    assert.deepEqual(['5', '', '5 s', 's', '1d'].map(isGoDuration), [false, false, false, false, false]);
  });
});

describe('paths', () => {
  it('are within a folder by whole components', () => {
    assert.ok(isWithinPath('/var/lib/etcd/member', '/var/lib/etcd/'));
    assert.ok(isWithinPath('/var/lib/etcd', '/var/lib/etcd'));
    assert.ok(isWithinPath('/anything', '/'));
    assert.ok(!isWithinPath('/var/lib/etcd-new', '/var/lib/etcd'));
    assert.ok(!isWithinPath('/var/lib/etcd/../x', '/var/lib/etcd'));
  });

  it('lose dots and doubled slashes', () => assert.equal(normal('//a/./b//../c/'), '/a/c'));
});

describe('the table of flags', () => {
  it('has every name and every variable once', () => {
    assert.equal(new Set(etcdFlags.map(flag => flag.name)).size, etcdFlags.length);
    for (const flag of etcdFlags) assert.equal(flagOfVariable(flag.env), flag);
    assert.equal(flagNamed('data-dir')?.env, 'ETCD_DATA_DIR');
    assert.equal(flagNamed('__proto__'), undefined);
  });

  for (const [typed, meant] of [
    ['data-dri', 'data-dir'], ['inital-cluster', 'initial-cluster'], ['initial-advertise-peers-urls', 'initial-advertise-peer-urls'],
    ['trusted-ca', undefined], ['compact-hash-check-enabled', 'experimental-compact-hash-check-enabled'], ['nmae', 'name'], ['frobnicate', undefined],
  ] as const) {
    it(`takes --${typed} for ${meant === undefined ? 'nothing' : `--${meant}`}`, () => assert.equal(nearestFlag(typed), meant));
  }
});
