import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Locator } from 'playwright-core';
import type { Demo } from '../../demo/startDemo.js';
import type { EditorWindow } from './window.js';

/** What a member says of itself and of its content. */
export interface Seen { readonly clusterId: string; readonly memberId: string; readonly revision: number; readonly hash: string; readonly keys: number }

const number = (text: string, key: string): string => new RegExp(`"${key}":(\\d+)`).exec(text)?.[1] ?? '';

/** Asks each member by itself with etcdctl. */
export const look = (demo: Demo, names = demo.members.map(({ name }) => name)): Promise<readonly Seen[]> =>
  Promise.all(demo.members.filter(({ name }) => names.includes(name)).map(async ({ clientUrl }) => {
    const ask = async (...args: readonly string[]): Promise<string> =>
      (await promisify(execFile)(demo.etcd.etcdctl, [`--endpoints=${clientUrl}`, ...args], { env: { ...process.env, ETCDCTL_API: '3' } })).stdout;
    const status = await ask('endpoint', 'status', '-w', 'json'), hash = await ask('endpoint', 'hashkv', '-w', 'json');
    const count = await ask('get', '/registry/', '--prefix', '--count-only', '--write-out=fields');
    return {
      clusterId: BigInt(number(status, 'cluster_id')).toString(16), memberId: BigInt(number(status, 'member_id')).toString(16),
      revision: Number(number(status, 'revision')), hash: number(hash, 'hash'), keys: Number(/"Count" : (\d+)/.exec(count)?.[1]),
    };
  }));

/** Waits for the plan, reads what it foretells, and carries it out as a person does: button, modal, typed name. */
export async function approveRestore(window: EditorWindow, cluster: string): Promise<{ readonly clusterId: string; readonly hash: string; readonly revision: number }> {
  const panel = window.panel();
  await panel.locator('[data-action="approve"]').waitFor({ timeout: 60_000 });
  const value = (label: string): Promise<string> => panel.locator('dt', { hasText: label }).locator('xpath=following-sibling::dd[1]').innerText();
  const foretold = { clusterId: await value('Cluster id foretold'), hash: await value('HashKV foretold'), revision: Number.parseInt(await value('Revision afterwards')) };
  await panel.locator('[data-action="approve"]').click();
  await confirm(window, `Restore ${cluster}`, cluster);
  return foretold;
}

/** Ids of the steps that are shown, in their order. */
export const stepIds = async (steps: Locator): Promise<readonly string[]> =>
  Promise.all((await steps.all()).map(async step => await step.getAttribute('data-step') ?? ''));

/** Asks for the way back, looks at it, and approves it: button, modal, typed name. */
export async function approveTakeBack(window: EditorWindow, cluster: string, picture?: string): Promise<readonly string[]> {
  const panel = window.panel();
  await panel.locator('[data-action="takeBack"]').click();
  await panel.locator('[data-action="approve"]').waitFor();
  await panel.locator('.lead').filter({ hasText: `to take the restore of ${cluster} back` }).waitFor();
  const steps = await stepIds(panel.locator('.step'));
  if (picture !== undefined) await window.screenshot(picture);
  await panel.locator('[data-action="approve"]').click();
  await confirm(window, `Take Back ${cluster}`, cluster, picture === undefined ? undefined : `${picture}-asked`);
  return steps;
}

/** Answers a modal and the question for the cluster's name. */
export async function confirm(window: EditorWindow, verb: string, cluster: string, picture?: string, says: string | RegExp = ''): Promise<void> {
  await window.modal.filter({ hasText: says }).waitFor();
  if (picture !== undefined) await window.screenshot(picture);
  await window.answerModal(verb);
  await window.quickInput.locator('input').waitFor();
  await window.answer(cluster);
}

/** Waits until every key is back on every member, with everything as foretold. */
export async function checkRestored(demo: Demo, foretold: { readonly clusterId: string; readonly hash: string; readonly revision: number }, revisionBefore: number): Promise<void> {
  for (const member of await look(demo)) {
    assert.deepEqual({ clusterId: member.clusterId, hash: member.hash, revision: member.revision, keys: member.keys }, { ...foretold, keys: demo.keys });
    assert.ok(member.revision > revisionBefore, 'the revision went back');
  }
}
