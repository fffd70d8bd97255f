import type { Argument, Given } from './arguments.js';
import { checkArguments, readArguments, readVariables, shown, unknowable } from './arguments.js';
import { checkConfig } from './checks.js';
import type { EtcdConfig, PodFacts, TlsConfig } from './etcdConfig.js';
import type { ConfigErrorCode } from './errors.js';
import { severities } from './errors.js';
import { etcdCommandOf } from './etcdContainer.js';
import { expand } from './expansion.js';
import type { Report } from './finding.js';
import { optional } from './optional.js';
import type { ContainerText, PodText } from './podText.js';
import type { Settings } from './settings.js';
import { settingsOf } from './settings.js';
import type { Variables } from './variables.js';
import { variablesOf } from './variables.js';
import { imageVersion, isSupported } from './version.js';
import type { Word } from './word.js';
import { rewritten } from './word.js';

/** What could be read of one pod: the configuration is absent where an error forbids to trust it. */
export interface MemberReading {
  readonly pod: PodFacts;
  readonly config?: EtcdConfig;
}

/**
 * Reads one pod's etcd. Every finding is reported, not only the first; only where words are in doubt (`sure` is false, or
 * one of them is no flag) nothing is said of flags that may merely have been missed.
 */
export function readMember(pod: PodText, sure: boolean, report: Report): MemberReading {
  const errors: ConfigErrorCode[] = [];
  const watched: Report = (code, args, range) => {
    if (severities[code] === 'error') errors.push(code);
    report(code, args, range);
  };
  const command = etcdCommandOf(pod, report);
  if (command === undefined) return { pod: podFacts(pod, undefined, report) };
  const { container } = command;
  const facts = podFacts(pod, container, report);
  const variables = variablesOf(pod, container);
  const words = expandWords(command.words, variables, watched);
  const onLine = readArguments(words, watched);
  const given = [...onLine, ...readVariables(variables, onLine, watched)];
  checkArguments(given, facts.version, report);
  const settings = settingsOf(given, pod, container, report);
  const file = settings.path('config-file');
  if (file) {
    report('CONFIG_FILE_ELSEWHERE', { path: shown(file.value), hostPath: file.host.kind === 'host' ? shown(file.host.path) : '' }, file.range);
    return { pod: facts };
  }
  const config = configOf(facts, given, settings);
  if (sure && errors.length === 0) checkConfig(config, pod, container, report);
  return { pod: facts, config };
}

function expandWords(words: readonly Word[], variables: Variables, report: Report): readonly Word[] {
  return words.map(word => {
    if (!word.text.includes('$')) return word;
    const { text, missing } = expand(word.text, name => variables.lookUp(name));
    const flag = /^--?([^=]+)/.exec(word.text)?.[1] ?? '';
    for (const { variable, because } of missing) {
      if (because.kind === 'undefined') report('VARIABLE_UNDEFINED', { flag: shown(flag), variable: shown(variable) }, word.range);
      else report(unknowable(flag), { flag: shown(flag), variable: shown(variable), source: shown(because.what) }, word.range);
    }
    return rewritten(word, text);
  });
}

function podFacts(pod: PodText, container: ContainerText | undefined, report: Report): PodFacts {
  const version = container?.image && imageVersion(container.image.text);
  const image = container?.image;
  if (image && version === undefined) report('IMAGE_VERSION_UNKNOWN', { image: shown(image.text) }, image.range);
  if (image && version && !isSupported(version)) report('VERSION_UNSUPPORTED', { version: version.text }, image.range);
  return {
    ...placed('name', pod.name), ...placed('namespace', pod.namespace), ...placed('node', pod.node), ...placed('hostIp', pod.hostIp),
    ...pod.hostNetwork !== undefined && { hostNetwork: pod.hostNetwork },
    annotations: pod.annotations.map(({ name, value }) => ({ name, value: value.text, range: value.range })),
    ...placed('container', container?.name), ...placed('image', image), ...version && { version },
  };
}

const placed = <K extends string>(key: K, word: Word | undefined) =>
  word && { [key]: { value: word.text, range: word.range } } as Readonly<Record<K, { readonly value: string; readonly range: Word['range'] }>>;

function configOf(pod: PodFacts, given: readonly Given[], settings: Settings): EtcdConfig {
  const name = settings.text('name', 'default');
  const local = (port: number) => ({ value: [`http://localhost:${port}`], origin: 'default' as const });
  const initialAdvertisePeerUrls = settings.urls('initial-advertise-peer-urls') ?? local(2380);
  return {
    pod,
    arguments: given.map(withoutWord),
    name,
    dataDir: settings.path('data-dir') ?? settings.defaultPath(`${name.value}.etcd`),
    ...optional('walDir', settings.path('wal-dir')),
    listenClientUrls: settings.urls('listen-client-urls') ?? local(2379),
    advertiseClientUrls: settings.urls('advertise-client-urls') ?? local(2379),
    listenPeerUrls: settings.urls('listen-peer-urls') ?? local(2380),
    initialAdvertisePeerUrls,
    ...optional('listenMetricsUrls', settings.urls('listen-metrics-urls')),
    ...optional('listenClientHttpUrls', settings.urls('listen-client-http-urls')),
    initialCluster: settings.cluster('initial-cluster')
      ?? { value: [{ name: name.value, urls: initialAdvertisePeerUrls.value }], origin: 'default' },
    initialClusterState: stateOf(settings),
    initialClusterToken: settings.text('initial-cluster-token', 'etcd-cluster'),
    clientTls: tlsOf(settings, ''),
    peerTls: tlsOf(settings, 'peer-'),
    quotaBackendBytes: settings.number('quota-backend-bytes') ?? { value: 0, origin: 'default' },
    autoCompactionMode: settings.text('auto-compaction-mode', 'periodic'),
    autoCompactionRetention: settings.text('auto-compaction-retention', '0'),
    ...optional('snapshotCount', settings.number('snapshot-count')),
  };
}

function stateOf(settings: Settings): EtcdConfig['initialClusterState'] {
  const state = settings.text('initial-cluster-state', 'new');
  return { ...state, value: state.value === 'existing' ? 'existing' : 'new' };
}

const tlsOf = (settings: Settings, prefix: '' | 'peer-'): TlsConfig => ({
  ...optional('certFile', settings.path(`${prefix}cert-file`)),
  ...optional('keyFile', settings.path(`${prefix}key-file`)),
  ...optional('trustedCaFile', settings.path(`${prefix}trusted-ca-file`)),
  clientCertAuth: settings.bool(`${prefix}client-cert-auth`),
  auto: settings.bool(`${prefix}auto-tls`),
});

const withoutWord = ({ flag, value, origin, range }: Given): Argument => ({ flag, value, origin, range });
