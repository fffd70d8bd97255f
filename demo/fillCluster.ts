import { Etcd3 } from 'etcd3';
import { kubernetesObjects } from './kubernetesObjects.js';
import type { StoredObject } from './kubernetesObjects.js';

/** etcd refuses more in one transaction, unless told otherwise. */
const operations = 100;

/** Writes the demo's objects, then changes and deletes some as a living cluster does. Returns the number of keys. */
export async function fillCluster(endpoints: readonly string[]): Promise<number> {
  const client = new Etcd3({ hosts: [...endpoints] });
  try {
    const objects = kubernetesObjects();
    await write(client, objects);
    const pods = objects.filter(object => object.key.startsWith('/registry/pods/'));
    await write(client, pods.filter((_, at) => at % 4 === 0).map(pod => ({ ...pod, value: pod.value.replace('"Running"', '"Pending"') })));
    await write(client, pods.filter((_, at) => at % 4 === 0));
    await removeOldRevisions(client);
    return objects.length;
  } finally {
    client.close();
  }
}

async function write(client: Etcd3, objects: readonly StoredObject[]): Promise<void> {
  for (let at = 0; at < objects.length; at += operations) {
    const puts = objects.slice(at, at + operations).map(object => client.put(object.key).value(object.value));
    await client.if('/', 'Version', '==', 0).then(...puts).commit();
  }
}

/** What a rollout leaves: ReplicaSets that came and went. */
async function removeOldRevisions(client: Etcd3): Promise<void> {
  const old = Array.from({ length: 50 }, (_, at) => ({ key: `/registry/replicasets/shop/web-old-${at}`, value: '{"kind":"ReplicaSet","apiVersion":"apps/v1"}' }));
  await write(client, old);
  await client.delete().prefix('/registry/replicasets/shop/web-old-');
}
