import { homedir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { ClusterDefinition, TlsFiles } from '../../core/cluster/definition.js';
import { readDefinitions, type ReadDefinitions } from '../../core/cluster/readDefinitions.js';
import { section, textSetting, textsSetting, userSetting, writeUserSetting } from './userSetting.js';

/** The clusters of the user's settings: read anew whenever the settings change. */
export class ClusterSettings implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly subscription: vscode.Disposable;
  private read: ReadDefinitions;
  readonly onDidChange = this.changed.event;

  constructor() {
    this.read = readSetting();
    this.subscription = vscode.workspace.onDidChangeConfiguration(event => {
      if (!event.affectsConfiguration(section)) return;
      this.read = readSetting();
      this.changed.fire();
    });
  }

  /** Ready to be used: `~` in the paths of this machine is expanded. */
  get definitions(): readonly ClusterDefinition[] { return this.read.definitions; }

  get problems(): ReadDefinitions['problems'] { return this.read.problems; }

  find(name: string): ClusterDefinition | undefined {
    return this.definitions.find(definition => definition.name === name);
  }

  /** Adds a cluster to the user's settings; what stands there, right or wrong, is kept as it is. */
  async add(definition: ClusterDefinition): Promise<void> {
    await writeUserSetting('clusters', [...this.raw(), asSetting(definition)]);
  }

  /** Takes a cluster out of the user's settings. No file, snapshot or running etcd is touched. */
  async remove(name: string): Promise<void> {
    await writeUserSetting('clusters', this.raw().filter(item => !hasName(item, name)));
  }

  dispose(): void {
    this.subscription.dispose();
    this.changed.dispose();
  }

  private raw(): readonly unknown[] {
    const value = userSetting('clusters');
    return Array.isArray(value) ? value : [];
  }
}

function readSetting(): ReadDefinitions {
  const { definitions, problems } = readDefinitions(userSetting('clusters'));
  return { definitions: definitions.map(definition => definition.tls !== undefined && definition.tls.at !== 'host' ? { ...definition, tls: atHome(definition.tls) } : definition), problems };
}

const atHome = ({ serverName, ...files }: TlsFiles): TlsFiles => ({
  ...Object.fromEntries(Object.entries(files).map(([field, file]: [string, string]) => [field, absolute(file) ?? file])),
  ...serverName !== undefined && { serverName },
});

/** As a person would write it: without what is the default anyway. */
const asSetting = ({ snapshotFolders, members, ...rest }: ClusterDefinition): object => ({
  ...rest,
  members: members.map(({ host, name, ...member }) => ({ name, ...host !== 'local' && { host }, ...member })),
  ...snapshotFolders.length > 0 && { snapshotFolders },
});

const hasName = (item: unknown, name: string): boolean =>
  typeof item === 'object' && item !== null && 'name' in item && item.name === name;

/** The folders in which a cluster's snapshots lie, absolute: its own, else the ones of the setting `snapshotFolders`. */
export function snapshotFoldersOf(definition: ClusterDefinition): readonly string[] {
  const folders = definition.snapshotFolders.length > 0 ? definition.snapshotFolders : textsSetting('snapshotFolders');
  const safeName = definition.name.replace(/[^\w.-]+/g, '-').replace(/^\.+/, '');
  return [...new Set(folders.map(folder => absolute(folder.replaceAll('{cluster}', safeName))).filter(folder => folder !== undefined))];
}

/** The folders searched for etcdutl and etcdctl before the PATH, absolute. */
export const toolFolders = (): readonly string[] => textsSetting('toolFolders').map(absolute).filter(folder => folder !== undefined);

/** A file on this machine, absolute; undefined when the setting is empty or no such path. */
export const pathSetting = (name: string): string | undefined => absolute(textSetting(name, ''));

/** `~` is the home folder; a path that is not absolute is not taken, since it would depend on where the editor was started. */
function absolute(folder: string): string | undefined {
  const expanded = /^~(?=[/\\]|$)/.test(folder) ? path.join(homedir(), folder.slice(1)) : folder;
  return path.isAbsolute(expanded) ? path.normalize(expanded) : undefined;
}
