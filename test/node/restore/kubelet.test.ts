import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { actionScript } from '../../../src/core/host/actionScripts.js';
import { said } from '../../../src/core/host/outcome.js';
import { probeScript } from '../../../src/core/host/probeScripts.js';
import type { StaticPod } from '../../../src/core/probe.js';
import { localHost } from '../../../src/node/host/localHost.js';

const { signal } = new AbortController();

// In place of systemd, which runs in the lab's hosts only: it keeps the state of one unit in two files, and answers in systemd's words.
const systemctl = String.raw`#!/bin/sh
cd "$(dirname -- "$0")" || exit 1
echo "$*" >>calls
case "$1" in
  is-active) cat state; [ "$(cat state)" = active ];;
  show) echo "ActiveEnterTimestamp=$(date -d "@$(cat since)" '+%a %Y-%m-%d %H:%M:%S %Z')";;
  restart) [ "$(cat state)" != masked ] || { echo 'Failed to restart kubelet.service: Unit kubelet.service is masked.' >&2; exit 1; }
    date +%s >since; echo active >state;;
esac
`;

describe('the kubelet of a host', function () {
  this.timeout(60_000);
  let dir = '';
  const path = process.env['PATH'];
  const host = localHost('cp-1');
  const at = (name: string): string => join(dir, name);
  const pod = (): StaticPod => ({
    host: 'cp-1', name: 'etcd', manifest: at('etcd.yaml'), parked: at('parked.yaml'), sha256: 'a'.repeat(64),
    seen: { host: 'cp-1', dataDir: at('data'), memberDirs: ['member'], sockets: [] },
  });
  const holds = async (): Promise<string | undefined> => said((await host.run(probeScript({ is: 'kubeletRestarted', pod: pod() }), { signal })).stdout)?.code;
  const restart = () => host.run(actionScript({ do: 'restartKubelet', pod: pod(), withinMs: 5000 }), { signal });
  const restarts = async (): Promise<number> => (await readFile(at('calls'), 'utf8').catch(() => '')).split('\n').filter(line => line === 'restart kubelet.service').length;

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'kubelet-'));
    await mkdir(at('data'));
    await writeFile(at('systemctl'), systemctl);
    await chmod(at('systemctl'), 0o755);
    await writeFile(at('state'), 'active\n');
    await writeFile(at('since'), '1700000000\n');
    await writeFile(at('parked.yaml'), '');
    await rename(at('parked.yaml'), at('etcd.yaml'));
    process.env['PATH'] = `${dir}${delimiter}${path ?? ''}`;
  });
  afterEach(async () => {
    process.env['PATH'] = path;
    await rm(dir, { recursive: true, force: true });
  });

  it('counts as restarted only when it was started after etcd\'s manifest came back', async () => {
    assert.equal(await holds(), 'KUBELET_NOT_RESTARTED');
    assert.equal((await restart()).code, 0);
    assert.equal(await holds(), 'HOLDS');
    assert.equal(await restarts(), 1);
    await rename(at('etcd.yaml'), at('parked.yaml'));
    assert.equal(await holds(), 'PATH_MISSING');
    await new Promise(resolve => { setTimeout(resolve, 1100); });
    await rename(at('parked.yaml'), at('etcd.yaml'));
    assert.equal(await holds(), 'KUBELET_NOT_RESTARTED', 'of an earlier run it says nothing');
  });

  it('does not count as restarted while it is not active', async () => {
    assert.equal((await restart()).code, 0);
    await writeFile(at('state'), 'activating\n');
    assert.equal(await holds(), 'KUBELET_NOT_RESTARTED');
  });

  it('that cannot be restarted is a failure with systemd\'s own words', async () => {
    await writeFile(at('state'), 'masked\n');
    const outcome = await restart();
    assert.deepEqual([outcome.code, said(outcome.stdout)?.args['reason']], [70, 'Failed to restart kubelet.service: Unit kubelet.service is masked.']);
  });

  it('is left alone where the manifest is not in its place', async () => {
    await rename(at('etcd.yaml'), at('parked.yaml'));
    const outcome = await restart();
    assert.deepEqual([said(outcome.stdout)?.code, await restarts()], ['PATH_MISSING', 0]);
  });
});
