import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { actionScript } from '../../../src/core/host/actionScripts.js';
import { probeScript } from '../../../src/core/host/probeScripts.js';
import { layoutOfPlan } from '../../../src/core/generate/shellFiles.js';
import { partOf } from '../../../src/core/generate/layout.js';
import type { Action } from '../../../src/core/action.js';
import type { Plan } from '../../../src/core/plan.js';
import type { Probe } from '../../../src/core/probe.js';
import type { RestorePlan } from '../../../src/core/restore/planRestore.js';
import { digestOf } from './generated.js';

/** What a generated script does, told by itself: the words of each call in order, with nothing carried out. */
export type Told = readonly string[];

/**
 * Runs the steps of a host script in a shell in which each call only prints its words. A word has no control characters, so tabs
 * and line ends tell them apart.
 */
export function toldBy(text: string): readonly Told[] {
  const steps = /\nsteps\(\) \{\n[\s\S]*?\n\}\n(?=\n# Nothing above)/.exec(text)?.[0];
  const main = /\n {2}(snapshot=.*)\n/.exec(text)?.[1] ?? '';
  assert(steps !== undefined, 'a script without steps');
  const harness = String.raw`out() { printf '%s\t' "$@"; printf '\n'; }
mode=run
ask() { out ask "$@"; }
act_by() { out act "$@"; }
unless() { out unless; "$1"; }
broken() { :; }
perform() { out perform "$@"; needed; out probe; probe; case "$4" in wait) ;; *) out act; why=; act; [ -z "$why" ] || out why "$(printf '%s' "$why" | tr '\t' ' ')";; esac; true; }
`;
  const { status, stdout, stderr } = spawnSync('/bin/sh', ['-s'], { input: `${harness}${main}\n${steps}\nsteps </dev/null\n`, encoding: 'utf8', cwd: '/' });
  assert.deepEqual([status, stderr], [0, '']);
  return stdout.split('\n').slice(0, -1).map(line => line.split('\t').slice(0, -1));
}

/** The text that a script has under a name, as the shell prints it. */
export function textIn(script: string, name: string): string {
  const functions = [...script.matchAll(/^text_\w+\(\) \{\n[\s\S]*?\nEND_OF_TEXT\n\}$/gm)].map(([found]) => found).join('\n');
  const { status, stdout, stderr } = spawnSync('/bin/sh', ['-s'], { input: `${functions}\ntext_${name} </dev/null\n`, encoding: 'utf8' });
  assert.deepEqual([status, stderr], [0, '']);
  return stdout;
}

/** The steps of a plan by the file and host that has them, as generated scripts should tell them. */
export function* expected(plan: RestorePlan): Generator<{ readonly way: Plan['kind']; readonly host: string; readonly file: string; readonly steps: readonly { readonly number: number; readonly id: string; readonly act: Action; readonly done: Probe }[] }> {
  const layout = layoutOfPlan(plan, digestOf(plan));
  for (const way of [layout.forward, layout.back]) {
    for (const stage of way.stages) {
      for (const host of stage.hosts) {
        const steps = partOf(way.plan, stage, host).map(({ step: { id, act, done }, number }) => ({ number, id, act, done }));
        yield { way: way.plan.kind, host, file: `hosts/${layout.folders.get(host) ?? ''}/${stage.file}`, steps };
      }
    }
  }
}

/** The words of an action's call: those that the editor sends with the text. */
export function wordsOf(act: Action): Told | undefined {
  switch (act.do) {
    case 'expect':
    case 'upload': return undefined;
    case 'stage':
    case 'stop':
    case 'start':
    case 'move':
    case 'park':
    case 'putBack':
    case 'restartKubelet': return ['act', act.do, ...actionScript(act).args];
  }
}

/** The words of a probe's calls, of those that a host answers; of others, what they are asked as. */
export function askedOf(probe: Probe): readonly Told[] {
  switch (probe.is) {
    case 'exists':
    case 'absent':
    case 'folder': return [['ask', 'path', ...probeScript(probe).args]];
    case 'sameFile': return [['ask', 'sameFile', ...probeScript(probe).args]];
    case 'stopped':
    case 'running': return [['ask', 'process', ...probeScript(probe).args]];
    case 'parked':
    case 'placed': return [['ask', 'pod', ...probeScript(probe).args]];
    case 'kubeletRestarted': return [['ask', 'kubelet', ...probeScript(probe).args]];
    case 'ready': return [['ask', 'ready', probe.host, String(probe.port), probe.tls.caFile, probe.tls.serverName]];
    case 'identity': return [['ask', 'etcd', 'identity', probe.member.name, probe.member.endpoint]];
    case 'healthy': return [['ask', 'etcd', 'healthy', probe.member.name, probe.member.endpoint]];
    case 'hashKv': return probe.members.map(member => ['ask', 'etcd', 'hashKv', member.name, member.endpoint]);
    case 'all': return probe.probes.flatMap(askedOf);
  }
}

/** Everything of both ways of a plan, so that a test can say that nothing is missing. */
export const bothWays = (plan: RestorePlan): readonly Plan[] => {
  const { forward, back } = layoutOfPlan(plan, digestOf(plan));
  return [forward.plan, back.plan];
};
