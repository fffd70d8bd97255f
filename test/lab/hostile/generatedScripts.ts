import assert from 'node:assert/strict';
import type { Lab, LabHost } from '../../../lab/lab.js';
import { shellFiles } from '../../../src/core/generate/shellFiles.js';
import { isPlainText } from '../../../src/core/host/shellWord.js';
import type { RestorePlan } from '../../../src/core/restore/planRestore.js';
import { changed, digestOf, planned } from '../../core/generate/generated.js';
import { podFactsOf } from '../../core/restore/podFixture.js';
import { oddFileName } from './hostileKinds.js';
import { plant, type Tree } from './tree.js';

const plain = (value: string): string => Array.from(value).filter(isPlainText).join('') || '$';

/** Puts values wherever a plan has a place for one, and has the host look by every generated script of its own; returns what then lies there. */
export async function lookWith(lab: Lab, host: LabHost, base: string, values: readonly string[]): Promise<Tree> {
  const [name = '', cluster = '', token = '', ...others] = values.map(plain), names = others.map(oddFileName), third = Math.ceil(names.length / 3);
  const [data, tools, manifests] = [0, 1, 2].map(at => names.slice(at * third, (at + 1) * third).join('/')) as [string, string, string];
  const words: readonly (readonly [string, string])[] = [
    ['/var/lib/etcd', `${base}/data/${data}`], ['/opt/3.5.30/etcdutl', `${base}/tools/${tools}/etcdutl`], ['/etc/kubernetes/manifests', `${base}/pods/${manifests}/manifests`],
    ['/etc/kubernetes/etcd-recovery', `${base}/pods/${manifests}/etcd-recovery`], ['prod-eu', cluster], ['cp-1', name], ['etcd-recovery-2026', token],
  ];
  const plan = changed(planned(podFactsOf(1)), text => text === 'SIZE' ? 8 : words.reduce((all, [from, to]) => all.replaceAll(from, () => to), text)) as RestorePlan;
  const files = Object.fromEntries(shellFiles(plan, digestOf(plan)).map(({ path, text }) => [`${base}/made/${path}`, text]));
  const tree: Tree = { ...files, [`${base}/data/${data}/member/snap/db`]: 'database', [`${base}/pods/${manifests}/manifests/etcd.yaml`]: 'none' };
  await plant(lab, host, tree);
  const { stdout } = await lab.overSsh(host, `cd '${base}/made/hosts' && for script in */[0-9]*.sh */take-back/[0-9]*.sh; do [ ! -f "$script" ] || { sh "./$script" look; echo "looked $script $?"; } done`);
  const looked = [...stdout.matchAll(/^looked \S+ (\d+)$/gm)].map(([, code]) => code);
  assert(looked.length >= 8 && looked.every(code => code === '0' || code === '70' || code === '75'), stdout.slice(-2000));
  const lock = `${base}/data/${data}/.recovery.lock`, owner = (await lab.exec(host, ['cat', lock])).stdout;
  assert.match(owner, /^generated scripts \(process \d+\)$/);
  return { ...tree, [lock]: owner, [`${base}/data/${data}/.recovery-step.lock`]: '' };
}
