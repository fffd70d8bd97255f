import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { ansibleFiles } from '../../../src/core/generate/ansibleFiles.js';
import { shellFiles } from '../../../src/core/generate/shellFiles.js';
import { digestOf } from '../../../src/node/restore/restoreRun.js';
import type { Lab } from '../../../lab/lab.js';
import { findProgram } from '../../../scripts/findProgram.js';
import { writeFiles } from '../../core/generate/generated.js';
import { skip } from '../../skip.js';
import { hostAt, labs, patience } from '../labs.js';
import { LabEditor } from './labRestore.js';

const OBJECTS = 100;

describe('a generated restore of static pods on three hosts', function () {
  this.timeout(3 * patience);
  const start = labs();
  let lab: Lab;

  before(async () => { lab = await start({ hosts: 3 }); });

  const run = async (argv: readonly string[], cwd: string, input: string): Promise<void> => {
    const [command = '', ...args] = argv;
    const child = spawn(command, args, { cwd, stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, SSH: `ssh -F ${hostAt(lab, 0).ssh.configFile}`, SUDO: '', ANSIBLE_HOST_KEY_CHECKING: 'True', ANSIBLE_SSH_ARGS: `-F ${hostAt(lab, 0).ssh.configFile}` } });
    child.stdin.end(input);
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
    assert.equal(child.exitCode, 0, `${stdout.slice(-3000)}\n${stderr.slice(-3000)}`);
  };

  it('by the shell scripts alone brings every object back, and takes that back', async () => {
    await using editor = await LabEditor.open(lab);
    await lab.objects().fill(OBJECTS);
    const snapshot = await editor.snapshot('scripts');
    await lab.objects().clear();
    const before = await editor.identities(), manifests = await editor.manifests();
    const plan = await editor.plan(snapshot, 'lab-scripts-run');
    const folder = path.join(editor.folder, 'scripts');
    await mkdir(folder);
    writeFiles(folder, shellFiles(plan, digestOf(plan)));
    await run(['sh', 'restore.sh'], folder, `${plan.cluster}\n`);
    for (const host of lab.hosts) assert.equal(await lab.objects(host).count(), OBJECTS, host.name);
    assert.deepEqual((await editor.identities()).map(({ memberId }) => memberId.toString(16)), editor.cluster.members.map(({ name }) => plan.subject.foretold.memberIds[name]));
    await run(['sh', 'take-back.sh'], folder, `${plan.cluster}\n`);
    await lab.untilApiReady();
    assert.deepEqual((await editor.identities()).map(({ memberId, clusterId }) => [memberId, clusterId]), before.map(({ memberId, clusterId }) => [memberId, clusterId]));
    assert.deepEqual(await editor.manifests(), manifests);
    assert.equal(await lab.objects().count(), 0);
  });

  it('by the playbook brings every object back', async function () {
    if (findProgram('ansible-playbook') === undefined) skip(this, 'ansible is not installed: scripts/setup.sh installs it');
    await using editor = await LabEditor.open(lab);
    await lab.objects().fill(OBJECTS);
    const snapshot = await editor.snapshot('playbook');
    await lab.objects().clear();
    const plan = await editor.plan(snapshot, 'lab-playbook-run');
    const folder = path.join(editor.folder, 'playbook');
    await mkdir(folder);
    writeFiles(folder, ansibleFiles(plan, digestOf(plan)));
    await run(['ansible-playbook', '-i', 'inventory.ini', 'restore.yml', '-e', `typed_cluster=${plan.cluster}`, '-e', 'ansible_user=root'], folder, '');
    for (const host of lab.hosts) assert.equal(await lab.objects(host).count(), OBJECTS, host.name);
  });
});
