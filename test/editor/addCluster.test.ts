import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { realClusters, type RealCluster } from '../etcd/realCluster.js';
import { realEditors, type RealEditor } from './realEditor.js';

/** A static-pod manifest as kubeadm writes one, for a member of a real cluster. */
const manifest = ({ members: [member] }: RealCluster): string => {
  assert.ok(member);
  return `apiVersion: v1
kind: Pod
metadata:
  name: etcd
  namespace: kube-system
spec:
  containers:
  - name: etcd
    image: registry.k8s.io/etcd:3.5.16-0
    command:
    - etcd
    - --name=${member.name}
    - --data-dir=/var/lib/etcd
    - --advertise-client-urls=${member.clientUrl}
    - --listen-client-urls=${member.clientUrl}
    - --initial-advertise-peer-urls=${member.peerUrl}
    - --listen-peer-urls=${member.peerUrl}
    - --initial-cluster=${member.name}=${member.peerUrl}
    volumeMounts:
    - mountPath: /var/lib/etcd
      name: etcd-data
  hostNetwork: true
  volumes:
  - hostPath:
      path: /srv/etcd
    name: etcd-data
`;
};

describe('Add Cluster', function () {
  this.timeout(180_000);
  const start = realClusters(), open = realEditors();
  let cluster: RealCluster, editor: RealEditor, folder: string;

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'etcd-add-'));
    cluster = await start({ size: 3 });
    await writeFile(path.join(folder, 'etcd.yaml'), manifest(cluster));
    await writeFile(path.join(folder, 'broken.yaml'), manifest(cluster).replace('    - etcd\n', '    - /bin/sh\n    - -c\n    - exec etcd $FLAGS\n'));
    editor = await open({ folder });
    await editor.window.openView();
  });

  after(() => rm(folder, { recursive: true, force: true }));

  const settings = async (): Promise<readonly Record<string, unknown>[]> => {
    const all: unknown = JSON.parse(await readFile(path.join(editor.profile.userDataDir, 'User/settings.json'), 'utf8'));
    return (all as Record<string, readonly Record<string, unknown>[]>)['etcdRecovery.clusters'] ?? [];
  };
  const prompt = (text: string): Promise<void> => editor.window.quickInput.locator('.quick-input-message').filter({ hasText: text }).waitFor();
  const answer = async (question: string, text?: string): Promise<void> => {
    await prompt(question);
    if (text !== undefined) await editor.window.quickInput.locator('input').fill(text);
    await editor.window.page.keyboard.press('Enter');
  };

  it('finds all members from one endpoint and asks only for what etcd cannot tell', async () => {
    const { window } = editor, [first] = cluster.members;
    assert.ok(first);
    await window.page.locator('.sidebar .welcome-view-content .monaco-button').getByText('Add Cluster…').click();
    await window.quickInput.getByText('Where is the cluster described?').or(window.quickInput.locator('input')).first().waitFor();
    await window.screenshot('add-cluster-source');
    await window.pick('Endpoints');
    await answer('Client URLs of etcd', 'not a url');
    await prompt('is not a client URL');
    await window.screenshot('add-cluster-refused');
    await window.quickInput.locator('input').fill(first.clientUrl);
    await window.page.keyboard.press('Enter');
    await answer('A name for the cluster of m', 'demo');
    await window.pick('Your Own Commands');
    await answer('The data directory of each member', path.join(cluster.dir, '{name}'));
    await answer('The command that starts', '/bin/sh -c "x" | y');
    await prompt('No shell runs this command, so "|" would mean nothing');
    await window.screenshot('add-cluster-shell');
    await window.quickInput.locator('input').fill(`/opt/etcd/start '{name}'`);
    await window.page.keyboard.press('Enter');
    await answer('The command that stops', '/opt/etcd/stop {name}');
    await window.row(/^demo.*healthy/).waitFor();
    const [added] = await settings();
    assert.deepEqual(added, {
      name: 'demo', run: 'commands',
      members: [...cluster.members].sort((a, b) => order(added, a.name) - order(added, b.name)).map(member => ({
        name: member.name, clientUrls: [member.clientUrl], peerUrls: [member.peerUrl], dataDir: path.join(cluster.dir, member.name),
        start: ['/opt/etcd/start', member.name], stop: ['/opt/etcd/stop', member.name],
      })),
    });
  });

  it('reads an open etcd.yaml and knows the way it is run and the data directory on the host', async () => {
    const { window } = editor;
    await window.rowMenu(/^demo/, 'Remove Cluster from Settings…');
    await window.answerModal('Remove demo');
    await window.page.locator('.sidebar .welcome-view-content').waitFor();
    await openFile('etcd.yaml');
    await window.run('etcd Recovery: Add Cluster…');
    await window.pick('Open Editor');
    await answer('A name for the cluster of m', 'prod');
    const [kind] = await window.quickEntries();
    assert.equal(kind, 'Static Pod');
    await window.page.keyboard.press('Enter');
    await prompt('The data directory (--data-dir) on each host');
    assert.equal(await window.quickInput.locator('input').inputValue(), '/srv/etcd');
    await window.screenshot('add-cluster-data-dir');
    await window.quickInput.locator('input').fill('/srv/etcd/{name}');
    await window.page.keyboard.press('Enter');
    await window.row(/^prod.*healthy/).waitFor();
    const [added] = await settings();
    assert.equal(added?.['run'], 'staticPod');
    assert.deepEqual((added['members'] as readonly { dataDir: string }[]).map(member => member.dataDir).sort(), ['/srv/etcd/m1', '/srv/etcd/m2', '/srv/etcd/m3']);
  });

  it('goes back to the question before, with its answer kept', async () => {
    const { window } = editor, [first] = cluster.members;
    assert.ok(first);
    await window.run('etcd Recovery: Add Cluster…');
    await window.pick('Endpoints');
    await answer('Client URLs of etcd', first.clientUrl);
    await answer('A name for the cluster', 'prod');
    await prompt('which name of prod has already');
    await answer('which name of prod has already', 'other');
    await window.pick('Your Own Commands');
    await prompt('The data directory of each member');
    await window.quickInput.getByRole('button', { name: /Back/ }).click();
    assert.ok((await window.quickEntries()).includes('Static Pod'));
    await window.quickInput.getByRole('button', { name: /Back/ }).click();
    await prompt('A name for the cluster');
    await window.page.keyboard.press('Escape');
    assert.equal((await settings()).length, 1);
  });

  it('refuses a manifest it cannot read safely, with the reason', async () => {
    const { window } = editor;
    await openFile('broken.yaml');
    await window.run('etcd Recovery: Add Cluster…');
    await window.pick('Open Editor');
    await window.toast(/shell/i).waitFor();
    await window.screenshot('add-cluster-refused-manifest');
    assert.equal((await settings()).length, 1);
  });

  it('logs no error', async () => {
    assert.deepEqual(await editor.errors(), []);
  });

  const openFile = async (name: string): Promise<void> => {
    const { window } = editor;
    await window.run('Go to File...');
    await window.quickInput.locator('input').first().fill(name);
    await window.quickInput.locator('.quick-input-list-entry').filter({ hasText: name }).first().click();
    await window.page.locator('.tab').filter({ hasText: name }).waitFor();
  };
});

/** The member list's order is etcd's own. */
const order = (added: Record<string, unknown> | undefined, name: string): number =>
  (added?.['members'] as readonly { name: string }[] | undefined)?.findIndex(member => member.name === name) ?? -1;
