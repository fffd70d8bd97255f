import type { Action } from '../action.js';
import { actionScript } from '../host/actionScripts.js';
import type { HostScript } from '../host/host.js';
import { prelude } from '../host/prelude.js';
import { probeScript } from '../host/probeScripts.js';
import { shellWord } from '../host/shellWord.js';
import type { Plan } from '../plan.js';
import type { EndpointOf, Probe } from '../probe.js';
import type { RestoreSubject } from '../restore/subject.js';
import { etcdText } from './etcdText.js';
import { askedAt, here } from './places.js';
import { readyText } from './readyText.js';
import { toolWords } from './toolWords.js';

/** A line of shell, and the texts that it runs by their names. */
export interface Call {
  readonly line: string;
  readonly texts: ReadonlyMap<string, string>;
}

/** For which host a line is made, and of which plan. */
export interface Setting {
  readonly plan: Plan<RestoreSubject>;
  readonly host: string;
}

/** The line that asks a probe, or as much of it as concerns the host: 0 it holds, 1 it does not, 2 nobody can tell, 3 it cannot be asked. */
export function probeCall(setting: Setting, probe: Probe): Call {
  switch (probe.is) {
    case 'exists':
    case 'absent':
    case 'folder': return call(setting, 'ask', 'path', probeScript(probe));
    case 'sameFile': return call(setting, 'ask', 'sameFile', probeScript(probe));
    case 'stopped':
    case 'running': return call(setting, 'ask', 'process', probeScript(probe));
    case 'parked':
    case 'placed': return call(setting, 'ask', 'pod', probeScript(probe));
    case 'kubeletRestarted': return call(setting, 'ask', 'kubelet', probeScript(probe));
    case 'ready': return call(setting, 'ask', 'ready', { text: prelude + readyText, args: [probe.host, String(probe.port), probe.tls.caFile, probe.tls.serverName] });
    case 'identity': return etcdCall(setting, 'identity', probe.member, [decimal(probe.clusterId), decimal(probe.memberId), probe.orSilent === true ? 'orSilent' : '']);
    case 'healthy': return etcdCall(setting, 'healthy', probe.member, ['', '', '']);
    case 'hashKv': return all(probe.members.filter(member => askedAt(setting.plan, member) === setting.host).map(member => etcdCall(setting, 'hashKv', member, [probe.revision, String(probe.hash), ''])));
    case 'all': return all(probe.probes.map(each => probeCall(setting, each)));
  }
}

/** The line that acts. An expectation is waited for by whoever performs the step, and an upload comes from elsewhere. */
export function actionCall(setting: Setting, act: Action): Call | undefined {
  switch (act.do) {
    case 'expect': return undefined;
    case 'upload': return { line: `why=$(printf '@NOT_UPLOADED\\tpath=%s' ${shellWord(act.to)}); return 1`, texts: new Map() };
    case 'stage':
    case 'stop':
    case 'start':
    case 'move':
    case 'park':
    case 'putBack':
    case 'restartKubelet': return call(setting, 'act_by', act.do, actionScript(act));
  }
}

/** A call of a text with its arguments, each as one word. */
export function call({ plan, host }: Setting, by: string, name: string, { text, args }: HostScript): Call {
  // On the machine that has the snapshot, it may lie elsewhere than where it lay when this was planned.
  const word = (value: string): string => host === here && value === plan.subject.snapshot.path ? '"$snapshot"' : shellWord(value);
  return { line: [by, name, ...args.map(word)].join(' '), texts: new Map([[name, text]]) };
}

const all = (calls: readonly Call[]): Call => ({ line: calls.map(({ line }) => line).join(' &&\n    '), texts: new Map(calls.flatMap(({ texts }) => [...texts])) });

/** An id's hexadecimal text as a decimal number, as etcdctl's JSON has it. */
const decimal = (hex: string): string => /^[0-9a-f]{1,16}$/i.test(hex) ? BigInt(`0x${hex}`).toString() : hex;

function etcdCall(setting: Setting, what: string, member: EndpointOf, [one = '', two = '', silence = '']: readonly string[]): Call {
  const { tls } = member;
  const { etcdctl, container } = toolWords(setting, member, tls);
  const args = [what, member.name, member.endpoint, tls?.caFile ?? '', tls?.certFile ?? '', tls?.keyFile ?? '', tls?.serverName ?? '', one, two, silence, etcdctl, ...container];
  return call(setting, 'ask', 'etcd', { text: prelude + etcdText, args });
}
