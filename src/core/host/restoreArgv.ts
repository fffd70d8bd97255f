import type { Staging } from '../action.js';

/** The argv of `snapshot restore`; every value is explicit, since the defaults restore a cluster nobody asked for. */
export const restoreArgv = (staging: Staging): readonly string[] => [
  ...staging.toolIn ?? [], staging.tool, 'snapshot', 'restore', staging.snapshot,
  '--name', staging.name,
  '--initial-cluster', staging.initialCluster,
  '--initial-cluster-token', staging.token,
  '--initial-advertise-peer-urls', staging.peerUrls,
  '--data-dir', staging.part,
  ...(staging.bumpRevision === undefined ? [] : ['--bump-revision', staging.bumpRevision, '--mark-compacted']),
];
