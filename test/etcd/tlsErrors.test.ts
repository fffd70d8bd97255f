import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { once } from 'node:events';
import path from 'node:path';
import { promisify } from 'node:util';
import { etcdVersions } from '../../scripts/etcdVersions.js';
import { freePorts } from '../../scripts/freePorts.js';
import type { TlsFiles } from '../../src/core/cluster/definition.js';
import type { EtcdEndpoint } from '../../src/core/cluster/status.js';
import { codeOf } from '../../src/core/errors.js';
import { connectEtcd } from '../../src/node/etcd/connectEtcd.js';
import { realClusters } from './realCluster.js';
import type { RealCluster } from './realCluster.js';
import { RealMember } from './realMember.js';

const run = promisify(execFile);
const { signal } = new AbortController();

async function drain(etcd: EtcdEndpoint): Promise<void> {
  let messages = 0;
  for await (const chunks of etcd.snapshot(signal)) messages += chunks.length;
  assert.ok(messages > 0);
}

/** What a call is told, and the snapshot, which dials for itself. */
async function outcome(endpoint: string, tls: TlsFiles | undefined, timeoutMs = 3000): Promise<string> {
  const told = async (ask: (etcd: EtcdEndpoint) => Promise<unknown>): Promise<string> => {
    try {
      const etcd = await connectEtcd(endpoint, tls, { timeoutMs });
      try {
        await ask(etcd);
        return 'answered';
      } finally {
        etcd.close();
      }
    } catch (error) {
      return codeOf(error) ?? String(error);
    }
  };
  const [call, snapshot] = [await told(etcd => etcd.status(signal)), await told(drain)];
  assert.equal(snapshot, call, 'the snapshot');
  return call;
}

/** A certificate of the cluster's own authority that was valid for one day of the year 2020. */
async function expired(cluster: RealCluster, name: string, extensions: string): Promise<{ certFile: string; keyFile: string }> {
  const { caFile } = cluster.certificates ?? assert.fail();
  const at = (file: string): string => path.join(cluster.dir, file);
  const files = { certFile: at(`${name}.crt`), keyFile: at(`${name}.key`) };
  const config = ['[ca]', 'default_ca=a', '[a]', `new_certs_dir=${cluster.dir}`, `database=${at(`${name}.db`)}`, `rand_serial=yes`,
    'policy=p', 'default_md=sha256', '[p]', 'commonName=supplied', '[e]', extensions, ''].join('\n');
  await Promise.all([writeFile(at(`${name}.cnf`), config), writeFile(at(`${name}.db`), '')]);
  await run('openssl', ['req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', files.keyFile, '-subj', '/CN=localhost', '-out', at(`${name}.csr`)]);
  await run('openssl', ['ca', '-batch', '-config', at(`${name}.cnf`), '-extensions', 'e', '-cert', caFile, '-keyfile', caFile.replace(/crt$/, 'key'),
    '-startdate', '20200101000000Z', '-enddate', '20200102000000Z', '-notext', '-in', at(`${name}.csr`), '-out', files.certFile]);
  return files;
}

/** A listener that does with each connection what `serve` says. */
async function listen(serve: (socket: Socket) => void): Promise<AsyncDisposable & { readonly port: number }> {
  const sockets = new Set<Socket>();
  const server = createServer(socket => { sockets.add(socket); socket.on('error', () => undefined); serve(socket); }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { port, [Symbol.asyncDispose]: async () => { for (const socket of sockets) socket.destroy(); server.close(); await once(server, 'close'); } };
}

for (const version of etcdVersions()) {
  describe(`what stands between us and etcd ${version.version} is named`, function () {
    this.timeout(60_000);
    const start = realClusters();
    let cluster: RealCluster;
    let stranger: RealCluster;
    let plain: RealCluster;
    let url = '';
    let tls: Required<Omit<TlsFiles, 'serverName' | 'at'>>;

    before(async () => {
      [cluster, stranger, plain] = await Promise.all([start({ version, tls: true }), start({ version, tls: true }), start({ version })]);
      url = cluster.members[0]?.clientUrl ?? '';
      const { caFile, client } = cluster.certificates ?? assert.fail();
      tls = { caFile, ...client };
    });

    it('an authority that did not sign the server, or none at all', async () => {
      assert.equal(await outcome(url, tls), 'answered');
      assert.equal(await outcome(url, { ...tls, caFile: stranger.certificates?.caFile ?? '' }), 'ETCD_TLS_UNTRUSTED');
      assert.equal(await outcome(url, { certFile: tls.certFile, keyFile: tls.keyFile }), 'ETCD_TLS_UNTRUSTED');
    });

    it('a name that is not in the certificate', async () => {
      assert.equal(await outcome(url, { ...tls, serverName: 'etcd.example' }), 'ETCD_TLS_NAME_MISMATCH');
      assert.equal(await outcome(url, { ...tls, serverName: 'localhost' }), 'answered');
      assert.equal(await outcome(url.replace('127.0.0.1', 'localhost'), tls), 'answered');
    });

    it('a client certificate that is missing, foreign or expired', async () => {
      assert.equal(await outcome(url, { caFile: tls.caFile }), 'ETCD_TLS_CLIENT_CERT_REQUIRED');
      assert.equal(await outcome(url, { caFile: tls.caFile, ...stranger.certificates?.client }), 'ETCD_TLS_CLIENT_CERT_REFUSED');
      const old = await expired(cluster, 'old-client', 'extendedKeyUsage=clientAuth');
      assert.equal(await outcome(url, { caFile: tls.caFile, ...old }), 'ETCD_TLS_CLIENT_CERT_EXPIRED');
    });

    it('a server certificate that has expired', async () => {
      const old = await expired(cluster, 'old-server', 'extendedKeyUsage=serverAuth,clientAuth\nsubjectAltName=DNS:localhost,IP:127.0.0.1');
      const [clientPort, peerPort] = await freePorts(2);
      const clientUrl = `https://127.0.0.1:${clientPort ?? 0}`;
      const peerUrl = `http://127.0.0.1:${peerPort ?? 0}`;
      const member = new RealMember({
        name: 'old', clientUrl, peerUrl, dataDir: path.join(cluster.dir, 'old'), logFile: path.join(cluster.dir, 'old.log'), etcd: version.etcd,
        flags: ['--name=old', `--data-dir=${path.join(cluster.dir, 'old')}`, `--listen-client-urls=${clientUrl}`, `--advertise-client-urls=${clientUrl}`,
          `--listen-peer-urls=${peerUrl}`, `--initial-advertise-peer-urls=${peerUrl}`, `--initial-cluster=old=${peerUrl}`,
          `--cert-file=${old.certFile}`, `--key-file=${old.keyFile}`],
      });
      await member.start();
      try {
        let found = 'ETCD_UNREACHABLE';
        for (let tries = 0; found === 'ETCD_UNREACHABLE' && tries < 100; tries++) {
          await new Promise(resolve => { setTimeout(resolve, 100); });
          found = await outcome(clientUrl, { caFile: tls.caFile });
        }
        assert.equal(found, 'ETCD_TLS_EXPIRED');
      } finally {
        await member.kill();
      }
    });

    it('plain HTTP where TLS is spoken, and the other way round', async () => {
      assert.equal(await outcome(url.replace('https', 'http'), undefined), 'ETCD_TLS_EXPECTED');
      assert.equal(await outcome((plain.members[0]?.clientUrl ?? '').replace('http', 'https'), tls), 'ETCD_TLS_NOT_SPOKEN');
    });

    it('the peer port with TLS in place of the client port', async () => {
      assert.equal(await outcome(cluster.members[0]?.peerUrl ?? '', tls), 'ETCD_NOT_ETCD');
    });

    it('certificate files that cannot be used', async () => {
      const { certFile, keyFile, caFile } = tls;
      assert.equal(await outcome(url, { caFile, certFile }), 'ETCD_TLS_FILES_INCOMPLETE');
      assert.equal(await outcome(url, { caFile, keyFile }), 'ETCD_TLS_FILES_INCOMPLETE');
      assert.equal(await outcome(url, { caFile, certFile, keyFile: `${keyFile}.no` }), 'FILE_UNREADABLE');
      assert.equal(await outcome(url, { caFile, certFile, keyFile: stranger.certificates?.client.keyFile ?? '' }), 'ETCD_TLS_KEY_MISMATCH');
      assert.equal(await outcome(url, { caFile, certFile, keyFile: certFile }), 'ETCD_TLS_FILE_INVALID');
      assert.equal(await outcome(url, { ...tls, caFile: keyFile }), 'ETCD_TLS_FILE_INVALID');
      for (const [name, form] of [['pkcs8.key', ['pkcs8', '-topk8']], ['sec1.key', ['ec', '-aes256']]] as const) {
        const locked = path.join(cluster.dir, name);
        await run('openssl', [...form, '-in', keyFile, '-out', locked, '-passout', 'pass:x']);
        assert.equal(await outcome(url, { caFile, certFile, keyFile: locked }), 'ETCD_TLS_KEY_ENCRYPTED', name);
      }
    });
  });
}

describe('what is no etcd at all is named', () => {
  it('nothing, silence, a stranger, a name that is none', async () => {
    await using silent = await listen(() => undefined);
    await using stranger = await listen(socket => { socket.end('SSH-2.0-OpenSSH_9.2\r\n'); });
    const [unused] = await freePorts(1);
    assert.equal(await outcome(`http://127.0.0.1:${unused ?? 0}`, undefined), 'ETCD_UNREACHABLE');
    assert.equal(await outcome(`http://127.0.0.1:${silent.port}`, undefined, 300), 'ETCD_NO_ANSWER');
    assert.equal(await outcome(`https://127.0.0.1:${silent.port}`, undefined, 300), 'ETCD_NO_ANSWER');
    assert.equal(await outcome(`https://127.0.0.1:${stranger.port}`, undefined), 'ETCD_TLS_NOT_SPOKEN');
    assert.equal(await outcome('http://no-such-host.invalid:2379', undefined), 'ETCD_HOST_UNKNOWN');
    assert.equal(await outcome('no endpoint', undefined), 'ETCD_BAD_ENDPOINT');
  });
});
