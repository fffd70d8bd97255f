import type { Described } from './describedLines.js';
import { describedLines, withBelow } from './describedLines.js';
import type { Report } from './finding.js';
import { optional } from './optional.js';
import type { ContainerText, EnvText, MountText, NamedWord, PodText, VolumeText } from './podText.js';
import { isRunTogether, partWords } from './runTogether.js';
import type { Source } from './source.js';
import type { Word } from './word.js';
import { slice } from './word.js';

/** Every pod of `kubectl describe pod` output. */
export function describedPods(source: Source, report: Report): readonly PodText[] {
  const pods: Described[][] = [];
  for (const node of describedLines(source, report)) {
    if (node.label === 'Name') pods.push([node]);
    else pods.at(-1)?.push(node);
  }
  return pods.map(nodes => podOf(nodes, report));
}

const labelled = (nodes: readonly Described[], label: string): Described | undefined => nodes.find(node => node.label === label);

function podOf(nodes: readonly Described[], report: Report): PodText {
  const value = (label: string) => present(labelled(nodes, label)?.value);
  const where = value('Node');
  const slash = where?.text.indexOf('/') ?? -1;
  return {
    ...optional('name', value('Name')), ...optional('namespace', value('Namespace')), ...optional('podIp', value('IP')),
    ...where && { node: slash < 0 ? where : slice(where, 0, slash) },
    ...where && slash >= 0 && { hostIp: slice(where, slash + 1) },
    annotations: annotationsOf(labelled(nodes, 'Annotations')),
    containers: (labelled(nodes, 'Containers')?.children ?? []).map(node => containerOf(node, report)),
    volumes: (labelled(nodes, 'Volumes')?.children ?? []).map(volumeOf),
    live: true,
  };
}

const present = (word: Word | undefined): Word | undefined =>
  word === undefined || word.text === '' || /^<(?:none|unset|nil)>$/.test(word.text) ? undefined : word;

/** The first annotation stands on the label's own line, the others below it. */
function annotationsOf(node: Described | undefined): readonly NamedWord[] {
  if (node === undefined) return [];
  return [node.value, ...node.children.flatMap(withBelow).map(child => child.line)].flatMap(word => {
    const [whole, name] = /^([^\s:]+): ?/.exec(word.text) ?? [];
    return whole === undefined || name === undefined ? [] : [{ name, value: slice(word, whole.length) }];
  });
}

function containerOf(node: Described, report: Report): ContainerText {
  const below = (label: string) => labelled(node.children, label)?.children.flatMap(withBelow) ?? [];
  const words = (label: string): readonly Word[] | undefined => {
    if (!labelled(node.children, label)) return undefined;
    const lines = below(label).map(child => child.line);
    return isRunTogether(lines) ? partWords(lines, report) : lines;
  };
  const name = slice(node.line, 0, node.label.length);
  return {
    name,
    ...optional('image', present(labelled(node.children, 'Image')?.value)),
    ...optional('command', words('Command')), ...optional('args', words('Args')),
    env: below('Environment').flatMap(child => envOf(child)),
    envFrom: below('Environment Variables from').map(child => child.line.text.split(/\s{2,}/).slice(0, 2).join(' ')),
    mounts: below('Mounts').flatMap(child => mountOf(child.line)),
    range: name.range,
  };
}

/** `NAME:  value`, `NAME:  value (v1:metadata.name)` or `NAME:  <set to the key 'k' in secret 's'>`. */
function envOf({ label, line, value }: Described): readonly EnvText[] {
  if (label === '') return [];
  const name = slice(line, 0, label.length);
  const [, text, path] = /^(.*?) ?\(v1:([^()]+)\)$/.exec(value.text.slice(0, 2000)) ?? [];
  if (path !== undefined && text === '') return [{ name, value: { kind: 'field', path } }];
  if (path !== undefined && text !== undefined) return [{ name, value: { kind: 'text', word: slice(value, 0, text.length) } }];
  const elsewhere = /^<set to the key '([^']*)' (?:in|of) (.*)>/.exec(value.text.slice(0, 2000));
  if (elsewhere) return [{ name, value: { kind: 'elsewhere', what: `${elsewhere[2] ?? ''} ${elsewhere[1] ?? ''}` } }];
  return [{ name, value: { kind: 'text', word: value } }];
}

/** `/var/lib/etcd from etcd-data (rw,path="sub")`. */
function mountOf(line: Word): readonly MountText[] {
  const [, path, volume, options = ''] = /^(\S.{0,2000}?) from (\S+)(?: \(([^)]*)\))?$/.exec(line.text.slice(0, 4000)) ?? [];
  if (path === undefined || volume === undefined) return [];
  const at = path.length + ' from '.length;
  const sub = /path="([^"]*)"/.exec(options)?.[1];
  const subAt = line.text.lastIndexOf('path="') + 'path="'.length;
  return [{
    path: slice(line, 0, path.length), volume: slice(line, at, at + volume.length),
    ...sub !== undefined && { subPath: slice(line, subAt, subAt + sub.length) },
  }];
}

function volumeOf(node: Described): VolumeText {
  const type = labelled(node.children, 'Type')?.value.text.split(' ')[0] ?? '';
  const path = present(labelled(node.children, 'Path')?.value);
  return {
    name: slice(node.line, 0, node.label.length),
    ...type === 'HostPath' && path && { hostPath: path },
    type: type.slice(0, 1).toLowerCase() + type.slice(1),
  };
}
