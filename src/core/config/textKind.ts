import type { TextKind } from './etcdConfig.js';

/** What a text is by its look. `unit`, `environment` and `configFile` are told apart so that they can be named. */
export type TextLook = Exclude<TextKind, 'manifest' | 'podYaml' | 'podJson'> | 'yaml' | 'json' | 'unit' | 'environment' | 'configFile' | 'unknown';

/** Tells which kind of text it is, without reading it through. */
export function textLook(text: string): TextLook {
  if (/^\s*[[{]/.test(text) && !/^\s*\[(?:Unit|Service|Install)\]/.test(text)) return 'json';
  if (/^\[(?:Unit|Service)\]\s*$/m.test(text)) return 'unit';
  if (/^[ \t]*Name:[ \t]+\S/m.test(text) && /^[ \t]*Containers:[ \t]*$/m.test(text) && /^[ \t]*(?:Command|Args|Image):/m.test(text)) return 'describe';
  if (/^(?:apiVersion|kind|metadata|spec|items|containers|command|args) *:/m.test(text) || /^[ \t]*- +(?:name|command|args|image) *:/m.test(text)) return 'yaml';
  if (/^(?:export +)?ETCD_[A-Z_]+=/m.test(text)) return 'environment';
  if (/^(?:data-dir|initial-cluster|listen-peer-urls|listen-client-urls|initial-advertise-peer-urls) *:/m.test(text)) return 'configFile';
  if (/--?[a-z][a-z-]*(?:=|\s)/.test(text) && /--?(?:name|data-dir|initial-|listen-|advertise-|cert-file|trusted-ca-file|peer-|config-file)/.test(text)) return 'flags';
  return /^\s*(?:-|[\w"'.-]+ *:)/.test(text) ? 'yaml' : 'unknown';
}
