import { shown } from './arguments.js';
import { describedPods } from './describedPods.js';
import type { ConfigErrorCode } from './errors.js';
import type { EtcdConfig, PodFacts, TextKind } from './etcdConfig.js';
import { looksLikeEtcd } from './etcdContainer.js';
import type { Finding, Report } from './finding.js';
import { refuses, reportTo } from './finding.js';
import { podOfFlags } from './flagText.js';
import { readMember } from './memberConfig.js';
import type { PodText } from './podText.js';
import { sourceOf } from './source.js';
import type { Source } from './source.js';
import { textLook } from './textKind.js';
import { kindsOf, podsOf } from './yamlPods.js';
import { yamlTrees } from './yamlTree.js';

/** What came of reading a text: a configuration, or a refusal whose findings hold at least one error. */
export type ConfigReading = Read | Refused;

export interface Read {
  readonly ok: true;
  readonly kind: TextKind;
  readonly config: EtcdConfig;
  /** Further members, where the text holds several etcd pods (`kubectl get pod -l component=etcd -o yaml`). */
  readonly others: readonly EtcdConfig[];
  readonly findings: readonly Finding[];
}

export interface Refused {
  readonly ok: false;
  /** Absent when the text is none of the kinds. */
  readonly kind?: TextKind;
  /** What could be read of the pods all the same. */
  readonly pods: readonly PodFacts[];
  readonly findings: readonly Finding[];
}

/** In UTF-16 units: all pods of `kube-system` as YAML are below it, and the worst text of this size takes seconds, not minutes. */
const largestText = 512 * 1024;

/**
 * Reads etcd's configuration out of a static-pod manifest, `kubectl get -o yaml|json`, `kubectl describe`, or bare flags,
 * and tells which of them it is. Pure, and total: whatever the text, a reading comes back. Ranges are of `text` as given.
 */
export function readConfig(text: string, options: { readonly fileName?: string } = {}): ConfigReading {
  const findings: Finding[] = [];
  const report = reportTo(findings);
  const file = shown(options.fileName ?? '');
  if (text.length > largestText) report('CONFIG_TOO_LARGE', { file, size: text.length, limit: largestText });
  else if (text.trim() === '') report('CONFIG_EMPTY', { file });
  if (refuses(findings)) return { ok: false, pods: [], findings };
  const { kind, pods } = podsIn(sourceOf(text), file, report);
  const etcd = pods.length > 1 ? pods.filter(pod => pod.containers.some(looksLikeEtcd)) : pods;
  const sure = !refuses(findings);
  const readings = (etcd.length > 0 ? etcd : pods).map(pod => readMember(pod, sure, report));
  if (kind === 'flags') refuseSeveral(findings, report);
  const [config, ...others] = readings.flatMap(reading => reading.config ?? []);
  if (config === undefined || kind === undefined || refuses(findings)) {
    return { ok: false, ...kind && { kind }, pods: readings.map(reading => reading.pod), findings };
  }
  return { ok: true, kind, config, others, findings };
}

/** Bare flags have no borders: the flags of two members would be read as one member that does not exist. */
function refuseSeveral(findings: readonly Finding[], report: Report): void {
  const repeated = findings.find(finding => finding.code === 'FLAG_REPEATED');
  if (repeated) report('CONFIG_SEVERAL_MEMBERS', { flag: repeated.args['flag'] ?? '' }, repeated.range);
}

interface Pods {
  readonly kind?: TextKind;
  readonly pods: readonly PodText[];
}

function podsIn(source: Source, file: string, report: Report): Pods {
  const look = textLook(source.text);
  switch (look) {
    case 'describe':
      return { kind: look, pods: describedPods(source, report) };
    case 'flags':
      return { kind: look, pods: [podOfFlags(source, report)] };
    case 'yaml':
    case 'json':
      return podsInYaml(source, look, file, report);
    case 'unit':
    case 'environment':
    case 'configFile':
      report('CONFIG_KIND_NOT_READ', { file, kind: look });
      return { pods: [] };
    case 'unknown':
      report('CONFIG_KIND_UNKNOWN', { file });
      return { pods: [] };
  }
}

function podsInYaml(source: Source, look: 'yaml' | 'json', file: string, report: Report): Pods {
  const faults: ConfigErrorCode[] = [];
  const noted: Report = (code, args, range) => {
    faults.push(code);
    report(code, args, range);
  };
  const trees = yamlTrees(source, noted);
  if (faults.some(code => code !== 'YAML_DUPLICATE_KEY' && code !== 'YAML_ALIAS_UNKNOWN')) return { kind: look === 'json' ? 'podJson' : 'manifest', pods: [] };
  const pods = trees.flatMap(tree => podsOf(tree, noted));
  if (pods.length === 0 && faults.length === 0) {
    const kinds = trees.flatMap(kindsOf).slice(0, 5).map(shown).join(', ');
    report(kinds === '' ? 'CONFIG_KIND_UNKNOWN' : 'POD_MISSING', { file, kinds });
  }
  return { kind: look === 'json' ? 'podJson' : pods.some(pod => pod.live) ? 'podYaml' : 'manifest', pods };
}
