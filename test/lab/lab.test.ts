import assert from 'node:assert/strict';
import type { Lab, LabHost } from '../../lab/lab.js';
import { hostAt, labs, patience, untilEtcdRuns } from './labs.js';

describe('a lab of three control-plane hosts', function () {
  this.timeout(patience);
  const start = labs();
  let lab: Lab;
  let first: LabHost;
  let second: LabHost;
  let third: LabHost;

  before(async () => {
    lab = await start({ hosts: 3 });
    [first, second, third] = [hostAt(lab, 0), hostAt(lab, 1), hostAt(lab, 2)];
  });

  it('has three started members, and an API server that is ready on each host', async () => {
    const members = (await lab.etcdctl(['member', 'list'])).trim().split('\n').map(line => line.split(', '));
    assert.deepEqual(members.map(([, status, name]) => `${name ?? ''} ${status ?? ''}`).sort(), ['cp-1 started', 'cp-2 started', 'cp-3 started']);
    for (const host of lab.hosts)
      assert.equal(await lab.kubectl('--server', host.apiServer, 'get', '--raw', '/readyz'), 'ok');
    for (const host of lab.hosts) {
      assert.equal((await lab.exec(host, ['systemctl', 'is-system-running'])).stdout.trim(), 'running');
      assert.equal((await lab.exec(host, ['stat', '-c', '%a %U', '/var/lib/etcd', '/etc/kubernetes/manifests', '/etc/kubernetes/pki/etcd/server.key'])).stdout,
        '700 root\n700 root\n600 root\n');
    }
  });

  it('has the manifests that joining leaves: each knows the members of its own time only', async () => {
    const clusters = await Promise.all(lab.hosts.map(async host =>
      /--initial-cluster=(.*)/.exec((await lab.exec(host, ['cat', '/etc/kubernetes/manifests/etcd.yaml'])).stdout)?.[1]?.replaceAll(/=[^,]*/g, '')));
    assert.deepEqual(clusters, ['cp-1', 'cp-1,cp-2', 'cp-1,cp-2,cp-3']);
  });

  it('takes 2,000 objects through one API server, and shows them through another', async () => {
    await lab.objects(first).fill(2000);
    assert.equal(await lab.objects(third).count(), 2000);
    const keys = await lab.etcdctl(['get', '/registry/configmaps/default/filled-', '--prefix', '--count-only', '-w', 'fields']);
    assert.match(keys, /"Count" : 2000/);
    await lab.objects(second).clear();
    assert.equal(await lab.objects(first).count(), 0);
  });

  it('lets root in by its key, and gives sudo to one user by password and to another without', async () => {
    assert.equal((await lab.overSsh(first, 'hostname; id -un')).stdout, 'cp-1\nroot\n');
    assert.equal((await lab.overSsh(second, 'sudo -n id -un', { user: 'ops-nopass' })).stdout, 'root\n');
    assert.notEqual((await lab.overSsh(second, 'sudo -n id -un', { user: 'ops', anyCode: true })).code, 0);
    const asked = "sudo -S -k -p '' id -un";
    assert.equal((await lab.overSsh(second, asked, { user: 'ops', input: `${second.ssh.password}\n` })).stdout, 'root\n');
    assert.notEqual((await lab.overSsh(second, asked, { user: 'ops', input: 'wrong\n', anyCode: true })).code, 0);
  });

  // By the bits alone: a test that tried would set the clock of the whole machine on the day that it fails.
  it('leaves clock, kernel modules and raw memory to this machine, whatever way a host is entered', async () => {
    const machinesOwn = (1n << 25n) | (1n << 16n) | (1n << 17n);
    const show = 'cat /proc/1/status /proc/self/status; systemctl show -p MainPID --value containerd | xargs -I{} cat /proc/{}/status; cat /proc/$(pidof etcd)/status';
    for (const { stdout } of [await lab.script(first, show), await lab.overSsh(first, show)]) {
      const sets = [...stdout.matchAll(/^Cap(?:Prm|Eff|Bnd):\s+([0-9a-f]+)$/gm)].map(([, bits = '']) => BigInt(`0x${bits}`));
      assert.equal(sets.length, 12);
      assert.deepEqual(sets.filter(bits => (bits & machinesOwn) !== 0n), []);
    }
  });

  it('reboots a host that comes back with its data, its pods and its journal', async () => {
    await lab.etcdctl(['put', 'before', 'reboot']);
    await lab.exec(second, ['touch', '/root/kept']);
    const boot = async (): Promise<string> => (await lab.exec(second, ['journalctl', '--list-boots', '--no-pager', '-q'])).stdout.trim();
    const before = (await boot()).split('\n').length;
    await lab.reboot(second);
    await lab.untilEtcdHealthy();
    await lab.untilApiReady();
    assert.match(await lab.etcdctl(['get', 'before'], [second]), /reboot/);
    await lab.exec(second, ['test', '-e', '/root/kept']);
    assert.equal((await boot()).split('\n').length, before + 1);
  });

  it('kills a host in the middle of its work; the others go on, and it returns', async () => {
    await lab.kill(third);
    assert.equal(await lab.isUp(third), false);
    await assert.rejects(lab.exec(third, ['true']), /cp-3 is down/);
    await lab.etcdctl(['put', 'meanwhile', 'written'], [first, second]);
    await lab.boot(third);
    await lab.untilEtcdHealthy();
    assert.match(await lab.etcdctl(['get', 'meanwhile'], [third]), /written/);
  });

  it('cuts a host off: nobody reaches it, it reaches itself, and heals', async () => {
    await lab.cut(first);
    assert.notEqual((await lab.overSsh(first, 'true', { anyCode: true })).code, 0);
    await lab.etcdctl(['put', 'cut', 'off'], [second, third]);
    const alone = 'import urllib.request; print(urllib.request.urlopen("http://127.0.0.1:2381/health?serializable=true").read().decode())';
    assert.match((await lab.exec(first, ['python3', '-c', alone])).stdout, /"health":"true"/);
    assert.match((await lab.exec(first, ['ip', '-brief', 'address', 'show', 'host0'])).stdout, new RegExp(first.address.replaceAll('.', '\\.')));
    await lab.heal(first);
    await lab.untilEtcdHealthy();
    assert.match(await lab.etcdctl(['get', 'cut'], [first]), /off/);
  });

  it('stops etcd on a host whose manifest is moved out, and starts it when it is back', async () => {
    await lab.script(second, 'mv /etc/kubernetes/manifests/etcd.yaml /root/etcd.yaml');
    await untilEtcdRuns(lab, second, 0);
    await lab.etcdctl(['put', 'without', 'cp-2'], [first, third]);
    await lab.script(second, 'mv /root/etcd.yaml /etc/kubernetes/manifests/etcd.yaml');
    await lab.untilEtcdHealthy();
    assert.match(await lab.etcdctl(['get', 'without'], [second]), /cp-2/);
  });
});
