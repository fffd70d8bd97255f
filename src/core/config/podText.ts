import type { Range } from './source.js';
import type { Word } from './word.js';

/** A pod as a text tells of it, whatever kind of text: the common ground of all readers. */
export interface PodText {
  readonly name?: Word;
  readonly namespace?: Word;
  readonly node?: Word;
  readonly hostIp?: Word;
  readonly podIp?: Word;
  readonly hostNetwork?: boolean;
  readonly annotations: readonly NamedWord[];
  readonly containers: readonly ContainerText[];
  /** Absent where the text cannot tell of volumes (flags alone). */
  readonly volumes?: readonly VolumeText[];
  /** Whether the pod runs in a cluster: then its name is its final name. */
  readonly live: boolean;
}

export interface NamedWord {
  readonly name: string;
  readonly value: Word;
}

export interface ContainerText {
  readonly name?: Word;
  readonly image?: Word;
  readonly workingDir?: Word;
  readonly command?: readonly Word[];
  readonly args?: readonly Word[];
  readonly env: readonly EnvText[];
  /** Names of the config maps and secrets whose keys become variables we cannot see. */
  readonly envFrom: readonly string[];
  readonly mounts: readonly MountText[];
  readonly range: Range;
}

export interface EnvText {
  readonly name: Word;
  readonly value: EnvValue;
}

/** A variable's value: text, a field of the pod, or something that stands elsewhere. */
export type EnvValue =
  | { readonly kind: 'text'; readonly word: Word }
  | { readonly kind: 'field'; readonly path: string }
  | { readonly kind: 'elsewhere'; readonly what: string };

export interface MountText {
  readonly path: Word;
  readonly volume: Word;
  readonly subPath?: Word;
}

export interface VolumeText {
  readonly name: Word;
  /** The host's path; absent for every other type of volume. */
  readonly hostPath?: Word;
  /** `hostPath`, `emptyDir`, `persistentVolumeClaim` … in the text's own words. */
  readonly type: string;
}
