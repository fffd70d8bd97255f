import type { TlsFiles } from '../cluster/definition.js';
import { stepsOf } from '../plan.js';
import type { EndpointOf } from '../probe.js';
import type { Setting } from './scriptCalls.js';

/** Where `etcdctl` may be found on a host. */
export interface ToolWords {
  /** Beside the tool that restores; empty where that is in an image. */
  readonly etcdctl: string;
  /** The words that run a command in etcd's image, with the TLS files at their own places in it. */
  readonly container: readonly string[];
}

/** From the tool that the plan restores with on the host of a member. */
export function toolWords({ plan, host }: Pick<Setting, 'plan' | 'host'>, member: EndpointOf, tls: TlsFiles | undefined): ToolWords {
  const staging = stepsOf(plan).flatMap(({ act }) => act.do === 'stage' && act.host === host ? [act.staging] : []);
  const own = staging.find(({ name }) => name === member.name) ?? staging[0];
  if (own === undefined) return { etcdctl: '', container: [] };
  if (own.toolIn === undefined) return { etcdctl: own.tool.replace(/[^/]*$/, 'etcdctl'), container: [] };
  return { etcdctl: '', container: withMounts(own.toolIn, own.dataDir, [tls?.caFile, tls?.certFile, tls?.keyFile].filter(file => file !== undefined)) };
}

/**
 * The image is given the data directory at its own path; whatever option does that is repeated, for reading, with the folders of the TLS files.
 * Both `-v /d:/d` and `--mount type=bind,src=/d,dst=/d,options=rbind:rw` are such an option.
 */
function withMounts(words: readonly string[], dataDir: string, files: readonly string[]): readonly string[] {
  const folders = [...new Set(files.map(file => file.slice(0, file.lastIndexOf('/')) || '/'))];
  const at = words.findIndex(word => word === `${dataDir}:${dataDir}` || (word.startsWith(`${dataDir}:${dataDir}:`)) || isMount(word, dataDir));
  if (at < 1) return words;
  const option = words[at - 1] ?? '', mount = words[at] ?? '';
  const readable = (folder: string): string => isMount(mount, dataDir) ? mount.split(',').map(part => moved(part, dataDir, folder)).join(',') : `${folder}:${folder}:ro`;
  return [...words.slice(0, at + 1), ...folders.flatMap(folder => [option, readable(folder)]), ...words.slice(at + 1)];
}

const isMount = (word: string, dataDir: string): boolean => word.startsWith('type=') && word.split(',').some(part => part === `src=${dataDir}` || part === `source=${dataDir}`);

function moved(part: string, dataDir: string, folder: string): string {
  const [name = '', value] = part.split('=');
  if (value === dataDir) return `${name}=${folder}`;
  return name === 'options' ? 'options=rbind:ro' : part;
}
