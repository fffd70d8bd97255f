import type { Given } from './arguments.js';
import { shown } from './arguments.js';
import type { ClusterEntry, PathSetting, Setting } from './etcdConfig.js';
import { readUrl } from './etcdUrl.js';
import type { Report } from './finding.js';
import { goBool, goInteger } from './goValue.js';
import { hostPathOf, normal } from './hostPath.js';
import type { ContainerText, PodText } from './podText.js';
import type { Word } from './word.js';
import { slice } from './word.js';

/** Reads single values out of the flags that were given; what etcd would refuse is reported, and its default taken. */
export interface Settings {
  text(flag: string, byDefault: string): Setting<string>;
  optionalText(flag: string): Setting<string> | undefined;
  bool(flag: string): Setting<boolean>;
  number(flag: string): Setting<number> | undefined;
  urls(flag: string): Setting<readonly string[]> | undefined;
  cluster(flag: string): Setting<readonly ClusterEntry[]> | undefined;
  path(flag: string): PathSetting | undefined;
  /** A path etcd takes by itself. */
  defaultPath(path: string): PathSetting;
}

/** The settings of one container. */
export function settingsOf(given: readonly Given[], pod: PodText, container: ContainerText, report: Report): Settings {
  const last = new Map(given.map(argument => [argument.flag, argument]));
  const placed = <T>(argument: Given, value: T): Setting<T> => ({ value, origin: argument.origin, range: argument.range });
  const hostOf = (path: string) => hostPathOf(absolute(path, container), pod, container);
  const of = <T>(flag: string, read: (argument: Given) => T | undefined): Setting<T> | undefined => {
    const argument = last.get(flag);
    const value = argument === undefined || argument.value === '' ? undefined : read(argument);
    return argument === undefined || value === undefined ? undefined : placed(argument, value);
  };
  const optionalText = (flag: string) => of(flag, argument => argument.value);
  return {
    optionalText,
    text: (flag, byDefault) => optionalText(flag) ?? { value: byDefault, origin: 'default' },
    bool: flag => of(flag, argument => goBool(argument.value)) ?? { value: false, origin: 'default' },
    number: flag => of(flag, argument => {
      const value = goInteger(argument.value);
      return value === undefined ? undefined : Number(value);
    }),
    urls: flag => of(flag, argument => readUrls(argument.word, flag, report)),
    cluster: flag => of(flag, argument => readCluster(argument.word, report)),
    path: flag => {
      const setting = optionalText(flag);
      return setting && { ...setting, host: hostOf(setting.value) };
    },
    defaultPath: path => ({ value: path, origin: 'default', host: hostOf(path) }),
  };
}

const absolute = (path: string, container: ContainerText): string =>
  path.startsWith('/') || container.workingDir === undefined ? path : normal(`${container.workingDir.text}/${path}`);

/** The comma-separated parts of a word, trimmed as etcd does. */
function partsOf(word: Word): readonly Word[] {
  const parts: Word[] = [];
  let at = 0;
  for (const piece of word.text.split(',')) {
    const lead = piece.length - piece.trimStart().length;
    parts.push(slice(word, at + lead, at + lead + piece.trim().length));
    at += piece.length + 1;
  }
  return parts;
}

function readUrls(word: Word, flag: string, report: Report): readonly string[] {
  const urls = partsOf(word);
  for (const url of urls) checkUrl(url, flag, report);
  return urls.map(url => url.text);
}

/** Reads `name=url,name=url` (etcd: client/pkg/types/urlsmap.go). */
function readCluster(word: Word, report: Report): readonly ClusterEntry[] {
  const gathered = new Map<string, string[]>();
  for (const part of partsOf(word)) {
    const equals = part.text.indexOf('=');
    if (equals < 1 || equals === part.text.length - 1) {
      report('CLUSTER_ENTRY_MALFORMED', { entry: shown(part.text) }, part.range);
      continue;
    }
    checkUrl(slice(part, equals + 1), 'initial-cluster', report);
    const name = part.text.slice(0, equals);
    const urls = gathered.get(name);
    if (urls) urls.push(part.text.slice(equals + 1));
    else gathered.set(name, [part.text.slice(equals + 1)]);
  }
  return [...gathered].map(([name, urls]) => ({ name, urls }));
}

function checkUrl(url: Word, flag: string, report: Report): void {
  const read = readUrl(url.text);
  if (typeof read === 'string') report('URL_MALFORMED', { flag, url: shown(url.text), fault: read }, url.range);
}
