import { argsOf, failureOf, isScriptCode, said } from '../../core/host/outcome.js';
import { probeScript, type HostProbe } from '../../core/host/probeScripts.js';
import type { Probe, Verdict } from '../../core/probe.js';
import { apiServerReady } from './apiServerReady.js';
import { etcdProbe } from './etcdProbe.js';
import { sameFileHere } from './sameFileHere.js';
import { hostOf, type World } from './hands.js';

/** Asks the world; see `Probe` for what each question means. */
export async function probe(world: World, question: Probe, signal: AbortSignal): Promise<Verdict> {
  switch (question.is) {
    case 'sameFile':
      return question.host === 'local' ? sameFileHere(question, signal) : hostProbe(world, question, signal);
    case 'exists':
    case 'absent':
    case 'folder':
    case 'stopped':
    case 'running':
    case 'parked':
    case 'placed':
    case 'kubeletRestarted':
      return hostProbe(world, question, signal);
    case 'ready':
      return apiServerReady(hostOf(world, question.host), question, signal);
    case 'identity':
    case 'hashKv':
    case 'healthy':
      return etcdProbe(world.connect, question, signal);
    case 'all': {
      for (const each of question.probes) {
        const verdict = await probe(world, each, signal);
        if (!verdict.holds) return verdict;
      }
      return { holds: true };
    }
  }
}

async function hostProbe(world: World, question: HostProbe, signal: AbortSignal): Promise<Verdict> {
  const host = hostOf(world, 'pod' in question ? question.pod.host : question.host);
  const outcome = await host.run(probeScript(question), { signal });
  const answer = said(outcome.stdout);
  if (outcome.code !== 0 || answer === undefined) throw failureOf(host.name, outcome);
  if (answer.code === 'HOLDS') return { holds: true };
  if (!isScriptCode(answer.code)) throw failureOf(host.name, outcome);
  return { holds: false, why: { code: answer.code, args: argsOf(host.name, answer) } };
}
