import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { etcdVersions } from '../../../scripts/etcdVersions.js';
import { ansibleFiles } from '../../../src/core/generate/ansibleFiles.js';
import { digestOf } from '../../../src/node/restore/restoreRun.js';
import { writeFiles } from '../../core/generate/generated.js';
import { skip } from '../../skip.js';
import { startCommandCluster, writeKeys } from '../restore/commandCluster.js';
import { checkRestored, holders, KEYS, seen } from './scene.js';
import { onHosts, planOn } from './scriptRun.js';

const newest35 = etcdVersions().findLast(({ version }) => version.startsWith('3.5'));
const names = ['m1', 'm2', 'm3'];

/** Runs a playbook on hosts that are all this machine. */
async function play(folder: string, book: string, typed: string): Promise<{ readonly code: number | null; readonly text: string }> {
  const child = spawn('ansible-playbook', ['-i', 'inventory.ini', book, '-e', 'ansible_connection=local', '-e', 'ansible_become=false', '-e', `typed_cluster=${typed}`],
    { cwd: folder, env: { ...process.env, HOME: folder, ANSIBLE_LOCALHOST_WARNING: 'false' }, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (chunk: string) => { text += chunk; });
  const code = await new Promise<number | null>(resolve => child.on('exit', resolve));
  return { code, text };
}

if (newest35 !== undefined) describe('a generated playbook', function () {
  this.timeout(400_000);
  before(function () {
    if (spawnSync('ansible-playbook', ['--version']).status !== 0) skip(this, 'Ansible is not installed: scripts/setup.sh installs it');
  });

  it('stops nothing for another name, restores as foretold, changes nothing when run again, and takes it back', async () => {
    await using cluster = await startCommandCluster(newest35, 3);
    await writeKeys(cluster, newest35, KEYS, 'before');
    await cluster.etcdctl(['snapshot', 'save', join(cluster.dir, 'snapshots/demo.db')], ['m1']);
    await cluster.etcdctl(['put', '/later', 'written after the snapshot'], ['m1']);
    const before = await seen(cluster, names);
    const plan = await planOn(cluster, onHosts(cluster), newest35, '20261122t030000z-aaaa');
    const folder = join(cluster.dir, 'playbook');
    writeFiles(folder, ansibleFiles(plan, digestOf(plan)));

    const refused = await play(folder, 'restore.yml', 'Demo');
    assert.notEqual(refused.code, 0, refused.text);
    assert.match(refused.text, /That is not the name of the cluster/);
    assert.deepEqual(await seen(cluster, names), before);

    const restored = await play(folder, 'restore.yml', 'demo');
    assert.equal(restored.code, 0, restored.text);
    await checkRestored(cluster, plan, names);

    const again = await play(folder, 'restore.yml', 'demo');
    assert.equal(again.code, 0, again.text);
    await checkRestored(cluster, plan, names);

    const back = await play(folder, 'take-back.yml', 'demo');
    assert.equal(back.code, 0, back.text);
    assert.deepEqual(await seen(cluster, names), before);
    assert.deepEqual(await holders(cluster), []);
  });
});
