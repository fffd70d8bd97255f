import type { Document, Node, Pair, Scalar, YAMLMap } from 'yaml';
import { isAlias, isMap, isPair, isScalar, isSeq, parseAllDocuments, visit } from 'yaml';
import { shown } from './arguments.js';
import type { Report } from './finding.js';
import type { Range, Source } from './source.js';
import type { Word } from './word.js';
import { translated, verbatim } from './word.js';

/** A document of YAML to walk in, aliases and merge keys followed. Keys are compared, never used as properties. */
export interface YamlTree {
  readonly root: unknown;
  /** The value of a map's key; the map's own keys before merged ones. */
  get(node: unknown, key: string): unknown;
  /** The items of a list; `undefined` where it is none. */
  items(node: unknown): readonly unknown[] | undefined;
  /** The entries of a map; `undefined` where it is none. */
  entries(node: unknown): readonly { readonly key: Word; readonly value: unknown }[] | undefined;
  /** A scalar of text. */
  text(node: unknown): Word | undefined;
  /** Whether there is a value: not null, not missing. */
  exists(node: unknown): boolean;
  /** `true` or `false` as YAML says it. */
  bool(node: unknown): boolean | undefined;
  range(node: unknown): Range;
}

/** Parses every document of the text. Errors of the YAML itself are reported; a text nested too deep is refused. */
export function yamlTrees(source: Source, report: Report): readonly YamlTree[] {
  if (isTooDeep(source.text)) {
    report('CONFIG_TOO_DEEP');
    return [];
  }
  try {
    const documents = parseAllDocuments(source.text, { prettyErrors: false, logLevel: 'silent', version: '1.2', uniqueKeys: false });
    if (!Array.isArray(documents)) return [];
    return documents.map(document => {
      reportErrors(document, source, report);
      return treeOf(document, source, report);
    });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    report('CONFIG_TOO_DEEP');
    return [];
  }
}

/** Kubernetes' own objects are some thirty levels deep. Far beyond that the parser takes minutes, or the stack ends. */
const deepest = 300;

/** Looks at brackets and at lists begun on one line, without regard to quotes: a rough upper bound is enough. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  let begun = 0;
  for (const [mark] of text.matchAll(/[[{]|[\]}]|[-?:](?= )|\n/g)) {
    if (mark === '[' || mark === '{') depth++;
    else if (mark === '\n') begun = 0;
    else if (mark === ']' || mark === '}') depth = Math.max(0, depth - 1);
    else begun++;
    if (depth > deepest || begun > deepest && depth === 0) return true;
  }
  return false;
}

/** After the first malformed place the parser is out of step: its later complaints would only hide it. */
function reportErrors(document: Document.Parsed, source: Source, report: Report): void {
  const [first] = document.errors;
  for (const error of document.errors) {
    if (error !== first && error.code !== 'TAB_AS_INDENT') continue;
    const range = source.range(error.pos[0], Math.max(error.pos[1], error.pos[0] + 1));
    if (error.code === 'TAB_AS_INDENT') report('YAML_TAB', {}, range);
    else report('YAML_MALFORMED', { reason: error.message.split('\n')[0] ?? error.code }, range);
  }
}

/** Words that YAML 1.1, which Kubernetes speaks, takes for booleans and YAML 1.2 for text. */
const oldBool = /^(?:y|n|yes|no|on|off)$/i;

function treeOf(document: Document.Parsed, source: Source, report: Report): YamlTree {
  const targets = aliasTargets(document, source, report);
  const follow = (node: unknown): unknown => isAlias(node) ? targets.get(node) : node;
  const find = (map: YAMLMap, key: string, seen: Set<YAMLMap>): unknown => {
    if (seen.has(map)) return undefined;
    seen.add(map);
    const pairs: readonly Pair[] = map.items;
    const own = pairs.find(pair => keyText(pair) === key);
    if (own) return follow(own.value);
    for (const merged of pairs.filter(pair => keyText(pair) === '<<').flatMap(pair => mergedMaps(follow(pair.value), follow))) {
      const found = find(merged, key, seen);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return {
    root: document.contents,
    get: (node, key) => {
      const map = follow(node);
      return isMap(map) ? find(map, key, new Set()) : undefined;
    },
    items: node => {
      const list = follow(node);
      return isSeq(list) ? list.items.map(follow) : undefined;
    },
    entries: node => {
      const map = follow(node);
      if (!isMap(map)) return undefined;
      const pairs: readonly Pair[] = map.items;
      return pairs.flatMap(pair => isScalar(pair.key) && keyText(pair) !== '<<' ? [{ key: wordOf(pair.key, source), value: follow(pair.value) }] : []);
    },
    text: node => {
      const scalar = follow(node);
      if (!isScalar(scalar) || typeof scalar.value !== 'string') return undefined;
      return scalar.type === 'PLAIN' && oldBool.test(scalar.value) ? undefined : wordOf(scalar, source);
    },
    exists: node => {
      const value = follow(node);
      return value !== undefined && value !== null && !(isScalar(value) && value.value === null);
    },
    bool: node => {
      const scalar = follow(node);
      return isScalar(scalar) && typeof scalar.value === 'boolean' ? scalar.value : undefined;
    },
    range: node => rangeOf(isPair(node) ? node.key : node, source),
  };
}

const keyText = (pair: Pair): string | undefined => isScalar(pair.key) ? String(pair.key.value) : undefined;

function mergedMaps(node: unknown, follow: (node: unknown) => unknown): readonly YAMLMap[] {
  const nodes = isSeq(node) ? node.items.map(follow) : [node];
  return nodes.filter(one => isMap(one));
}

/**
 * The node of every alias: the last anchor of that name before it. Reports keys that stand twice in a map: the parser's own
 * search for them takes a time that grows with the square of the keys.
 */
function aliasTargets(document: Document.Parsed, source: Source, report: Report): ReadonlyMap<unknown, unknown> {
  const anchors = new Map<string, Node>();
  const targets = new Map<unknown, unknown>();
  visit(document, {
    Node: (_key, node) => {
      if (isMap(node)) reportDuplicates(node, source, report);
      if (isAlias(node)) {
        const target = anchors.get(node.source);
        if (target === undefined) report('YAML_ALIAS_UNKNOWN', { alias: shown(node.source) }, rangeOf(node, source));
        targets.set(node, target);
      } else if (node.anchor !== undefined) anchors.set(node.anchor, node);
    },
  });
  return targets;
}

function reportDuplicates(map: YAMLMap, source: Source, report: Report): void {
  const seen = new Set<string>();
  for (const { key } of map.items) {
    if (!isScalar(key)) continue;
    const text = String(key.value);
    if (seen.has(text)) report('YAML_DUPLICATE_KEY', { key: shown(text) }, rangeOf(key, source));
    seen.add(text);
  }
}

function rangeOf(node: unknown, source: Source): Range {
  const range = isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? node.range : undefined;
  return range ? source.range(range[0], range[1]) : source.range(0, 0);
}

/** A scalar as a word: letter by letter where neither escapes nor folding changed it. */
function wordOf(scalar: Scalar, source: Source): Word {
  const text = String(scalar.value);
  const [start, end] = scalar.range ?? [0, 0];
  for (const quote of [0, 1]) {
    if (source.text.slice(start + quote, end - quote) === text) return verbatim(source, [[start + quote, end - quote]]);
  }
  return translated(text, source.range(start, end));
}
