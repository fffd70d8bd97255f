import type { TlsFiles } from '../cluster/definition.js';
import type { EndpointOf } from '../probe.js';
import type { Setting } from './scriptCalls.js';

/** Where `etcdctl` may be found on a host. */
export interface ToolWords {
  /** Beside the tool that restores; empty where that is in an image. */
  readonly etcdctl: string;
  /** The words that run a command in etcd's image, with the TLS files at their own places in it. */
  readonly container: readonly string[];
}

/** From the tool that was chosen for the host of a member; both ways of a plan know it. */
export function toolWords({ plan, host }: Pick<Setting, 'plan' | 'host'>, member: EndpointOf, tls: TlsFiles | undefined): ToolWords {
  const own = plan.subject.members.find(({ name }) => name === member.name);
  const tool = plan.subject.tools.find(each => each.host === host);
  if (own === undefined || tool === undefined) return { etcdctl: '', container: [] };
  // A tool that was copied from another machine came alone.
  if (tool.runIn === undefined) return { etcdctl: tool.copied === true ? '' : tool.path.replace(/[^/]*$/, 'etcdctl'), container: [] };
  return { etcdctl: '', container: withMounts(tool.runIn, own.dataDir, [tls?.caFile, tls?.certFile, tls?.keyFile].filter(file => file !== undefined)) };
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
