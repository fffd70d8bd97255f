import type { Action } from '../action.js';
import type { Plan, Stage, Step } from '../plan.js';
import type { RestoreSubject } from '../restore/subject.js';
import type { EndpointOf, Probe } from '../probe.js';

/** The host of this machine, on which nothing needs a connection. */
export const here = 'local';

type RestoreLike = Pick<Plan<RestoreSubject>, 'subject'>;

/** The host at which a member is asked: its own, but for one whose TLS files lie on this machine. */
export const askedAt = ({ subject }: RestoreLike, { name, through, tls }: EndpointOf): string =>
  through ?? (tls === undefined ? subject.members.find(member => member.name === name)?.host ?? here : here);

/** The hosts on which a step is carried out: one, but for what is asked of all members. */
export const hostsOf = (plan: RestoreLike, step: Step): readonly string[] => [...new Set(actedOn(plan, step.act))];

function actedOn(plan: RestoreLike, act: Action): readonly string[] {
  switch (act.do) {
    case 'expect': return probedOn(plan, act.probe);
    case 'stage':
    case 'upload': return [act.host];
    case 'park':
    case 'putBack':
    case 'restartKubelet': return [act.pod.host];
    case 'stop':
    case 'start':
    case 'move': return [act.etcd.host];
  }
}

function probedOn(plan: RestoreLike, probe: Probe): readonly string[] {
  switch (probe.is) {
    case 'exists':
    case 'absent':
    case 'folder':
    case 'sameFile':
    case 'stopped':
    case 'running':
    case 'ready': return [probe.host];
    case 'parked':
    case 'placed':
    case 'kubeletRestarted': return [probe.pod.host];
    case 'identity':
    case 'healthy': return [askedAt(plan, probe.member)];
    case 'hashKv': return probe.members.map(member => askedAt(plan, member));
    case 'all': return probe.probes.flatMap(each => probedOn(plan, each));
  }
}

/** Whether a stage changes what runs or what it runs on; the others leave the old cluster as it is, or only look. */
export const disturbs = (stage: Pick<Stage, 'steps'>): boolean => stage.steps.some(({ act }) => changes(act));

function changes(act: Action): boolean {
  switch (act.do) {
    case 'expect':
    case 'stage':
    case 'upload': return false;
    case 'stop':
    case 'start':
    case 'move':
    case 'park':
    case 'putBack':
    case 'restartKubelet': return true;
  }
}
