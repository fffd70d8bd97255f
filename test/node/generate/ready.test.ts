import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { prelude } from '../../../src/core/host/prelude.js';
import { readyText } from '../../../src/core/generate/readyText.js';
import { makeCertificates, type Certificates } from '../../etcd/certificates.js';
import { Scratch } from '../restore/scratch.js';
import { onlyTools, saidBy } from './toolsOf.js';

describe('whether an API server is ready, as a generated script asks it', function () {
  this.timeout(60_000);
  let scratch: Scratch;
  let certificates: Certificates;
  let server: Server;
  let status = 200;
  before(async () => {
    scratch = await Scratch.make();
    certificates = await makeCertificates(`${scratch.dir}/pki`);
    const { certFile, keyFile } = certificates.server;
    server = createServer({ cert: readFileSync(certFile), key: readFileSync(keyFile) }, (request, response) => {
      response.writeHead(request.url === '/readyz' ? status : 404).end(status === 200 ? 'ok' : 'no');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  after(async () => {
    server.close();
    server.closeAllConnections();
    await scratch[Symbol.asyncDispose]();
  });

  for (const tool of ['curl', 'openssl', 'wget']) {
    it(`is told with ${tool}: by its answer, by a refusal to strangers, and by nothing else`, async () => {
      const path = await onlyTools(scratch.dir, tool);
      const port = String((server.address() as AddressInfo).port);
      const ask = async (name: string, ca = certificates.caFile, at = port) => (await saidBy(prelude + readyText, ['cp-1', at, ca, name], path))?.code;
      for (const [answer, code] of [[200, 'HOLDS'], [401, 'HOLDS'], [403, 'HOLDS'], [500, 'API_SERVER_NOT_READY']] as const) {
        status = answer;
        assert.equal(await ask('localhost'), code, String(answer));
        assert.equal(await ask('127.0.0.1'), code, String(answer));
      }
      status = 200;
      assert.equal(await ask('localhost', certificates.client.certFile), 'API_SERVER_NOT_READY', 'of another authority');
      if (tool !== 'wget') assert.equal(await ask('other.example'), 'API_SERVER_NOT_READY', 'of another name');
      assert.equal(await ask('localhost', certificates.caFile, '1'), 'API_SERVER_NOT_READY', 'nobody there');
      assert.equal(await ask('localhost', '/nonexistent/ca.crt'), 'NOT_ASKED');
    });
  }

  it('is not told where there is no tool to ask with, and that is said', async () => {
    const answer = await saidBy(prelude + readyText, ['cp-1', '1', certificates.caFile, 'localhost'], await onlyTools(scratch.dir));
    assert.deepEqual([answer?.code, answer?.args['reason']], ['NOT_ASKED', 'there is no curl, no openssl and no wget on this host']);
  });
});
