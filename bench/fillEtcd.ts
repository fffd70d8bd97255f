import type { Etcd3 } from 'etcd3';

const VALUE_BYTES = 4000;
const PER_TXN = 100;

/** Fills an etcd with about so many bytes of Kubernetes-sized values; the text differs, so that nothing is gained by sameness. */
export async function fillEtcd(client: Etcd3, bytes: number, prefix = '/registry/pods/default/'): Promise<void> {
  const count = Math.ceil(bytes / VALUE_BYTES);
  const put = async (from: number): Promise<void> => {
    const puts = Array.from({ length: Math.min(PER_TXN, count - from) }, (_, i) =>
      client.put(`${prefix}pod-${from + i}`).value(`${from + i} `.padEnd(VALUE_BYTES, `"name":"pod-${from + i}",`)));
    await client.if('/none', 'Create', '==', 0).then(...puts).commit();
  };
  for (let from = 0; from < count; from += PER_TXN * 4) {
    await Promise.all([0, 1, 2, 3].map(n => from + n * PER_TXN).filter(at => at < count).map(put));
  }
}
