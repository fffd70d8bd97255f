import type { Stage, Step } from '../plan.js';
import type { ManifestFacts, RestoreChoice } from './facts.js';
import * as pods from './podSteps.js';
import { stage, type MemberWork } from './stages.js';
import type { RestoreSubject } from './subject.js';

/** What static pods add to a restore. */
export interface PodStages {
  /** Every API server, and who acts on what it has in memory, stops before the first etcd does. */
  readonly before: readonly Stage[];
  readonly etcd: { readonly stop: (work: MemberWork) => Step; readonly start: (work: MemberWork) => Step };
  /** API servers start once every etcd is who it should be; who asks them starts once they serve. Kubelets come last, where that was chosen. */
  readonly after: readonly Stage[];
}

/** The stages of a cluster whose etcd runs in static pods; undefined for any other. */
export function podStages(subject: RestoreSubject, work: readonly MemberWork[], kubelets?: RestoreChoice['kubelets']): PodStages | undefined {
  if (work.some(({ pods: found }) => found === undefined)) return undefined;
  const on = (names: readonly string[], make: (one: MemberWork, manifest: ManifestFacts, name: string) => readonly Step[]) =>
    work.flatMap(one => names.flatMap(name => manifestOf(one, name).flatMap(manifest => make(one, manifest, name))));
  const parked = (names: readonly string[]) => on(names, (one, manifest, name) => [pods.park(pods.besidePod(subject, one, manifest, name), one.member.name, false)]);
  const placed = (names: readonly string[]) => on(names, (one, manifest, name) => [pods.putBack(pods.besidePod(subject, one, manifest, name), one.member.name, false)]);
  return {
    before: [
      stage('stop-api', 'STAGE_STOP_API', 'STAGE_UNDO_STOP_API', parked([...pods.controllers, apiServer])),
    ],
    etcd: {
      stop: one => pods.park(etcdPodOf(subject, one), one.member.name, ran(one)),
      // One after the other: with kubeadm's initial corruption check, each asks the others for their hash before it answers itself, and
      // those that begin together wait for each other until that times out, 7 seconds for each of them.
      start: one => ({ ...pods.putBack(etcdPodOf(subject, one), one.member.name, true), lane: 'etcd' }),
    },
    after: [
      stage('start-api', 'STAGE_START_API', 'STAGE_UNDO_START_API', placed([apiServer])),
      stage('ready', 'STAGE_READY', 'STAGE_NOTHING_TO_UNDO', on([apiServer], pods.ready)),
      stage('start-controllers', 'STAGE_START_CONTROLLERS', 'STAGE_UNDO_START_CONTROLLERS', placed(pods.controllers)),
      stage('restart-kubelets', 'STAGE_RESTART_KUBELETS', 'STAGE_NOTHING_TO_UNDO', kubelets === undefined ? [] : work.map(one => pods.restartKubelet(etcdPodOf(subject, one), one.member.name))),
    ],
  };
}

/** The name of an API server's static pod. */
export const apiServer = 'kube-apiserver';

/** The manifest of a pod on a member's host; a host need not have it. */
export const manifestOf = ({ pods: found }: Pick<MemberWork, 'pods'>, name: string): readonly ManifestFacts[] =>
  found?.manifests.filter(({ pod }) => pod === name).slice(0, 1) ?? [];

/** Whether taking back waits until it runs again: what was down before may have been down for a reason. */
const ran = ({ member }: MemberWork): boolean => member.before !== undefined && member.oldData !== undefined;

function etcdPodOf(subject: RestoreSubject, work: MemberWork) {
  const [manifest] = manifestOf(work, 'etcd');
  // A plan without it is refused before.
  if (manifest === undefined) throw new Error(`no manifest of etcd on ${work.member.host}`);
  return pods.etcdPod(subject, work, manifest);
}
