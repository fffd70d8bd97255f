import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { cgroupFolders } from '../../lab/cgroups.js';
import { run } from '../../lab/run.js';
import { knownLabs } from '../../lab/state.js';
import { takeDownOrphans } from '../../lab/takeDown.js';
import { etcdVersions } from '../../scripts/etcdVersions.js';
import { skip } from '../skip.js';
import { hostAt, labs, patience } from './labs.js';

describe('labs beside each other', function () {
  this.timeout(patience);
  const start = labs();

  for (const line of ['3.4', '3.6', '3.7'])
    it(`run etcd ${line}, with the API server`, async function () {
      const found = etcdVersions().findLast(({ version }) => version.startsWith(`${line}.`));
      if (found === undefined) skip(this, 'this line of etcd is not at hand: scripts/setup.sh fetches or builds it where it can');
      const lab = await start({ hosts: 1, etcd: found.version });
      await lab.objects().fill(10, { prefix: 'few' });
      assert.equal(await lab.objects().count('few'), 10);
      assert.match(await lab.etcdctl(['endpoint', 'status']), new RegExp(`, ${found.version.replaceAll('.', '\\.')}, `));
    });

  it('share neither names nor addresses nor processes', async () => {
    const [one, other] = await Promise.all([start({ hosts: 1, withoutApiServer: true }), start({ hosts: 1, withoutApiServer: true })]);
    assert.notEqual(one.name, other.name);
    assert.notEqual(hostAt(one, 0).address, hostAt(other, 0).address);
    await one.etcdctl(['put', 'whose', 'one']);
    assert.equal(await other.etcdctl(['get', 'whose']), '');
    await one.exec(hostAt(one, 0), ['systemctl', 'stop', 'ssh']);
    assert.equal((await other.overSsh(hostAt(other, 0), 'systemctl is-active ssh')).stdout.trim(), 'active');
  });

  it('fill the disk of a host that has one of its own', async () => {
    const lab = await start({ hosts: 1, withoutApiServer: true, diskMegabytes: 300 });
    const host = hostAt(lab, 0);
    await lab.fillDisk(host);
    const write = 'head -c 1000000 /dev/zero > /var/lib/etcd/more';
    assert.match((await lab.script(host, write, { anyCode: true })).stderr, /No space left on device/);
    await lab.clearDisk(host);
    await lab.script(host, write);
  });

  it('leave nothing behind when they are taken down', async () => {
    const lab = await start({ hosts: 1, withoutApiServer: true });
    const [state] = (await knownLabs()).filter(({ name }) => name === lab.name);
    const machine = state?.hosts[0]?.machine ?? '';
    await lab[Symbol.asyncDispose]();
    assert.equal(existsSync(lab.folder), false);
    assert.doesNotMatch(readFileSync('/proc/self/mounts', 'utf8'), new RegExp(`${lab.name}/`));
    assert.doesNotMatch((await run(['ip', 'link'])).stdout, new RegExp(`\\b${lab.name}:|${machine}`));
    assert.doesNotMatch((await run(['ps', '-eo', 'args'])).stdout, new RegExp(`-M ${machine}\\b`));
    assert.deepEqual((await cgroupFolders(machine)).filter(folder => existsSync(folder)), []);
  });

  it('go when the process is gone that made them', async () => {
    const lab = await start({ hosts: 1, withoutApiServer: true });
    const file = path.join(lab.folder, 'lab.json');
    await writeFile(file, readFileSync(file, 'utf8').replace(/"started": "\d+"/, '"started": "1"'));
    assert.ok((await takeDownOrphans()).some(({ name }) => name === lab.name));
    assert.equal(existsSync(lab.folder), false);
  });
});
