import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { lockDataDirs, operator, type DataDirLock } from '../../src/node/restore/lock.js';
import { isWorkedOn } from '../../src/node/restore/isWorkedOn.js';
import type { SshHost, SshHosts } from '../../src/node/ssh/sshHosts.lazy.js';
import { hostEntry, hostsWith, never, openPlace, startSshd, type Place, type RealSshd } from './realSshd.js';

/** What lies between, and can go without the host's noticing: its end of each connection stays open. */
interface Between {
  readonly server: Server;
  /** Ends the editor's side of every connection. */
  cut(): void;
  close(): void;
}

function between(port: number): Between {
  const near = new Set<Socket>(), far = new Set<Socket>();
  const server = createServer(client => {
    const host = connect(port, '127.0.0.1');
    near.add(client);
    far.add(host);
    client.on('data', piece => host.write(piece)).on('error', () => undefined).on('close', () => near.delete(client));
    host.on('data', piece => client.write(piece)).on('error', () => undefined).on('close', () => { client.destroy(); });
  }).listen(0, '127.0.0.1');
  const cut = (): void => { for (const socket of near) socket.destroy(); };
  return { server, cut, close: () => {
    cut();
    for (const socket of far) socket.destroy();
    server.close();
  } };
}

describe('a lock on a host whose connection is lost', function () {
  this.timeout(90_000);
  let place: Place, sshd: RealSshd, way: Between, hosts: SshHosts, host: SshHost;
  let dataDir = '', lock: DataDirLock;
  let runs = 0;

  before(async () => {
    place = await openPlace();
    await place.key('key');
    sshd = await startSshd(place, { authorized: await place.read('key.pub') });
    way = between(sshd.port);
    await new Promise(resolve => way.server.once('listening', resolve));
    const { port } = way.server.address() as AddressInfo;
    await place.write('known', sshd.known.replace(`:${sshd.port} `, `:${port} `));
    hosts = await hostsWith(place, hostEntry('cp-1', port, { IdentityFile: place.at('key'), UserKnownHostsFile: place.at('known') }));
    host = await hosts.host('cp-1', { sudo: 'auto' }, never);
  });

  after(async () => {
    await hosts.close();
    way.close();
    await sshd[Symbol.asyncDispose]();
    await place[Symbol.asyncDispose]();
  });

  beforeEach(async () => {
    dataDir = place.at(`data-${++runs}`);
    await mkdir(dataDir);
    lock = await lockDataDirs([dataDir], 'first', host);
  });

  afterEach(() => lock[Symbol.asyncDispose]());

  /** Writes whether the lock is held while a script runs. */
  const look = { text: 'if flock -n "$1" true; then echo free; else echo held; fi; touch "$2"', args: [] };
  const looked = async (): Promise<string> =>
    (await host.behind(lock.held).run({ ...look, args: [`${dataDir}/.recovery.lock`, `${dataDir}/canary`] }, { signal: never })).stdout.trim();
  const untouched = (): void => { assert.equal(existsSync(`${dataDir}/canary`), false); };
  const others = async (): Promise<DataDirLock> => {
    for (;;) {
      try {
        return await lockDataDirs([dataDir], 'second');
      } catch (error) {
        assert.equal((error as { code?: string }).code, 'LOCKED_BY_OTHER');
        await new Promise(resolve => { setTimeout(resolve, 100); });
      }
    }
  };
  const owner = (since: string): string => `${operator()} (process ${process.pid}, ${since})`;

  it('is taken anew before anything more runs there', async () => {
    assert.equal(await looked(), 'held');
    for (let n = 0; n < 3; n++) {
      await sshd.cut();
      assert.equal(await looked(), 'held');
    }
    await assert.rejects(lockDataDirs([dataDir], 'second'), { code: 'LOCKED_BY_OTHER' });
  });

  it('is taken anew from a holder that the host has not noticed to be cut off', async () => {
    for (let n = 0; n < 3; n++) {
      way.cut();
      assert.equal(await looked(), 'held');
    }
  });

  it('is taken anew while a script that outlives the connection runs on', async () => {
    const begun = Promise.withResolvers<string>();
    const text = 'echo begun; until [ -e "$1" ]; do sleep 0.1; done; if flock -n "$2" true; then echo free; else echo held; fi';
    const run = host.behind(lock.held).run({ text, args: [`${dataDir}/go`, `${dataDir}/.recovery.lock`] }, { signal: never, outlives: true, onOutput: begun.resolve });
    await begun.promise;
    await sshd.cut();
    for (const wanted of [false, true]) while (await isWorkedOn([dataDir]) !== wanted) await new Promise(resolve => { setTimeout(resolve, 20); });
    await writeFile(`${dataDir}/go`, '');
    assert.equal((await run).stdout, 'begun\nheld\n');
  });

  it('keeps the run from all that would follow when somebody else has it, who is named', async () => {
    await sshd.cut();
    await using other = await others();
    await assert.rejects(looked(), { code: 'LOCKED_BY_OTHER', args: { host: 'cp-1', dataDir, owner: owner('second') } });
    await writeFile(`${dataDir}/journal`, '');
    for (const change of [host.behind(lock.held).append(`${dataDir}/journal`, 'x'), host.behind(lock.held).write(`${dataDir}/journal`, 'x')])
      await assert.rejects(change, { code: 'LOCKED_BY_OTHER' });
    assert.equal(await readFile(`${dataDir}/journal`, 'utf8'), '');
    untouched();
    await other.held();
  });

  it('keeps the run from all that would follow when somebody else came and went, who is named', async () => {
    await sshd.cut();
    await (await others())[Symbol.asyncDispose]();
    for (let n = 0; n < 2; n++) await assert.rejects(looked(), { code: 'TAKEN_OVER', args: { host: 'cp-1', dataDir, owner: owner('second') } });
    untouched();
  });

  it('is free for others once the host has heard nothing for a while', async () => {
    way.cut();
    await (await others())[Symbol.asyncDispose]();
  });
});
