import { l10n } from 'vscode';
import type { ConfigErrorCode } from '../../core/config/errors.js';
import type { Sentence } from './sentence.js';

/** How etcd is started: its command, flags and variables. */
export const commandWords = {
  COMMAND_MISSING: a => l10n.t('Line {line}, column {column}: the container {container} has no command, so its flags are unknown. Add command: ["etcd", …] or paste the pod as it runs.', a),
  COMMAND_IN_SHELL: a => l10n.t('Line {line}, column {column}: the container {container} starts etcd through a shell ({shell}). Its flags depend on what the script does and cannot be read safely. Enter the cluster by its endpoints and paths instead.', a),
  COMMAND_NOT_ETCD: a => l10n.t('Line {line}, column {column}: the container {container} starts {command}, not etcd itself, so its flags cannot be read safely. Enter the cluster by its endpoints and paths instead.', a),
  COMMAND_NOT_MEMBER: a => l10n.t('Line {line}, column {column}: the container {container} runs "etcd {role}", which is not a member of a cluster. Open the manifest of the member.', a),
  COMMAND_FROM_IMAGE: a => l10n.t('Line {line}, column {column}: the container {container} names no command; the image {image} is taken to start etcd itself. Compare with the process on the host.', a),
  CONFIG_FILE_ELSEWHERE: a => l10n.t('Line {line}, column {column}: etcd reads its settings from the file {path} and ignores all flags. That file is not read yet. Enter the cluster by its endpoints and paths instead.', a),
  ARGUMENT_NOT_FLAG: a => l10n.t('Line {line}, column {column}: "{argument}" is not a flag; etcd stops here. After a switch, write =true or =false without a space.', a),
  ARGUMENT_MALFORMED: a => l10n.t('Line {line}, column {column}: "{argument}" is not a flag that etcd can read. Write --name=value.', a),
  FLAG_VALUE_MISSING: a => l10n.t('Line {line}, column {column}: --{flag} has no value. Write --{flag}=value.', a),
  FLAG_VALUE_INVALID: a => l10n.t('Line {line}, column {column}: etcd does not take "{value}" for --{flag} (expected: {expected}). Correct the value.', a),
  FLAG_UNKNOWN: a => l10n.t('Line {line}, column {column}: etcd has no flag --{flag}, in no version from 3.4 to 3.7. Remove it, or etcd does not start.', a),
  FLAG_UNKNOWN_SIMILAR: a => l10n.t('Line {line}, column {column}: etcd has no flag --{flag}. Did you mean --{similar}?', a),
  FLAG_NOT_IN_VERSION: a => l10n.t('Line {line}, column {column}: etcd {version} has no flag --{flag} (it is in {versions}). Remove it, or etcd does not start.', a),
  FLAG_REPEATED: a => l10n.t('Line {line}, column {column}: --{flag} is given again; the last one counts. Remove the others.', a),
  FLAG_AND_VARIABLE: a => l10n.t('Line {line}, column {column}: {variable} is set although --{flag} is given; etcd does not start with both. Remove one.', a),
  VARIABLE_UNKNOWN: a => l10n.t('Line {line}, column {column}: {variable} sets no flag of etcd and is ignored. Check its spelling.', a),
  VARIABLE_UNDEFINED: a => l10n.t('Line {line}, column {column}: --{flag} uses $({variable}), which is not defined in the container. Define it, or write the value.', a),
  VARIABLE_UNKNOWABLE: a => l10n.t('Line {line}, column {column}: the value of --{flag} depends on {variable}, which comes from {source} and does not stand in this text. Paste "kubectl get pod -o yaml" of the running pod, or write the value.', a),
  VARIABLE_LEFT_OPEN: a => l10n.t('Line {line}, column {column}: the value of --{flag} depends on {variable}, which comes from {source}. It is left open; a restore does not need it.', a),
  URL_MALFORMED: a => l10n.t('Line {line}, column {column}: "{url}" in --{flag} is not a URL that etcd takes ({fault}). Write https://host:port.', a),
  URL_LISTEN_NAME: a => l10n.t('Line {line}, column {column}: etcd cannot listen on the name {host} in --{flag}. Write an IP address.', a),
  URL_LOOPBACK: a => l10n.t('Line {line}, column {column}: --{flag} says {host}, which no other machine can reach. Write the address of this machine.', a),
  CLUSTER_ENTRY_MALFORMED: a => l10n.t('Line {line}, column {column}: "{entry}" in --initial-cluster is not name=url. Correct it.', a),
} satisfies Partial<Record<ConfigErrorCode, Sentence>>;
