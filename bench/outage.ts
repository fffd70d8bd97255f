import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import path from 'node:path';
import type { Lab } from '../lab/lab.js';
import { until } from '../lab/until.js';

/** Milliseconds from one question to the next, which does not wait for the answer to the one before. */
const EVERY = 50;
/** Milliseconds after which no answer is awaited any more. */
const PATIENCE = 5_000;
const object = 'written-by-bench';

/** What was not to be had of a cluster, in seconds. */
export interface Outage {
  /** From the last write that the first API server to go took, to the first write that the last one to come back took. */
  readonly some: number;
  /** The time in which no API server took a write. */
  readonly all: number;
}

/** Creates the object that is written; it must be in the snapshots too. */
export async function prepareOutageWatch(lab: Lab): Promise<void> {
  await lab.kubectl('create', 'configmap', object, '--namespace=default');
}

/**
 * Writes an object through every API server, again and again, while work is done. The API server of a control plane uses the etcd
 * of its own host: what was written through each of them has been through every member.
 */
export async function outageDuring(lab: Lab, work: () => Promise<unknown>): Promise<Outage> {
  const write = await writer(lab);
  const writes: { readonly at: number; readonly host: string }[] = [];
  const now = (): number => performance.now() / 1000;
  const timer = setInterval(() => {
    for (const { name, apiServer } of lab.hosts) void write(apiServer).then(taken => { if (taken) writes.push({ at: now(), host: name }); });
  }, EVERY);
  const eachTook = async (): Promise<void> => {
    const since = now();
    await until('a write through every API server', () => {
      const missing = lab.hosts.filter(({ name }) => !writes.some(({ at, host }) => host === name && at > since));
      return missing.length === 0 ? Promise.resolve() : Promise.reject(new Error(`none through that of ${missing.map(({ name }) => name).join(', ')}`));
    });
  };
  try {
    // An outage has a beginning and an end.
    await eachTook();
    await work();
    await eachTook();
  } finally {
    clearInterval(timer);
  }
  const gaps = lab.hosts.map(({ name }) => longestGap(writes.filter(({ host }) => host === name).map(({ at }) => at)));
  const all = longestGap(writes.map(({ at }) => at));
  return { some: Math.max(...gaps.map(({ to }) => to)) - Math.min(...gaps.map(({ from }) => from)), all: all.to - all.from };
}

/** Tells whether an API server took a write. Each has a connection of its own: an open one would keep an API server from ending. */
async function writer(lab: Lab): Promise<(server: string) => Promise<boolean>> {
  const [ca = '', cert = '', key = ''] = await Promise.all(['ca.crt', 'admin.crt', 'admin.key'].map(name => readFile(path.join(lab.pki, name), 'utf8')));
  let count = 0;
  return server => new Promise(resolve => {
    const sent = request(new URL(`/api/v1/namespaces/default/configmaps/${object}`, server), {
      agent: false, method: 'PUT', ca, cert, key, headers: { 'Content-Type': 'application/json' }, signal: AbortSignal.timeout(PATIENCE),
    }, got => {
      got.resume();
      got.on('close', () => resolve(got.statusCode === 200));
    });
    sent.on('error', () => resolve(false));
    sent.end(JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: object }, data: { count: String(count++) } }));
  });
}

function longestGap(times: readonly number[]): { readonly from: number; readonly to: number } {
  const gaps = times.slice(1).map((to, before) => ({ from: times[before] ?? to, to }));
  return gaps.sort((a, b) => (b.to - b.from) - (a.to - a.from))[0] ?? { from: NaN, to: NaN };
}
