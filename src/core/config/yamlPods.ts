import { shown } from './arguments.js';
import type { Report } from './finding.js';
import { optional } from './optional.js';
import type { ContainerText, EnvText, EnvValue, MountText, NamedWord, PodText, VolumeText } from './podText.js';
import type { Word } from './word.js';
import type { YamlTree } from './yamlTree.js';

/** Every pod of a document: a Pod, the pods of a List, or a bare piece of one (its spec, its containers, its command). */
export function podsOf(tree: YamlTree, report: Report): readonly PodText[] {
  const items = tree.items(tree.get(tree.root, 'items'));
  return (items ?? [tree.root]).flatMap(node => podOf(tree, node, report) ?? []);
}

/** The kinds of objects in a document, for saying what is there instead of a pod. */
export function kindsOf(tree: YamlTree): readonly string[] {
  const items = tree.items(tree.get(tree.root, 'items')) ?? [tree.root];
  return items.flatMap(node => tree.text(tree.get(node, 'kind'))?.text ?? []);
}

function podOf(tree: YamlTree, node: unknown, report: Report): PodText | undefined {
  const kind = tree.text(tree.get(node, 'kind'))?.text;
  if (kind !== undefined && kind !== 'Pod') return undefined;
  const spec = tree.get(node, 'spec') ?? node;
  const containers = containersOf(tree, spec, report);
  if (containers === undefined) {
    if (kind === 'Pod') report('FIELD_MISSING', { field: 'spec.containers' }, tree.range(node));
    return undefined;
  }
  const metadata = tree.get(node, 'metadata');
  const status = tree.get(node, 'status');
  return {
    ...optional('name', tree.text(tree.get(metadata, 'name'))),
    ...optional('namespace', tree.text(tree.get(metadata, 'namespace'))),
    ...optional('node', tree.text(tree.get(spec, 'nodeName'))),
    ...optional('hostIp', tree.text(tree.get(status, 'hostIP'))),
    ...optional('podIp', tree.text(tree.get(status, 'podIP'))),
    ...optional('hostNetwork', tree.bool(tree.get(spec, 'hostNetwork'))),
    annotations: annotationsOf(tree, metadata),
    containers,
    ...optional('volumes', volumesOf(tree, spec, report)),
    live: tree.exists(tree.get(metadata, 'resourceVersion')) || tree.exists(tree.get(status, 'phase')),
  };
}

function annotationsOf(tree: YamlTree, metadata: unknown): readonly NamedWord[] {
  return (tree.entries(tree.get(metadata, 'annotations')) ?? []).flatMap(({ key, value }) => {
    const word = tree.text(value);
    return word && word.text.length <= 4096 ? [{ name: key.text, value: word }] : [];
  });
}

/** A pod's containers; also a bare list of them, or one container by itself, or a bare list of words. */
function containersOf(tree: YamlTree, spec: unknown, report: Report): readonly ContainerText[] | undefined {
  const listed = tree.get(spec, 'containers');
  const nodes = tree.items(listed);
  if (nodes) return nodes.map((node, index) => containerOf(tree, node, `spec.containers[${index}]`, report));
  if (tree.exists(listed)) report('FIELD_NOT_LIST', { field: 'spec.containers' }, tree.range(listed));
  if (isContainer(tree, spec)) return [containerOf(tree, spec, 'container', report)];
  const bare = tree.items(spec);
  if (bare === undefined || bare.length === 0) return undefined;
  if (bare.every(node => isContainer(tree, node))) return bare.map((node, index) => containerOf(tree, node, `containers[${index}]`, report));
  const words = bare.flatMap(node => tree.text(node) ?? []);
  if (words.length < bare.length || !words.some(word => word.text.startsWith('--'))) return undefined;
  return [{ args: words, env: [], envFrom: [], mounts: [], range: tree.range(spec) }];
}

const isContainer = (tree: YamlTree, node: unknown): boolean =>
  tree.items(tree.get(node, 'command') ?? tree.get(node, 'args')) !== undefined;

function containerOf(tree: YamlTree, node: unknown, field: string, report: Report): ContainerText {
  const list = (key: string): readonly unknown[] => {
    const value = tree.get(node, key);
    const items = tree.items(value);
    if (items === undefined && tree.exists(value)) report('FIELD_NOT_LIST', { field: `${field}.${key}` }, tree.range(value));
    return items ?? [];
  };
  const words = (key: string) => list(key).flatMap((item, index) => textOf(tree, item, `${field}.${key}[${index}]`, report) ?? []);
  return {
    ...optional('name', tree.text(tree.get(node, 'name'))),
    ...optional('image', tree.text(tree.get(node, 'image'))),
    ...optional('workingDir', tree.text(tree.get(node, 'workingDir'))),
    ...tree.exists(tree.get(node, 'command')) && { command: words('command') },
    ...tree.exists(tree.get(node, 'args')) && { args: words('args') },
    env: list('env').flatMap((item, index) => envOf(tree, item, `${field}.env[${index}]`, report) ?? []),
    envFrom: list('envFrom').map(item => envSource(tree, item)),
    mounts: list('volumeMounts').flatMap((item, index) => mountOf(tree, item, `${field}.volumeMounts[${index}]`, report) ?? []),
    range: tree.range(node),
  };
}

/** Kubernetes takes text there and nothing else: a number or a boolean needs quotes. */
function textOf(tree: YamlTree, node: unknown, field: string, report: Report): Word | undefined {
  const word = tree.text(node);
  if (word === undefined) report('FIELD_NOT_TEXT', { field }, tree.range(node));
  return word;
}

function envOf(tree: YamlTree, node: unknown, field: string, report: Report): EnvText | undefined {
  const name = textOf(tree, tree.get(node, 'name'), `${field}.name`, report);
  if (name === undefined) return undefined;
  const from = tree.get(node, 'valueFrom');
  if (tree.exists(from)) return { name, value: valueFrom(tree, from) };
  const value = tree.get(node, 'value');
  const word = tree.exists(value) ? textOf(tree, value, `${field}.value`, report) : { ...name, text: '' };
  return word && { name, value: { kind: 'text', word } };
}

function valueFrom(tree: YamlTree, from: unknown): EnvValue {
  const path = tree.text(tree.get(tree.get(from, 'fieldRef'), 'fieldPath'));
  if (path) return { kind: 'field', path: path.text };
  const [source] = tree.entries(from) ?? [];
  const name = source && tree.text(tree.get(source.value, 'name'));
  return { kind: 'elsewhere', what: [source?.key.text, name?.text].filter(part => part !== undefined).map(shown).join(' ') };
}

function envSource(tree: YamlTree, node: unknown): string {
  const source = (tree.entries(node) ?? []).find(({ key }) => key.text.endsWith('Ref'));
  return [source?.key.text, source && tree.text(tree.get(source.value, 'name'))?.text].filter(part => part !== undefined).map(shown).join(' ');
}

function mountOf(tree: YamlTree, node: unknown, field: string, report: Report): MountText | undefined {
  const path = textOf(tree, tree.get(node, 'mountPath'), `${field}.mountPath`, report);
  const volume = textOf(tree, tree.get(node, 'name'), `${field}.name`, report);
  const subPath = tree.text(tree.get(node, 'subPath')) ?? tree.text(tree.get(node, 'subPathExpr'));
  return path && volume && { path, volume, ...optional('subPath', subPath) };
}

function volumesOf(tree: YamlTree, spec: unknown, report: Report): readonly VolumeText[] | undefined {
  const listed = tree.get(spec, 'volumes');
  const items = tree.items(listed);
  if (items === undefined) {
    if (tree.exists(listed)) report('FIELD_NOT_LIST', { field: 'spec.volumes' }, tree.range(listed));
    return tree.get(spec, 'containers') === undefined ? undefined : [];
  }
  return items.flatMap((node, index): readonly VolumeText[] => {
    const name = textOf(tree, tree.get(node, 'name'), `spec.volumes[${index}].name`, report);
    if (name === undefined) return [];
    const path = tree.text(tree.get(tree.get(node, 'hostPath'), 'path'));
    const type = tree.entries(node)?.find(({ key }) => key.text !== 'name')?.key.text ?? 'emptyDir';
    return [{ name, ...optional('hostPath', path), type }];
  });
}
