import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { StaticPod } from '../../../src/core/probe.js';
import { hands, perform, run, Scratch } from './scratch.js';

const signal = new AbortController().signal;
const text = 'apiVersion: v1\nkind: Pod\n# byte for byte\r\n\tétcd\n';

/** Does what the kubelet does: runs what lies in the directory, ends what does not; `start` and `end` are shell lines. */
async function kubelet(scratch: Scratch, manifest: string, start: string, notice = '[ -e "$1" ]'): Promise<void> {
  await scratch.child('/bin/bash', ['-c', `
    pid=
    echo ready
    while :; do
      if ${notice}; then
        if [ -z "$pid" ] || ! kill -0 "$pid" 2>/dev/null; then ${start} & pid=$!; fi
      elif [ -n "$pid" ]; then kill "$pid" 2>/dev/null; wait "$pid"; pid=; fi
      sleep 0.05
    done`, 'kubelet', manifest, join(scratch.dir, 'etcd/member/snap/db')]);
}

const holding = '( exec 3<>"$2"; flock 3; exec sleep 60 )';

async function podIn(scratch: Scratch): Promise<StaticPod> {
  const seen = await scratch.dataDir('etcd');
  const manifest = join(scratch.dir, 'manifests/etcd.yaml');
  await mkdir(join(scratch.dir, 'manifests'));
  await writeFile(manifest, text, { mode: 0o600 });
  return { host: 'local', name: 'etcd', manifest, parked: join(scratch.dir, `etcd-recovery-${run}/etcd.yaml`), sha256: createHash('sha256').update(text).digest('hex'), seen };
}

const park = (pod: StaticPod, withinMs = 10_000) => perform({ do: 'park', pod, withinMs });
const putBack = (pod: StaticPod, withinMs = 10_000, running = true) => perform({ do: 'putBack', pod, running, withinMs });
const runs = async (pod: StaticPod) => (await hands.holds({ is: 'placed', pod, running: true }, signal)).holds;
async function untilRuns(pod: StaticPod): Promise<void> {
  while (!await runs(pod)) await sleep(50);
}

describe('a static pod', function () {
  this.timeout(60_000);

  it('is stopped by moving its manifest away and started by moving it back, byte for byte', async () => {
    await using scratch = await Scratch.make();
    const pod = await podIn(scratch);
    await kubelet(scratch, pod.manifest, holding);
    await untilRuns(pod);
    await park(pod);
    assert.deepEqual(await readdir(join(scratch.dir, 'manifests')), []);
    assert.equal((await hands.holds({ is: 'parked', pod }, signal)).holds, true);
    assert.equal((await hands.holds({ is: 'stopped', ...pod.seen }, signal)).holds, true);
    await park(pod);
    await putBack(pod);
    assert.equal(await readFile(pod.manifest, 'utf8'), text);
    assert.deepEqual(await readdir(join(scratch.dir, `etcd-recovery-${run}`)), []);
    assert.equal((await hands.holds({ is: 'parked', pod }, signal)).holds, false);
    await putBack(pod);
    assert(await runs(pod));
  });

  it('whose manifest was changed since the plan is left alone', async () => {
    await using scratch = await Scratch.make();
    const pod = await podIn(scratch);
    await writeFile(pod.manifest, `${text}# changed\n`);
    await kubelet(scratch, pod.manifest, holding);
    await assert.rejects(park(pod), { code: 'MANIFEST_CHANGED', args: { host: 'local', path: pod.manifest } });
    assert.deepEqual(await readdir(join(scratch.dir, 'manifests')), ['etcd.yaml']);
  });

  it('that somebody put back is named, and neither manifest is overwritten', async () => {
    await using scratch = await Scratch.make();
    const pod = await podIn(scratch);
    await kubelet(scratch, pod.manifest, holding);
    await untilRuns(pod);
    await park(pod);
    await writeFile(pod.manifest, 'of a manager');
    for (const what of [park, putBack]) await assert.rejects(what(pod), { code: 'MANIFEST_RETURNED', args: { host: 'local', path: pod.manifest, parked: pod.parked } });
    const verdict = await hands.holds({ is: 'parked', pod }, signal);
    assert(!verdict.holds && verdict.why.code === 'MANIFEST_RETURNED');
    assert.deepEqual([await readFile(pod.manifest, 'utf8'), await readFile(pod.parked, 'utf8')], ['of a manager', text]);
  });

  it('that does not end is waited for, not for ever', async () => {
    await using scratch = await Scratch.make();
    const pod = await podIn(scratch);
    const holder = await scratch.hold(join(pod.seen.dataDir, 'member/snap/db'));
    await assert.rejects(park(pod, 1_000), (error: Error & { code?: string; args?: { pids: string } }) => error.code === 'STILL_RUNNING' && error.args?.pids.includes(String(holder.pid)) === true);
    const verdict = await hands.holds({ is: 'parked', pod }, signal);
    assert(!verdict.holds && verdict.why.code === 'STILL_RUNNING');
  });

  it('that nobody starts is named with its manifest', async () => {
    await using scratch = await Scratch.make();
    const pod = await podIn(scratch);
    await mkdir(join(scratch.dir, `etcd-recovery-${run}`));
    await rename(pod.manifest, pod.parked);
    await assert.rejects(putBack(pod, 2_000), { code: 'POD_NOT_BACK', args: { host: 'local', pod: 'etcd', path: pod.manifest, seconds: '2' } });
    assert.equal((await hands.holds({ is: 'placed', pod, running: false }, signal)).holds, true);
  });

  it('that a kubelet overlooks is put back once more', async () => {
    await using scratch = await Scratch.make();
    const pod = await podIn(scratch);
    await mkdir(join(scratch.dir, `etcd-recovery-${run}`));
    await rename(pod.manifest, pod.parked);
    // Takes notice of the manifest the second time only.
    await kubelet(scratch, pod.manifest, holding, 'if [ -e "$1" ]; then [ -n "$again" ]; else [ -n "$once" ] && again=yes; false; fi; seen=$?; [ -e "$1" ] && once=yes; [ "$seen" -eq 0 ]');
    await putBack(pod, 8_000);
    assert(await runs(pod));
  });

  it('that was down is put back without waiting for it', async () => {
    await using scratch = await Scratch.make();
    const pod = await podIn(scratch);
    await mkdir(join(scratch.dir, `etcd-recovery-${run}`));
    await rename(pod.manifest, pod.parked);
    await putBack(pod, 1_000, false);
    assert.deepEqual([await readFile(pod.manifest, 'utf8'), await runs(pod)], [text, false]);
  });

  it('which is known by its process goes on until that has ended, though its port is closed', async () => {
    await using scratch = await Scratch.make();
    const etcd = await podIn(scratch);
    const pod: StaticPod = { ...etcd, name: 'kube-apiserver', process: 'lingering-api', seen: { ...etcd.seen, memberDirs: [] } };
    const program = await scratch.script('lingering-api', 'echo ready; sleep 4; echo ended >"$0.ended"; exit 0');
    await scratch.child('/bin/sh', ['-c', 'exec "$1"', 'sh', program]);
    await park(pod);
    assert.equal(await readFile(`${program}.ended`, 'utf8'), 'ended\n');
  });
});
