import assert from 'node:assert/strict';
import { targetOf } from '../../../src/node/etcd/target.js';

describe('an endpoint', () => {
  const good: readonly (readonly [string, boolean, string, boolean])[] = [
    ['https://10.0.0.1:2379', false, '10.0.0.1:2379', true],
    ['http://10.0.0.1:2379', true, '10.0.0.1:2379', false],
    ['https://cp-1.example:2379/', false, 'cp-1.example:2379', true],
    ['10.0.0.1:2379', true, '10.0.0.1:2379', true],
    ['localhost:2379', false, 'localhost:2379', false],
    ['https://[fd00::1]:2379', true, '[fd00::1]:2379', true],
    ['http://[fe80::1%eth0]:2379', false, '[fe80::1%eth0]:2379', false],
    ['unix:///run/etcd.sock', false, 'unix:/run/etcd.sock', false],
    ['unix:/run/etcd.sock', true, 'unix:/run/etcd.sock', false],
    ['unixs:///run/etcd.sock', false, 'unix:/run/etcd.sock', true],
    ['  HTTPS://a:1 ', false, 'a:1', true],
  ];
  for (const [endpoint, tls, address, secure] of good) {
    it(`"${endpoint}" is dialled at ${address}, ${secure ? 'with' : 'without'} TLS`, () => {
      assert.deepEqual(targetOf(endpoint, tls), { address, secure });
    });
  }

  for (const bad of ['', 'host', 'https://host', 'http://host:0', 'http://host:65536', 'ftp://host:1', 'http://a:1/v3', 'http://u:p@a:1', 'fd00::1:2379', 'a b:1', 'http://a:1,http://b:1']) {
    it(`"${bad}" is refused, naming it`, () => {
      assert.throws(() => targetOf(bad, false), { code: 'ETCD_BAD_ENDPOINT', args: { endpoint: bad } });
    });
  }
});
