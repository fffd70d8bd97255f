import type { MemberDefinition } from '../cluster/definition.js';
import type { ManifestFacts, PodFacts, RestoreChoice, RestoreFacts } from './facts.js';
import type { Refusal } from './refusals.js';

/** What the manifest directories of the hosts say against a restore. */
export const refuseByPods = (facts: RestoreFacts, choice: RestoreChoice): readonly Refusal[] => facts.cluster.run !== 'staticPod' ? []
  : facts.members.flatMap(({ name, pods }) => {
    const definition = facts.cluster.members.find(member => member.name === name);
    return definition === undefined || pods === undefined ? [] : [
      ...refuseHost(definition, pods),
      ...choice.kubelets === 'restart' && !pods.kubeletUnit ? [{ code: 'KUBELET_NOT_A_UNIT' as const, args: { host: definition.host } }] : [],
    ];
  });

function refuseHost(definition: MemberDefinition, { dir, movable, exists, manifests }: PodFacts): readonly Refusal[] {
  const { host } = definition;
  if (!exists) return [{ code: 'MANIFEST_DIR_MISSING', args: { host, dir } }];
  const etcds = manifests.filter(({ pod }) => pod === 'etcd');
  const [etcd] = etcds;
  // The kubelet runs every file, whatever its name: of two copies nobody knows which one it took.
  const twice = [...new Set(manifests.map(({ pod }) => pod).filter(pod => pod !== ''))].flatMap((pod): readonly Refusal[] => {
    const files = manifests.filter(manifest => manifest.pod === pod).map(({ file }) => file);
    return files.length < 2 ? [] : [{ code: 'MANIFEST_TWICE', args: { host, dir, pod, files: files.join(', ') } }];
  });
  return [
    ...etcd === undefined ? [{ code: 'MANIFEST_MISSING' as const, args: { host, dir, member: definition.name } }] : [],
    ...twice,
    ...movable ? [] : [{ code: 'MANIFEST_NOT_MOVABLE' as const, args: { host, dir } }],
    ...etcd === undefined || etcds.length > 1 ? [] : refuseOther(definition, etcd),
  ];
}

/** Which member a host runs stands in that host's own manifest; names of machines say nothing. */
function refuseOther(definition: MemberDefinition, { file, etcd }: ManifestFacts): readonly Refusal[] {
  const { host, name: member } = definition;
  const differing = ([
    ['--name', definition.name, etcd?.name ?? ''],
    ['--data-dir', definition.dataDir, etcd?.dataDir ?? ''],
    ['--initial-advertise-peer-urls', [...definition.peerUrls].sort().join(', '), [...etcd?.peerUrls ?? []].sort().join(', ')],
  ] as const).filter(([, defined, found]) => defined !== found);
  return differing.map(([flag, defined, found]) => ({ code: 'MANIFEST_OF_ANOTHER', args: { host, member, file, flag, defined, found } }));
}
