import assert from 'node:assert/strict';
import type { Lab, LabHost } from '../../lab/lab.js';
import { etcdPid, hostAt, labs, patience, standInLog, untilEtcdRuns, untilStandIn } from './labs.js';

const manifests = '/etc/kubernetes/manifests';

for (const runtime of ['containerd', 'podman'] as const) describe(`the kubelet stand-in, with ${runtime}`, function () {
  this.timeout(patience);
  const start = labs();
  let lab: Lab;
  let host: LabHost;

  before(async () => {
    lab = await start({ hosts: 1, runtime, withoutApiServer: true, fileCheckSeconds: 5 });
    host = hostAt(lab, 0);
  });
  afterEach(async () => {
    await lab.script(host, `for one in ${manifests}/etcd.yaml?* ${manifests}/.etcd.yaml /root/etcd.yaml; do [ ! -e "$one" ] || mv "$one" ${manifests}/etcd.yaml; done`);
    await lab.untilEtcdHealthy();
  });

  const pid = async (): Promise<number> => {
    const found = await etcdPid(lab, host);
    assert.ok(found !== undefined, 'etcd runs');
    return found;
  };
  const untilAnotherPid = (before: number): Promise<void> => untilStandIn(lab, host, 'another etcd is to run', async () => {
    const now = await etcdPid(lab, host);
    return now !== undefined && now !== before;
  });

  it('runs a manifest whatever its ending: a backup beside it is a pod too', async () => {
    const before = await pid();
    await lab.script(host, `cd ${manifests} && mv etcd.yaml etcd.yaml.bak`);
    await untilAnotherPid(before);
    assert.match(await standInLog(lab, host), /started container etcd of etcd\.yaml\.bak/);
  });

  it('leaves a file alone whose name begins with a dot', async () => {
    await lab.script(host, `cd ${manifests} && mv etcd.yaml .etcd.yaml`);
    await untilEtcdRuns(lab, host, 0);
  });

  it('of two files that define the same pod, runs the one whose name comes later', async () => {
    const before = await pid();
    await lab.script(host, `cd ${manifests} && sed 's/--snapshot-count=10000/--snapshot-count=10001/' etcd.yaml > /root/copy && mv /root/copy etcd.yaml.save`);
    await untilAnotherPid(before);
    const shown = await lab.script(host, 'tr "\\0" "\\n" < /proc/$(pidof etcd)/cmdline | grep snapshot-count');
    assert.equal(shown.stdout.trim(), '--snapshot-count=10001');
    const copy = await pid();
    await lab.script(host, `rm ${manifests}/etcd.yaml.save`);
    await untilAnotherPid(copy);
  });

  it('ends and starts a pod whose manifest changed, and not one whose comments changed', async () => {
    const before = await pid();
    await lab.script(host, `echo '# seen' >> ${manifests}/etcd.yaml && sleep 6`);
    assert.equal(await pid(), before);
    await lab.script(host, `sed -i 's/--snapshot-count=.*/--snapshot-count=9999/' ${manifests}/etcd.yaml`);
    await untilAnotherPid(before);
  });

  it('kills what does not end within its grace period', async () => {
    const before = await pid();
    await lab.script(host, `sed -i 's/^  hostNetwork: true/  terminationGracePeriodSeconds: 2\\n&/' ${manifests}/etcd.yaml`);
    await untilAnotherPid(before);
    await lab.untilEtcdHealthy();
    await lab.script(host, `kill -STOP $(pidof etcd) && mv ${manifests}/etcd.yaml /root/etcd.yaml`);
    await untilEtcdRuns(lab, host, 0);
    assert.match(await standInLog(lab, host), /killing container etcd/);
  });

  it('ends a container whose liveness probe fails, and starts it again', async () => {
    const quicker = ['s/failureThreshold: 8/failureThreshold: 3/', 's/initialDelaySeconds: .*/initialDelaySeconds: 0/', 's/periodSeconds: .*/periodSeconds: 1/', 's/timeoutSeconds: .*/timeoutSeconds: 2/'];
    const before = await pid();
    await lab.script(host, `sed -i -e '${quicker.join("' -e '")}' ${manifests}/etcd.yaml`);
    await untilAnotherPid(before);
    await lab.untilEtcdHealthy();
    const probed = await pid();
    await lab.exec(host, ['kill', '-STOP', String(probed)]);
    await untilAnotherPid(probed);
    assert.match(await standInLog(lab, host), /a probe of container etcd failed too often/);
  });

  it('starts what ended again, and counts the attempts in the names of the logs', async () => {
    const before = await pid();
    await lab.exec(host, ['kill', '-KILL', String(before)]);
    await untilAnotherPid(before);
    const logs = (await lab.script(host, 'ls /var/log/pods/kube-system_etcd-cp-1_*/etcd/')).stdout;
    assert.match(logs, /^1\.log$/m);
    await lab.untilEtcdHealthy();
    assert.match((await lab.script(host, 'cat /var/log/pods/kube-system_etcd-cp-1_*/etcd/1.log')).stdout, /^\d{4}-\d\d-\d\dT\S+ std(?:out|err) F .*etcd/m);
  });

  it('touches no pod when it is restarted itself', async () => {
    const before = await pid();
    await lab.exec(host, ['systemctl', 'restart', 'kubelet']);
    await lab.script(host, 'sleep 3');
    assert.equal(await pid(), before);
  });

  it('gives containers the labels by which a kubelet\'s are found', async () => {
    const labels = runtime === 'podman'
      ? (await lab.exec(host, ['podman', 'ps', '-q', '--filter', 'label=io.kubernetes.container.name=etcd'])).stdout
      : (await lab.exec(host, ['ctr', '-n', 'k8s.io', 'container', 'list', '-q', 'labels."io.kubernetes.container.name"==etcd'])).stdout;
    assert.match(labels.trim(), /^[0-9a-f]{12,}$/);
  });

  it('starts what is in the directory after a reboot', async () => {
    await lab.etcdctl(['put', 'before', 'reboot']);
    await lab.reboot(host);
    await lab.untilEtcdHealthy();
    assert.match(await lab.etcdctl(['get', 'before']), /reboot/);
  });
});
