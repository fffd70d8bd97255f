import { readFile } from 'node:fs/promises';
import { Agent, request } from 'node:https';
import path from 'node:path';
import { text } from 'node:stream/consumers';

/** Objects that a test writes through an API server. */
export interface FilledObjects {
  /** Writes ConfigMaps `PREFIX-0` … `PREFIX-(N-1)` of `bytes` of data each, many at a time. */
  fill(count: number, options?: FillOptions): Promise<void>;
  /** How many ConfigMaps of a prefix there are; all that `fill` wrote unless told. */
  count(prefix?: string, signal?: AbortSignal): Promise<number>;
  /** Deletes the ConfigMaps of a prefix; all that `fill` wrote unless told. */
  clear(prefix?: string, signal?: AbortSignal): Promise<void>;
}

/** What is written. */
export interface FillOptions {
  /** `filled` unless told; letters, digits and `-`. */
  readonly prefix?: string;
  /** 200 unless told. */
  readonly bytes?: number;
  readonly signal?: AbortSignal;
}

const label = 'etcd-recovery/filled';
const collection = '/api/v1/namespaces/default/configmaps';
/** As many requests at a time as an API server answers well. */
const atOnce = 32;

/** Writes, counts and deletes objects as the administrator whose certificate lies in `pki`. */
export function filledObjects(server: string, pki: string): FilledObjects {
  const selector = (prefix?: string): string => `labelSelector=${encodeURIComponent(prefix === undefined ? label : `${label}=${prefix}`)}`;
  return {
    fill: (count, options = {}) => withApi(server, pki, options.signal, async call => {
      const { prefix = 'filled', bytes = 200 } = options;
      const data = 'x'.repeat(bytes);
      let next = 0;
      await Promise.all(Array.from({ length: atOnce }, async () => {
        for (let at = next++; at < count; at = next++) {
          const metadata = { name: `${prefix}-${at}`, labels: { [label]: prefix } };
          await call('POST', collection, { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { at: String(at), data } });
        }
      }));
    }),
    count: (prefix, signal) => withApi(server, pki, signal, async call => {
      const list = await call('GET', `${collection}?${selector(prefix)}`) as { readonly items: readonly unknown[] };
      return list.items.length;
    }),
    clear: (prefix, signal) => withApi(server, pki, signal, async call => { await call('DELETE', `${collection}?${selector(prefix)}`); }),
  };
}

type Call = (method: 'GET' | 'POST' | 'DELETE', at: string, body?: unknown) => Promise<unknown>;

async function withApi<T>(server: string, pki: string, signal: AbortSignal | undefined, work: (call: Call) => Promise<T>): Promise<T> {
  const [ca, cert, key] = await Promise.all(['ca.crt', 'admin.crt', 'admin.key'].map(name => readFile(path.join(pki, name))));
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce, ...(ca === undefined ? {} : { ca }), ...(cert === undefined ? {} : { cert }), ...(key === undefined ? {} : { key }) });
  try {
    return await work((method, at, body) => answer(agent, server, method, at, body, signal));
  } finally {
    agent.destroy();
  }
}

async function answer(agent: Agent, server: string, method: string, at: string, body: unknown, signal?: AbortSignal): Promise<unknown> {
  const reply = await new Promise<{ readonly status: number; readonly body: string }>((resolve, reject) => {
    const headers = { Accept: 'application/json', ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) };
    const sent = request(new URL(at, server), { agent, method, headers, timeout: 60_000, ...(signal === undefined ? {} : { signal }) }, got => {
      text(got).then(read => resolve({ status: got.statusCode ?? 0, body: read }), reject);
    });
    sent.on('timeout', () => sent.destroy(new Error(`${method} ${server}${at}: no answer within a minute`)));
    sent.on('error', reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
  if (reply.status < 200 || reply.status > 299) throw new Error(`${method} ${server}${at}: ${reply.status} ${reply.body.slice(0, 500)}`);
  return JSON.parse(reply.body) as unknown;
}
