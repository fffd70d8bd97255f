import path from 'node:path';
import { etcdArguments } from './startDemo.js';
import type { Demo } from './startDemo.js';

type Told = Pick<Demo, 'dir' | 'members' | 'endpoints' | 'snapshotFolder' | 'snapshot' | 'keys' | 'etcd' | 'token'>;

/** The demo's README: what is here, and what to do in two minutes. */
export const tour = (demo: Told): string => `# Lose a cluster and get it back

Three real etcd ${demo.etcd.version} members run on this machine, with ${demo.keys} keys of a small Kubernetes cluster and a snapshot of them.
Nothing here can harm anything else: all of it lies in \`${demo.dir}\` and is removed when the demo ends.

## Two minutes

1. **Add the cluster.** Run *etcd Recovery: Add Cluster…* (F1) and choose *Endpoints*. Then answer:

   | question | answer |
   |---|---|
   | client URLs | \`${demo.endpoints[0] ?? ''}\` |
   | name | \`demo\` |
   | how etcd is run | *Your Own Commands* |
   | data directory | \`${path.join(demo.dir, '{name}')}\` |
   | start | \`${path.join(demo.dir, 'member.sh')} start {name}\` |
   | stop | \`${path.join(demo.dir, 'member.sh')} stop {name}\` |

2. **Look.** The view *etcd Recovery* in the activity bar shows members and snapshots;
   *Show Member List and Endpoint Status* opens the tables.
3. **Take a snapshot**, or keep \`${path.basename(demo.snapshot)}\`. *Verify Snapshot…* reads every value of it.
4. **Lose everything.** In a terminal:

   \`\`\`sh
   ${demo.etcd.etcdctl} --endpoints=${demo.endpoints.join(',')} del --prefix ''
   \`\`\`

   For a worse night, stop all members and remove a data directory:

   \`\`\`sh
   ${demo.members.map(member => member.stop.join(' ')).join(' && ')} && rm -r ${path.join(demo.members[1]?.dataDir ?? '', 'member')}
   \`\`\`

5. **Restore.** Right-click the snapshot, *Restore…*: read the plan, approve it, watch it. The report shows the cluster before and after.
6. **Change your mind.** *Take Back* puts the old data in place again: it was renamed, never deleted.

## What is where

| member | client URL | data directory | log |
|---|---|---|---|
${demo.members.map(member => `| ${member.name} | ${member.clientUrl} | \`${member.dataDir}\` | \`${member.dataDir}.log\` |`).join('\n')}

Snapshots lie in \`${demo.snapshotFolder}\`. \`etcd.yaml\` beside this file is the first member written as a static pod.
`;

/** The first member as kubeadm would write it, with the demo's own paths and ports. */
export function manifest(demo: Told): string {
  const [first] = demo.members;
  if (first === undefined) throw new Error('the demo has no member');
  return `apiVersion: v1
kind: Pod
metadata:
  name: etcd
  namespace: kube-system
  labels:
    component: etcd
    tier: control-plane
  annotations:
    kubeadm.kubernetes.io/etcd.advertise-client-urls: ${first.clientUrl}
spec:
  hostNetwork: true
  priorityClassName: system-node-critical
  containers:
  - name: etcd
    image: registry.k8s.io/etcd:${demo.etcd.version}-0
    command:
    - etcd
${etcdArguments(first, demo.members, demo.token).map(argument => `    - ${argument}`).join('\n')}
    volumeMounts:
    - mountPath: ${first.dataDir}
      name: etcd-data
  volumes:
  - name: etcd-data
    hostPath:
      path: ${first.dataDir}
      type: DirectoryOrCreate
`;
}
