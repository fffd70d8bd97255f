import { l10n } from 'vscode';
import type { ConfigErrorCode } from '../../core/config/errors.js';
import { commandWords } from './configCommand.js';
import { memberWords } from './configMember.js';
import type { Sentence } from './sentence.js';

/** The text as a whole, and the pod in it. */
const textWords = {
  CONFIG_EMPTY: () => l10n.t('There is no text to read. Paste etcd.yaml, or the output of "kubectl describe pod" or "kubectl get pod -o yaml" for an etcd pod.'),
  CONFIG_TOO_LARGE: a => l10n.t('The text is too large to be read: {size} characters, at most {limit} are. Paste the etcd pod alone.', a),
  CONFIG_TOO_DEEP: () => l10n.t('The text is nested too deep to be read safely. Paste the etcd pod alone.'),
  CONFIG_KIND_UNKNOWN: () => l10n.t('This text does not show how etcd is run. Paste etcd.yaml, or the output of "kubectl describe pod" or "kubectl get pod -o yaml" for an etcd pod.'),
  CONFIG_KIND_NOT_READ: a => l10n.t('This kind of text ({kind}) is not read yet. Enter the cluster by its endpoints and paths instead.', a),
  CONFIG_LINE_BROKEN: a => l10n.t('Line {line}, column {column}: it cannot be told whether "{text}" continues the line above. Paste the text again with its lines whole.', a),
  CONFIG_RUN_TOGETHER: a => l10n.t('Line {line}, column {column}: flags run together and cannot be told apart safely at "{text}". Put each flag on a line of its own.', a),
  CONFIG_SEVERAL_MEMBERS: a => l10n.t('Line {line}, column {column}: --{flag} is given again, as if these were the flags of several members. Paste one member alone, or "kubectl get pod -l component=etcd -o yaml" for all.', a),
  YAML_MALFORMED: a => l10n.t('Line {line}, column {column}: this is not valid YAML ({reason}). Correct it and read it again.', a),
  YAML_DUPLICATE_KEY: a => l10n.t('Line {line}, column {column}: the key {key} stands twice in the same place, so it is not clear which one counts. Remove one.', a),
  YAML_TAB: a => l10n.t('Line {line}, column {column}: YAML cannot be indented with tabs. Use spaces.', a),
  YAML_ALIAS_UNKNOWN: a => l10n.t('Line {line}, column {column}: the alias *{alias} refers to nothing above it. Define &{alias} first.', a),
  FIELD_NOT_LIST: a => l10n.t('Line {line}, column {column}: {field} must be a list, one item a line with "- " before it.', a),
  FIELD_NOT_TEXT: a => l10n.t('Line {line}, column {column}: {field} must be text; Kubernetes refuses numbers and booleans here. Put it in quotes.', a),
  FIELD_MISSING: a => l10n.t('Line {line}, column {column}: {field} is missing. Paste the whole pod.', a),
  POD_MISSING: a => l10n.t('The text holds no pod, only: {kinds}. Open the static-pod manifest, usually /etc/kubernetes/manifests/etcd.yaml.', a),
  CONTAINER_MISSING: a => l10n.t('The pod {pod} has no container that runs etcd, only: {containers}. Open the manifest of etcd.', a),
  CONTAINER_AMBIGUOUS: a => l10n.t('Line {line}, column {column}: several containers of the pod {pod} run etcd ({containers}). Paste one of them alone.', a),
} satisfies Partial<Record<ConfigErrorCode, Sentence>>;

export const configWords: Record<ConfigErrorCode, Sentence> = { ...textWords, ...commandWords, ...memberWords };
