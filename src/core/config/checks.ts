import { shown } from './arguments.js';
import type { EtcdConfig, PathSetting, Setting } from './etcdConfig.js';
import { isBindable, isLoopback, readUrl } from './etcdUrl.js';
import type { Report } from './finding.js';
import { isWithinPath } from './hostPath.js';
import type { ContainerText, PodText } from './podText.js';

const advertiseAnnotation = 'kubeadm.kubernetes.io/etcd.advertise-client-urls';

/** Says what the values mean together: what would make a restore go to the wrong place, or etcd not start. */
export function checkConfig(config: EtcdConfig, pod: PodText, container: ContainerText, report: Report): void {
  checkName(config, report);
  checkCluster(config, report);
  checkUrls(config, report);
  checkAnnotation(config, report);
  checkTls(config, report);
  checkPaths(config, pod, report);
  checkMounts(config, pod, container, report);
}

function checkName({ name, dataDir }: EtcdConfig, report: Report): void {
  if (name.origin === 'default') report('NAME_DEFAULT');
  if (dataDir.origin === 'default') report('DATA_DIR_DEFAULT', { path: shown(dataDir.value) });
}

function checkCluster(config: EtcdConfig, report: Report): void {
  const { initialCluster, name, initialAdvertisePeerUrls } = config;
  if (initialCluster.origin === 'default') return;
  const own = initialCluster.value.find(entry => entry.name === name.value);
  if (own === undefined) report('NAME_NOT_IN_CLUSTER', { name: shown(name.value) }, initialCluster.range);
  else if (!sameUrls(own.urls, initialAdvertisePeerUrls.value)) {
    report('PEER_URLS_DIFFER', { name: shown(name.value), cluster: shown(own.urls.join(',')), own: shown(initialAdvertisePeerUrls.value.join(',')) }, initialCluster.range);
  }
  if (own !== undefined && initialCluster.value.length === 1) report('CLUSTER_ONLY_ITSELF', { name: shown(name.value) }, initialCluster.range);
  const seen = new Set<string>();
  const twice = initialCluster.value.flatMap(entry => entry.urls).find(url => seen.size === seen.add(url).size);
  if (twice !== undefined) report('CLUSTER_URL_TWICE', { url: shown(twice) }, initialCluster.range);
}

const sameUrls = (a: readonly string[], b: readonly string[]): boolean => [...a].sort().join() === [...b].sort().join();

function checkUrls(config: EtcdConfig, report: Report): void {
  for (const [flag, setting] of [['listen-client-urls', config.listenClientUrls], ['listen-peer-urls', config.listenPeerUrls]] as const) {
    const name = hostsOf(setting).find(host => !isBindable(host));
    if (name !== undefined) report('URL_LISTEN_NAME', { flag, host: shown(name) }, setting.range);
  }
  for (const [flag, setting] of [
    ['advertise-client-urls', config.advertiseClientUrls],
    ['initial-advertise-peer-urls', config.initialAdvertisePeerUrls],
  ] as const) {
    const loopback = hostsOf(setting).find(isLoopback);
    if (setting.origin === 'default') report('URLS_DEFAULT', { flag, urls: setting.value.join(',') });
    else if (loopback !== undefined) report('URL_LOOPBACK', { flag, host: shown(loopback) }, setting.range);
  }
}

const hostsOf = (setting: Setting<readonly string[]>): readonly string[] => setting.value.flatMap(url => {
  const read = readUrl(url);
  return typeof read === 'string' || read.port === 0 ? [] : [read.host];
});

function checkAnnotation({ pod, advertiseClientUrls }: EtcdConfig, report: Report): void {
  const annotation = pod.annotations.find(one => one.name === advertiseAnnotation);
  if (annotation && !sameUrls(annotation.value.split(','), advertiseClientUrls.value)) {
    report('ANNOTATION_DIFFERS', { annotation: shown(annotation.value), urls: shown(advertiseClientUrls.value.join(',')) }, annotation.range);
  }
}

/** etcd does not start with an `https` URL to listen on and no certificate. */
function checkTls(config: EtcdConfig, report: Report): void {
  for (const [flag, setting, tls] of [
    ['listen-client-urls', config.listenClientUrls, config.clientTls],
    ['listen-peer-urls', config.listenPeerUrls, config.peerTls],
  ] as const) {
    const secure = setting.value.some(url => url.startsWith('https:'));
    if (secure && !tls.auto.value && (tls.certFile === undefined || tls.keyFile === undefined)) {
      report('TLS_CERTIFICATE_MISSING', { flag }, setting.range);
    }
  }
}

function checkPaths(config: EtcdConfig, pod: PodText, report: Report): void {
  if (pod.volumes === undefined) report('PATHS_HOST_UNKNOWN', {}, config.dataDir.range);
  const paths: readonly (readonly [flag: string, path: PathSetting | undefined])[] = [
    ['data-dir', config.dataDir], ['wal-dir', config.walDir],
    ['cert-file', config.clientTls.certFile], ['key-file', config.clientTls.keyFile], ['trusted-ca-file', config.clientTls.trustedCaFile],
    ['peer-cert-file', config.peerTls.certFile], ['peer-key-file', config.peerTls.keyFile], ['peer-trusted-ca-file', config.peerTls.trustedCaFile],
  ];
  for (const [flag, path] of paths) if (path) checkPath(flag, path, pod.volumes !== undefined, report);
}

function checkPath(flag: string, { value, host, range, origin }: PathSetting, mapped: boolean, report: Report): void {
  const path = shown(value);
  if (!value.startsWith('/') && origin !== 'default') report('PATH_RELATIVE', { flag, path }, range);
  switch (host.kind) {
    case 'host':
      return;
    case 'volume':
      report('PATH_NOT_ON_HOST', { flag, path, volume: shown(host.volume), type: shown(host.type) }, range);
      return;
    case 'container':
      report('PATH_UNMOUNTED', { flag, path }, range);
      return;
    case 'unknown':
      if (mapped && value.startsWith('/')) report('PATH_HOST_UNKNOWN', { flag, path }, range);
  }
}

function checkMounts({ dataDir }: EtcdConfig, pod: PodText, container: ContainerText, report: Report): void {
  const volumes = pod.volumes && new Set(pod.volumes.map(one => one.name.text));
  for (const mount of container.mounts) {
    const volume = shown(mount.volume.text);
    if (volumes?.has(mount.volume.text) === false) report('VOLUME_MISSING', { volume }, mount.volume.range);
    const below = isWithinPath(mount.path.text, dataDir.value) && !isWithinPath(dataDir.value, mount.path.text);
    if (below) report('MOUNT_INSIDE_DATA_DIR', { mount: shown(mount.path.text), volume, path: shown(dataDir.value) }, mount.path.range);
  }
}
