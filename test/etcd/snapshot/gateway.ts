/** etcd's HTTP gateway: thousands of writes without a process each. Keys and values are text. */
export class Gateway {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  /** Puts one key in a revision of its own. */
  put(key: string, value: string, lease?: string): Promise<unknown> {
    return this.call('kv/put', put(key, value, lease));
  }

  /** Puts several keys in one revision. */
  putAll(entries: readonly (readonly [key: string, value: string])[]): Promise<unknown> {
    return this.call('kv/txn', { success: entries.map(([key, value]) => ({ requestPut: put(key, value) })) });
  }

  /** Deletes all keys with a prefix, in one revision. */
  deleteAll(prefix: string): Promise<unknown> {
    const end = prefix === '' ? '\0' : prefix.slice(0, -1) + String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1);
    return this.call('kv/deleterange', { key: base64(prefix === '' ? '\0' : prefix), range_end: base64(end) });
  }

  /** Waits until the compaction is done on disk. */
  compact(revision: bigint): Promise<unknown> {
    return this.call('kv/compaction', { revision: `${revision}`, physical: true });
  }

  async revision(): Promise<bigint> {
    const { header } = await this.call('kv/range', { key: base64('x'), countOnly: true }) as { header: { revision: string } };
    return BigInt(header.revision);
  }

  async call(path: string, body: object): Promise<unknown> {
    const response = await fetch(`${this.#url}/v3/${path}`, { method: 'POST', body: JSON.stringify(body) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
    return JSON.parse(text);
  }
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const put = (key: string, value: string, lease?: string): object => ({ key: base64(key), value: base64(value), ...(lease !== undefined && { lease }) });
