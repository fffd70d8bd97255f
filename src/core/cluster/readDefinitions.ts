import type { ClusterDefinition, MemberDefinition, RunKind, TlsFiles } from './definition.js';
import type { DefinitionProblem } from './definitionProblem.js';
import { findClashes } from './findClashes.js';
import { type Check, pathOf, type SettingReader, settingReader } from './settingReader.js';

/** What the setting `etcdRecovery.clusters` says: the clusters that can be used, and all that is wrong with the others. */
export interface ReadDefinitions {
  readonly definitions: readonly ClusterDefinition[];
  readonly problems: readonly DefinitionProblem[];
}

const runKinds: readonly RunKind[] = ['staticPod', 'systemd', 'commands'];
const clusterFields = ['name', 'run', 'members', 'tls', 'snapshotFolders', 'hostSnapshotFolder', 'manifestDir'];
const memberFields = ['name', 'host', 'clientUrls', 'peerUrls', 'dataDir', 'walDir', 'start', 'stop'];

const isClusterName: Check = text => /^[^/\\]{1,100}$/.test(text) && text === text.trim() ? undefined : 'NOT_A_NAME';
const isMemberName: Check = text => /^[A-Za-z0-9][\w.-]{0,199}$/.test(text) ? undefined : 'NOT_A_NAME';
const isHost: Check = text => /^[A-Za-z0-9[][\w.:@%[\]-]{0,252}$/.test(text) ? undefined : 'NOT_A_NAME';
const isUrl: Check = text => /^https?:\/\/(\[[\da-fA-F:.]+\]|[\w.-]+):\d{1,5}$/.test(text) ? undefined : 'NOT_A_URL';
const isPath: Check = text =>
  text.startsWith('/') && !text.split('/').includes('..') && /[^/]/.test(text) ? undefined : 'NOT_ABSOLUTE';
const isLocalPath: Check = text => /^(\/|~[/\\]|[A-Za-z]:[/\\])/.test(text) ? undefined : 'NOT_ABSOLUTE';

/** Reads the setting. Settings are untrusted JSON: a cluster with any problem is reported and not used. */
export function readDefinitions(value: unknown): ReadDefinitions {
  if (value === undefined || value === null) return { definitions: [], problems: [] };
  if (!Array.isArray(value)) {
    return { definitions: [], problems: [{ index: -1, cluster: '', field: '', code: 'NOT_A_LIST', args: {} }] };
  }
  const read = value.map((item: unknown, index) => readOne(item, index));
  const complete = read.flatMap((one, index) => one.definition && one.problems.length === 0 ? [{ index, definition: one.definition }] : []);
  const clashes = findClashes(complete);
  const clashing = new Set(clashes.map(clash => clash.index));
  return {
    definitions: complete.filter(one => !clashing.has(one.index)).map(one => one.definition),
    problems: [...read.flatMap(one => one.problems), ...clashes].sort((a, b) => a.index - b.index),
  };
}

function readOne(item: unknown, index: number): { definition?: ClusterDefinition; problems: readonly DefinitionProblem[] } {
  const problems: DefinitionProblem[] = [];
  const name = typeof item === 'object' && item !== null && 'name' in item && typeof item.name === 'string' ? item.name : '';
  const reader = settingReader((code, field, args) => problems.push({ index, cluster: name, field, code, args }));
  const definition = readCluster(reader, item);
  return definition ? { definition, problems } : { problems };
}

function readCluster(r: SettingReader, item: unknown): ClusterDefinition | undefined {
  const fields = r.object(item, '', clusterFields);
  if (!fields) return undefined;
  const name = r.text(fields, '', 'name', isClusterName);
  const kind = r.text(fields, '', 'run');
  const run = runKinds.find(known => known === kind);
  if (kind !== null && !run) r.problem('NOT_ONE_OF', 'run', { value: kind, allowed: runKinds.join(', ') });
  const tls = readTls(r, fields['tls']);
  const folders = fields['snapshotFolders'] === undefined || isEmptyList(fields['snapshotFolders']) ? []
    : r.texts(fields, '', 'snapshotFolders', isLocalPath);
  const hostFolder = r.optionalText(fields, '', 'hostSnapshotFolder', isPath);
  const members = readMembers(r, fields['members'], run);
  const manifestDir = r.optionalText(fields, '', 'manifestDir', isPath);
  if (run !== undefined && run !== 'staticPod' && fields['manifestDir'] !== undefined) r.problem('ONLY_FOR_STATIC_PODS', 'manifestDir');
  if (tls?.at === 'host' && members?.some(member => member.host === 'local')) r.problem('NEEDS_HOSTS', 'tls.at');
  if (name === null || !run || !members || !folders) return undefined;
  return { name, run, members, ...tls && { tls }, snapshotFolders: folders, ...hostFolder && { hostSnapshotFolder: hostFolder }, ...manifestDir && { manifestDir } };
}

const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

function readTls(r: SettingReader, value: unknown): TlsFiles | undefined {
  if (value === undefined) return undefined;
  const fields = r.object(value, 'tls', ['at', 'caFile', 'certFile', 'keyFile', 'serverName']);
  if (!fields) return undefined;
  const caFile = r.optionalText(fields, 'tls', 'caFile', isLocalPath);
  const certFile = r.optionalText(fields, 'tls', 'certFile', isLocalPath);
  const keyFile = r.optionalText(fields, 'tls', 'keyFile', isLocalPath);
  const serverName = r.optionalText(fields, 'tls', 'serverName', isHost);
  if (fields['certFile'] !== undefined && fields['keyFile'] === undefined) r.problem('MISSING', 'tls.keyFile');
  if (fields['keyFile'] !== undefined && fields['certFile'] === undefined) r.problem('MISSING', 'tls.certFile');
  if (fields['at'] !== undefined && fields['at'] !== 'host') r.problem('NOT_ONE_OF', 'tls.at', { value: typeof fields['at'] === 'string' ? fields['at'] : '', allowed: 'host' });
  return { ...fields['at'] === 'host' && { at: 'host' }, ...caFile && { caFile }, ...certFile && { certFile }, ...keyFile && { keyFile }, ...serverName && { serverName } };
}

function readMembers(r: SettingReader, value: unknown, run: RunKind | undefined): readonly MemberDefinition[] | null {
  if (value === undefined) return r.problem('MISSING', 'members');
  if (!Array.isArray(value)) return r.problem('NOT_A_LIST', 'members');
  if (value.length === 0) return r.problem('EMPTY', 'members');
  const members = value.map((item: unknown, index) => readMember(r, item, `members[${index}]`, run));
  return members.every(member => member !== null) ? members : null;
}

function readMember(r: SettingReader, item: unknown, at: string, run: RunKind | undefined): MemberDefinition | null {
  const fields = r.object(item, at, memberFields);
  if (!fields) return null;
  const name = r.text(fields, at, 'name', isMemberName);
  const host = r.optionalText(fields, at, 'host', isHost) ?? 'local';
  const clientUrls = r.texts(fields, at, 'clientUrls', isUrl);
  const peerUrls = r.texts(fields, at, 'peerUrls', isUrl);
  const dataDir = r.text(fields, at, 'dataDir', isPath);
  const walDir = r.optionalText(fields, at, 'walDir', isPath);
  const command = (which: 'start' | 'stop'): readonly string[] | null => {
    if (run === 'commands') return r.texts(fields, at, which);
    if (run && fields[which] !== undefined) r.problem('ONLY_FOR_COMMANDS', pathOf(at, which));
    return null;
  };
  const start = command('start'), stop = command('stop');
  if (name === null || !clientUrls || !peerUrls || dataDir === null) return null;
  return { name, host, clientUrls, peerUrls, dataDir, ...walDir && { walDir }, ...start && { start }, ...stop && { stop } };
}
