import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Lab, LabHost } from '../../../lab/lab.js';
import { codeOf } from '../../../src/core/errors.js';
import { lastEvents, type Entry, type RunRecord } from '../../../src/core/journal.js';
import { stepsOf, type Step } from '../../../src/core/plan.js';
import type { RestorePlan } from '../../../src/core/restore/planRestore.js';
import type { RunEnd } from '../../../src/core/runner.js';
import { beginRestore, digestOf } from '../../../src/node/restore/restoreRun.js';
import type { LabEditor } from './labRestore.js';

/** What can befall a host while a step runs there. */
export interface Fault {
  readonly name: string;
  /** Strikes, and resolves once the host can be reached again. */
  readonly strike: (lab: Lab, host: LabHost) => Promise<void>;
}

/** Milliseconds for which a host is cut off: so long that the editor notices, and so short that it still waits for what outlives a connection. */
const CUT = 45_000;

/** Ends what serves the connections to a host. */
const endSessions = 'for pid in $(pgrep -P "$(systemctl show -p MainPID --value ssh)"); do kill -9 "$pid"; done';

export const power: Fault = { name: 'a host loses power and boots', strike: async (lab, host) => {
  await lab.kill(host);
  await lab.boot(host);
} };

export const faults: readonly Fault[] = [
  power,
  { name: 'a host is cut from the network for a while', strike: async (lab, host) => {
    await lab.cut(host);
    await sleep(CUT);
    await lab.heal(host);
  } },
  { name: 'the connection to a host is lost', strike: async (lab, host) => {
    await lab.script(host, endSessions);
  } },
];

/** How a run went that was struck: to its end, or to errors that a person is told. */
export interface Struck {
  readonly victim: LabHost;
  readonly step: string;
  readonly end: RunEnd['end'] | 'rejected';
  readonly codes: readonly string[];
}

/** Begins a restore and strikes a host while the first step of a stage works there; returns when the run has stopped and the host is back. */
export async function restoreStruck(lab: Lab, editor: LabEditor, plan: RestorePlan, stage: string, fault: Fault): Promise<Struck> {
  const { step, victim } = target(lab, plan, stage);
  const entries: Entry[] = [];
  let struck: Promise<void> | undefined;
  const onEntry = (entry: Entry): void => {
    entries.push(entry);
    if (entry.event !== 'started' || entry.step !== step.id) return;
    struck ??= untilWorking(lab, victim, step, () => entries.some(each => each.event !== 'started' && 'step' in each && each.step === step.id)).then(() => fault.strike(lab, victim));
  };
  const end = await beginRestore(editor.context({ onEntry }), plan, digestOf(plan)).then(({ end: how }) => ({ how }), (error: unknown) => ({ how: 'rejected' as const, error }));
  assert(struck !== undefined, `the run never came to ${step.id}`);
  await struck;
  const failed = entries.flatMap(entry => entry.event === 'failed' ? [entry.code] : []);
  if ('error' in end && codeOf(end.error) === undefined) throw end.error;
  return { victim, step: step.id, end: end.how, codes: [...failed, ...'error' in end ? [String(codeOf(end.error))] : []] };
}

/** Waits until a step's script runs on its host, and then a second of those that take longer; a step without one works from its first line in the journal. */
async function untilWorking(lab: Lab, host: LabHost, { act }: Step, isOver: () => boolean): Promise<void> {
  if (act.do === 'expect' || act.do === 'upload') return;
  const runs = 'for dir in /run/etcd-recovery-*; do [ -e "/proc/$(cat "$dir/pid")/fd" ] && exit 0; done 2>/dev/null; exit 1';
  while (!isOver() && (await lab.script(host, runs, { anyCode: true })).code !== 0);
  for (let n = 0; act.do !== 'move' && n < 20 && !isOver(); n++) await sleep(50);
}

/** The first step of a stage on the last of its hosts; what concerns all of them strikes the first host. */
function target(lab: Lab, plan: RestorePlan, stage: string): { readonly step: Step; readonly victim: LabHost } {
  const steps = plan.stages.find(({ id }) => id === stage)?.steps ?? assert.fail(`the plan has no stage ${stage}`);
  const hostOf = ({ lane }: Step): LabHost | undefined => lab.hosts.find(({ name }) => name === lane);
  const victim = steps.findLast(step => hostOf(step) !== undefined);
  const [first] = lab.hosts, [any] = steps;
  assert(first !== undefined && any !== undefined);
  const step = steps.find(({ lane }) => lane === victim?.lane) ?? any;
  return { step, victim: hostOf(step) ?? first };
}

/**
 * What was stopped stays stopped, whatever became of its host: no pod whose manifest was parked and not put back runs, or has run
 * since the host's last boot; its manifest lies outside the manifest directory, byte for byte.
 */
export async function assertParkedIsDown(lab: Lab, record: RunRecord, rebooted?: LabHost): Promise<void> {
  const last = lastEvents(record.entries);
  const steps = stepsOf(record.opening.plan);
  for (const { id, act } of steps) {
    if (act.do !== 'park' || last.get(id) !== 'done') continue;
    const { pod } = act;
    const back = steps.find(each => each.act.do === 'putBack' && each.act.pod.host === pod.host && each.act.pod.name === pod.name);
    if (back !== undefined && last.has(back.id)) continue;
    const host = lab.host(pod.host);
    const { stdout } = await lab.script(host, `[ -e '${pod.manifest}' ] && echo placed; pgrep -x '${pod.process ?? 'etcd'}'; sha256sum <'${pod.parked}' | cut -c1-64`);
    assert.equal(stdout, `${pod.sha256}\n`, `${pod.name} on ${pod.host}`);
    if (rebooted?.name !== host.name) continue;
    const log = await lab.exec(host, ['journalctl', '-b', '-u', 'kubelet-stand-in', '--no-pager', '-o', 'cat']);
    assert.match(log.stdout, /kubelet stand-in: /);
    assert.doesNotMatch(log.stdout, new RegExp(`started container ${pod.name} `));
  }
}
