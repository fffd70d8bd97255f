import type { Action } from '../action.js';
import type { Stage, Step } from '../plan.js';
import type { EndpointOf, Probe } from '../probe.js';

/** The host of this machine, on which nothing needs a connection. */
export const here = 'local';

/** The host at which an endpoint is asked. */
export const askedAt = ({ through }: EndpointOf): string => through ?? here;

/** The hosts on which a step is carried out: one, but for what is asked of all members. */
export const hostsOf = (step: Step): readonly string[] => [...new Set(actedOn(step.act))];

function actedOn(act: Action): readonly string[] {
  switch (act.do) {
    case 'expect': return probedOn(act.probe);
    case 'stage':
    case 'upload': return [act.host];
    case 'park':
    case 'putBack': return [act.pod.host];
    case 'stop':
    case 'start':
    case 'move': return [act.etcd.host];
  }
}

function probedOn(probe: Probe): readonly string[] {
  switch (probe.is) {
    case 'exists':
    case 'absent':
    case 'sameFile':
    case 'stopped':
    case 'running':
    case 'ready': return [probe.host];
    case 'parked':
    case 'placed': return [probe.pod.host];
    case 'identity':
    case 'healthy': return [askedAt(probe.member)];
    case 'hashKv': return probe.members.map(askedAt);
    case 'all': return probe.probes.flatMap(probedOn);
  }
}

/** The steps of a stage that a host has a part in. */
export const stepsOn = (stage: Stage, host: string): readonly Step[] => stage.steps.filter(step => hostsOf(step).includes(host));

/** Whether a stage changes what runs or what it runs on; the others leave the old cluster as it is, or only look. */
export const disturbs = (stage: Stage): boolean => stage.steps.some(({ act }) => changes(act));

function changes(act: Action): boolean {
  switch (act.do) {
    case 'expect':
    case 'stage':
    case 'upload': return false;
    case 'stop':
    case 'start':
    case 'move':
    case 'park':
    case 'putBack': return true;
  }
}
