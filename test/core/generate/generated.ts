import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { GeneratedFile } from '../../../src/core/generate/generatedFile.js';
import type { Plan } from '../../../src/core/plan.js';
import type { RestoreChoice, RestoreFacts } from '../../../src/core/restore/facts.js';
import { planRestore, type RestorePlan } from '../../../src/core/restore/planRestore.js';
import { onlyMember, withIpv6, withLeader } from '../restore/factsChanges.js';
import { choice, etcdutl, factsOf } from '../restore/factsFixture.js';
import { podFactsOf } from '../restore/podFixture.js';

export const digestOf = (plan: Plan): string => createHash('sha256').update(JSON.stringify(plan)).digest('hex');

export function planned(facts: RestoreFacts, more: Partial<RestoreChoice> = {}): RestorePlan {
  const result = planRestore(facts, { ...choice, ...more });
  assert('plan' in result, 'refused');
  return result.plan;
}

const runIn = ['podman', 'run', '--rm', '--network', 'host', '-v', '/var/lib/etcd:/var/lib/etcd', 'registry.k8s.io/etcd:3.5.30-0'];

/** Plans of every kind that is made. */
export const plans: Readonly<Record<string, RestorePlan>> = {
  'one-member': planned(factsOf(1)),
  'five-members-leader-in-the-middle': planned(withLeader(factsOf(5), 2)),
  'three-members-down-one-without-data': planned(factsOf(3, { down: true, gone: [2] })),
  'ipv6-peers': planned(withIpv6(factsOf(3))),
  'one-of-three-answers': planned(onlyMember(factsOf(3), 'm2')),
  'static-pods': planned(podFactsOf(3)),
  'static-pods-restarting-kubelets': planned(podFactsOf(2), { kubelets: 'restart' }),
  'static-pods-tool-in-the-image': planned({ ...podFactsOf(1), tools: new Map([['cp-1', [{ ...etcdutl('3.5.30'), path: 'etcdutl', runIn }]]]) }),
};

/** The same value with every text changed, and the size of the snapshot, which is asked for as `SIZE`. */
export function changed(value: unknown, change: (text: string) => string | number): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((each: unknown) => changed(each, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, name === 'size' && each === 20_000_032 ? change('SIZE') : changed(each, change)]));
}

/** Writes generated files below a folder. */
export function writeFiles(folder: string, files: readonly GeneratedFile[]): void {
  for (const { path, text, executable } of files) {
    const at = join(folder, path);
    mkdirSync(dirname(at), { recursive: true });
    writeFileSync(at, text);
    if (executable) chmodSync(at, 0o755);
  }
}
