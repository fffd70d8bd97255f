import type { Action } from '../../core/action.js';
import { KnownError, type Message } from '../../core/errors.js';
import { actionScript, type HostAction } from '../../core/host/actionScripts.js';
import type { DialingHost } from '../host/dialingHost.js';
import { failureOf } from '../../core/host/outcome.js';
import type { Clock } from '../../core/ports.js';
import type { Hands } from '../../core/runner.js';
import type { ConnectMember } from '../etcd/connectMember.js';
import { probe } from './probe.js';

/** The hosts by name. One behind SSH is connected to when it is first used. */
export interface Hosts {
  get(name: string): DialingHost | undefined;
}

export interface World {
  readonly hosts: Hosts;
  readonly connect: ConnectMember;
  readonly clock: Clock;
}

/** Milliseconds between two looks at what is waited for. */
const PAUSE = 250;

/** Acts on real hosts and asks real etcds. */
export const realHands = (world: World): Hands => ({
  perform: (action, signal, onOutput) => perform(world, action, signal, onOutput),
  holds: (question, signal) => probe(world, question, signal),
});

/** @throws KnownError HOST_UNKNOWN when a plan names a host that is not there. */
export function hostOf(world: Pick<World, 'hosts'>, name: string): DialingHost {
  const host = world.hosts.get(name);
  if (host === undefined) throw new KnownError('HOST_UNKNOWN', { host: name });
  return host;
}

async function perform(world: World, action: Action, signal: AbortSignal, onOutput: (text: string) => void): Promise<Message | undefined> {
  if (action.do === 'expect') return expectation(world, action, signal);
  const host = hostOf(world, hostNameOf(action));
  if (action.do === 'upload') {
    await host.upload(action.from, action.to, { signal, onProgress: bytes => { onOutput(`${bytes} of ${action.size} bytes\n`); } });
    return undefined;
  }
  // Only the long one may be cut short: a rename, a stop or a start half way would leave a question.
  const uninterrupted = new AbortController().signal;
  const outcome = await host.run(actionScript(action), { signal: action.do === 'stage' ? signal : uninterrupted, onOutput, outlives: true });
  if (outcome.code !== 0) throw failureOf(host.name, outcome);
  return undefined;
}

function hostNameOf(action: HostAction | Extract<Action, { readonly do: 'upload' }>): string {
  switch (action.do) {
    case 'stage':
    case 'upload': return action.host;
    case 'park':
    case 'putBack':
    case 'restartKubelet': return action.pod.host;
    case 'stop':
    case 'start':
    case 'move': return action.etcd.host;
  }
}

async function expectation(world: World, { probe: question, withinMs }: Extract<Action, { readonly do: 'expect' }>, signal: AbortSignal): Promise<Message | undefined> {
  const end = performance.now() + withinMs;
  for (;;) {
    const verdict = await probe(world, question, signal);
    if (verdict.holds) return verdict.note;
    // A different identity or content will not become the right one by waiting.
    if (isFinal(verdict.why.code) || performance.now() >= end) {
      throw new KnownError(verdict.why.code, verdict.why.args);
    }
    await world.clock.sleep(PAUSE, signal);
  }
}

const isFinal = (code: string): boolean => code === 'FILE_DIFFERS' || code === 'HASHKV_DIFFERS' || code === 'IDENTITY_DIFFERS';
