import type { Message, MessageArgs } from '../errors.js';
import type { Step } from '../plan.js';
import type { Probe, StaticPod } from '../probe.js';
import type { ManifestFacts } from './facts.js';
import { hexPort } from './sockets.js';
import { etcdOf } from './steps.js';
import type { MemberWork } from './stages.js';
import type { RestoreSubject } from './subject.js';
import type { StepTitleCode } from './titles.js';

const SECOND = 1000;
/** A pod has 30 seconds to end; an API server uses most of them, and the kubelet may look every 20 seconds only. */
const TO_END = 120 * SECOND;
/** The kubelet waits up to five minutes between two starts of a pod that failed. */
const TO_RUN = 330 * SECOND;
/** What the kernel keeps of a process's name. */
const COMM_BYTES = 15;

/** Pods of a control plane that act on what they have in memory: they stop before etcd does, and start after the API servers. */
export const controllers = ['kube-controller-manager', 'kube-scheduler'];

/** The etcd pod of a member that is run from a manifest. */
export const etcdPod = (subject: RestoreSubject, work: MemberWork, manifest: ManifestFacts): StaticPod =>
  podOf(subject, work, manifest, { name: 'etcd', seen: etcdOf(subject, work) });

/** A pod beside it on the same host. */
export const besidePod = (subject: RestoreSubject, work: MemberWork, manifest: ManifestFacts, name: string): StaticPod => {
  const { host, dataDir } = work.member;
  const sockets = manifest.api === undefined ? [] : [`*:${hexPort(manifest.api.port)}`];
  return { ...podOf(subject, work, manifest, { name, seen: { host, dataDir, memberDirs: [], sockets } }), process: manifest.command.slice(0, COMM_BYTES) };
};

const podOf = (subject: RestoreSubject, { member, pods }: MemberWork, manifest: ManifestFacts, own: Pick<StaticPod, 'name' | 'seen'>): StaticPod => {
  const dir = pods?.dir ?? '';
  return {
    host: member.host, ...own, manifest: `${dir}/${manifest.file}`, sha256: manifest.sha256,
    parked: `${dir.slice(0, dir.lastIndexOf('/'))}/etcd-recovery-${subject.run}/${manifest.file}`,
  };
};

/** Stops a pod. What did not run is parked as well, or the kubelet would start it half way; taking back does not wait for it. */
export const park = (pod: StaticPod, lane: string, ran: boolean): Step => ({
  id: `park-${pod.name}@${lane}`, lane, title: titled('STEP_PARK', { pod: pod.name, host: pod.host }),
  act: { do: 'park', pod, withinMs: TO_END }, done: { is: 'parked', pod },
  undo: { title: titled('STEP_PUT_BACK', { pod: pod.name, host: pod.host }), act: { do: 'putBack', pod, running: ran, withinMs: TO_RUN }, done: { is: 'placed', pod, running: ran } },
});

/** Starts a pod; of an API server that dies once more because etcd is not there yet, readiness is asked later. */
export const putBack = (pod: StaticPod, lane: string, running: boolean): Step => ({
  id: `put-back-${pod.name}@${lane}`, lane, title: titled('STEP_PUT_BACK', { pod: pod.name, host: pod.host }),
  act: { do: 'putBack', pod, running, withinMs: TO_RUN }, done: { is: 'placed', pod, running },
  undo: { title: titled('STEP_PARK', { pod: pod.name, host: pod.host }), act: { do: 'park', pod, withinMs: TO_END }, done: { is: 'parked', pod } },
});

/** Restarts the kubelet of a host: it may still act on what it saw before. Pods go on running meanwhile. */
export const restartKubelet = (pod: StaticPod, lane: string): Step => ({
  id: `restart-kubelet@${lane}`, lane, title: titled('STEP_RESTART_KUBELET', { host: pod.host }),
  act: { do: 'restartKubelet', pod, withinMs: TO_END }, done: { is: 'kubeletRestarted', pod }, undo: 'nothing',
});

/** The API server of a host serves. */
export function ready(work: MemberWork, manifest: ManifestFacts): readonly Step[] {
  const { api } = manifest;
  if (api === undefined) return [];
  const { host, name } = work.member;
  const done: Probe = { is: 'ready', host, port: api.port, tls: { caFile: api.caFile, serverName: api.serverName } };
  return [{
    id: `ready@${name}`, lane: name, title: titled('STEP_READY', { host }), act: { do: 'expect', probe: done, withinMs: TO_RUN }, done, undo: 'nothing',
  }];
}

const titled = (code: StepTitleCode, args: MessageArgs): Message<StepTitleCode> => ({ code, args });
