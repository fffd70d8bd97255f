import type { Variable } from './expansion.js';
import { expand } from './expansion.js';
import type { ContainerText, EnvText, PodText } from './podText.js';
import type { Word } from './word.js';

/** A container's environment, as far as the text tells. */
export interface Variables {
  lookUp(name: string): Variable;
  /** The last entry of every name, in the order of the text. */
  readonly entries: readonly { readonly name: Word; readonly value: Variable; readonly word?: Word }[];
}

const undefinedVariable: Variable = { kind: 'undefined' };

/** Builds the environment as the kubelet does: entries in order, each seeing those before it, the last of a name wins. */
export function variablesOf(pod: PodText, container: ContainerText): Variables {
  const values = new Map<string, Variable>();
  const entries = new Map<string, Variables['entries'][number]>();
  const source = container.envFrom[0];
  const absent: Variable = source === undefined ? undefinedVariable : { kind: 'elsewhere', what: source };
  const lookUp = (name: string): Variable => values.get(name) ?? (isServiceVariable(name) ? { kind: 'elsewhere', what: 'services' } : absent);
  for (const entry of container.env) {
    const value = valueOf(pod, entry, lookUp);
    const name = entry.name.text;
    values.set(name, value);
    entries.set(name, entry.value.kind === 'text' ? { name: entry.name, value, word: entry.value.word } : { name: entry.name, value });
  }
  return { lookUp, entries: [...entries.values()] };
}

/** Kubernetes adds these for every service of the namespace. */
const isServiceVariable = (name: string): boolean => /_SERVICE_(?:HOST|PORT)|_PORT(?:_|$)/.test(name);

/** A text can grow at each step of a chain of references; etcd's own never do. */
const longestValue = 100_000;

function valueOf(pod: PodText, entry: EnvText, lookUp: (name: string) => Variable): Variable {
  switch (entry.value.kind) {
    case 'text': {
      const { text, missing } = expand(entry.value.word.text, lookUp);
      const unknown = missing.find(one => one.because.kind === 'elsewhere');
      if (unknown) return unknown.because;
      return text.length > longestValue ? { kind: 'elsewhere', what: entry.name.text } : { kind: 'text', text };
    }
    case 'field':
      return fieldOf(pod, entry.value.path);
    case 'elsewhere':
      return { kind: 'elsewhere', what: entry.value.what };
  }
}

/** A field of the pod, where the text holds its final value: a manifest's name gets the node's name appended. */
function fieldOf(pod: PodText, path: string): Variable {
  const annotation = /^metadata\.annotations\['(.*)'\]$/.exec(path)?.[1];
  const found = annotation === undefined
    ? fields(pod).get(path)
    : pod.annotations.find(one => one.name === annotation)?.value;
  return found === undefined ? { kind: 'elsewhere', what: path } : { kind: 'text', text: found.text };
}

const fields = (pod: PodText): ReadonlyMap<string, Word | undefined> => new Map([
  ['metadata.name', pod.live ? pod.name : undefined],
  ['metadata.namespace', pod.namespace],
  ['spec.nodeName', pod.node],
  ['status.hostIP', pod.hostIp],
  ['status.podIP', pod.podIp],
]);
