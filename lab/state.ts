import { existsSync, readdirSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { cacheFolder } from '../scripts/cacheFolder.js';
import type { LabRuntime } from './lab.js';

/** A lab as it lies on the disk: all that another process needs to use it or to take it down. */
export interface LabState {
  /** Name of its bridge, and the first part of its machines' names. */
  readonly name: string;
  readonly folder: string;
  /** Third byte of its addresses. */
  readonly subnet: number;
  /** The process that goes with it; nothing for a lab that lasts until it is taken down. */
  readonly owner?: { readonly pid: number; readonly started: string };
  readonly etcdVersion: string;
  readonly runtime: LabRuntime;
  readonly apiServer: boolean;
  readonly controllers: boolean;
  readonly fileCheckSeconds: number;
  readonly diskMegabytes?: number;
  readonly hosts: readonly HostState[];
}

/** One host of it. */
export interface HostState {
  readonly name: string;
  readonly address: string;
  /** Name of its machine, which no other on this machine has. */
  readonly machine: string;
  /** Everything of it. */
  readonly folder: string;
  /** Its root directory, a mount. */
  readonly root: string;
}

/** Where labs are kept, each in a folder of its bridge's name. */
export const labsFolder = (): string => cacheFolder('labs');

/** The labs of this machine, whoever made them. */
export async function knownLabs(): Promise<LabState[]> {
  if (!existsSync(labsFolder())) return [];
  const files = readdirSync(labsFolder()).map(name => path.join(labsFolder(), name, 'lab.json')).filter(file => existsSync(file));
  return Promise.all(files.map(async file => JSON.parse(await readFile(file, 'utf8')) as LabState));
}

/** Writes a lab's state down, whole or not at all. */
export async function saveState(state: LabState): Promise<void> {
  const file = path.join(state.folder, 'lab.json');
  await writeFile(`${file}.part`, JSON.stringify(state, undefined, 2));
  await rename(`${file}.part`, file);
}

/** When a process was started, in ticks since the boot: with its id it names one process for good. Nothing when it is gone. */
export async function startOf(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
}

/** Whether the process a lab goes with is gone. */
export async function isOrphan({ owner }: LabState): Promise<boolean> {
  return owner !== undefined && await startOf(owner.pid) !== owner.started;
}
