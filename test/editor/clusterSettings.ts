import path from 'node:path';
import type { RealCluster } from '../etcd/realCluster.js';

/** The user settings that describe a real cluster, with a folder of its own for snapshots. */
export const clusterSettings = (cluster: RealCluster, name: string): Readonly<Record<string, unknown>> => ({
  'etcdRecovery.refreshSeconds': 2,
  'etcdRecovery.clusters': [{
    name,
    run: 'commands',
    members: cluster.members.map(member => ({
      name: member.name, clientUrls: [member.clientUrl], peerUrls: [member.peerUrl], dataDir: member.dataDir,
      start: ['/bin/true', member.name], stop: ['/bin/false', member.name],
    })),
    snapshotFolders: [snapshotFolder(cluster)],
  }],
});

/** Where the snapshots of a test's cluster lie. */
export const snapshotFolder = (cluster: RealCluster): string => path.join(cluster.dir, 'snapshots');
