import { shown } from './arguments.js';
import type { Report } from './finding.js';
import type { ContainerText, PodText } from './podText.js';
import { isEtcdImage } from './version.js';
import type { Word } from './word.js';

/** The words that etcd is started with, without `etcd` itself. */
export interface EtcdCommand {
  readonly container: ContainerText;
  readonly words: readonly Word[];
}

const shells: ReadonlySet<string> = new Set(['sh', 'bash', 'dash', 'ash', 'zsh', 'ksh', 'busybox']);
const otherRoles: ReadonlySet<string> = new Set(['gateway', 'grpc-proxy']);

/** The last part of a path. */
const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** Whether a container looks as if it ran etcd, rightly started or not. */
export function looksLikeEtcd(container: ContainerText): boolean {
  return runsEtcd(container) || container.name?.text === 'etcd' || (container.image !== undefined && isEtcdImage(container.image.text));
}

const startOf = (container: ContainerText): readonly Word[] => [...container.command ?? [], ...container.args ?? []];

const runsEtcd = (container: ContainerText): boolean => baseName(startOf(container)[0]?.text ?? '') === 'etcd';

/** Finds the one container that runs etcd, and how; says why when there is none to be sure of. */
export function etcdCommandOf(pod: PodText, report: Report): EtcdCommand | undefined {
  const running = pod.containers.filter(runsEtcd);
  const bare = pod.containers.length === 1 && pod.containers[0]?.name === undefined;
  const candidates = running.length > 0 ? running : bare ? pod.containers : pod.containers.filter(looksLikeEtcd);
  const names = candidates.map(one => shown(one.name?.text ?? '?')).join(', ');
  const [container, second] = candidates;
  if (container === undefined) {
    const all = pod.containers.map(one => shown(one.name?.text ?? '?')).join(', ');
    report('CONTAINER_MISSING', { pod: shown(pod.name?.text ?? '?'), containers: all }, pod.name?.range);
    return undefined;
  }
  if (second !== undefined) {
    report('CONTAINER_AMBIGUOUS', { pod: shown(pod.name?.text ?? '?'), containers: names }, (second.name ?? second).range);
    return undefined;
  }
  return commandOf(container, report);
}

function commandOf(container: ContainerText, report: Report): EtcdCommand | undefined {
  const words = startOf(container);
  const [first, ...rest] = words;
  const name = shown(container.name?.text ?? 'etcd');
  if (first === undefined) {
    report('COMMAND_MISSING', { container: name }, (container.name ?? container).range);
    return undefined;
  }
  const program = baseName(first.text);
  if (shells.has(program)) {
    report('COMMAND_IN_SHELL', { container: name, shell: shown(first.text) }, first.range);
    return undefined;
  }
  if (first.text.startsWith('-') && container.command === undefined) {
    report('COMMAND_FROM_IMAGE', { container: name, image: shown(container.image?.text ?? '?') }, first.range);
    return { container, words };
  }
  if (program !== 'etcd') {
    report('COMMAND_NOT_ETCD', { container: name, command: shown(first.text) }, first.range);
    return undefined;
  }
  const role = rest[0];
  if (role !== undefined && otherRoles.has(role.text)) {
    report('COMMAND_NOT_MEMBER', { container: name, role: role.text }, role.range);
    return undefined;
  }
  return { container, words: rest };
}
