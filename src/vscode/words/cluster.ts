import { l10n } from 'vscode';
import type { DefinitionProblem, DefinitionProblemCode } from '../../core/cluster/definitionProblem.js';
import type { ArgvProblemCode } from '../../core/cluster/parseArgv.js';
import type { Message } from '../../core/errors.js';
import type { Sentence } from './sentence.js';

const problemWords: Record<DefinitionProblemCode, Sentence> = {
  NOT_A_LIST: a => l10n.t('{field} must be a list: write it in [ ].', a),
  NOT_AN_OBJECT: a => l10n.t('{field} must be an object: write it in { }.', a),
  NOT_A_TEXT: a => l10n.t('{field} must be a text: write it in quotes.', a),
  MISSING: a => l10n.t('{field} is missing.', a),
  EMPTY: a => l10n.t('{field} is empty.', a),
  UNKNOWN_FIELD: a => l10n.t('{field} is not known here. Known are: {allowed}.', a),
  CONTROL_CHARACTER: a => l10n.t('{field} holds a line break or another control character; take it out.', a),
  NOT_ONE_OF: a => l10n.t('{field} is "{value}", but must be one of: {allowed}.', a),
  NOT_A_NAME: a => l10n.t('{field} is "{value}", which is no usable name. Use letters, digits, dots, dashes and underscores, starting with a letter or digit.', a),
  NOT_A_URL: a => l10n.t('{field} is "{value}", but must be a URL with a port and nothing after it, such as https://10.0.0.1:2379.', a),
  NOT_ABSOLUTE: a => l10n.t('{field} is "{value}", but must be an absolute path without "..".', a),
  ONLY_FOR_COMMANDS: a => l10n.t('{field} is only for clusters whose "run" is "commands"; take it out.', a),
  ONLY_FOR_STATIC_PODS: a => l10n.t('{field} is only for clusters whose "run" is "staticPod"; take it out.', a),
  NEEDS_HOSTS: a => l10n.t('{field} is "host", but a member runs on "local": give every member the host it runs on, or take {field} out.', a),
  DUPLICATE: a => l10n.t('{field} is "{value}", which {otherField} of {otherCluster} has already; each needs its own.', a),
  OVERLAPS: a => l10n.t('{field} is "{value}", which lies in or around "{other}", {otherField} of {otherCluster}, on the same host. Correct one of them: a restore would move the other\'s data.', a),
};

/** What is wrong with a cluster of the settings, where, and what to do. */
export const problemSentence = (problem: DefinitionProblem): string =>
  problemWords[problem.code]({ ...problem.args, field: problem.field === '' ? 'etcdRecovery.clusters' : problem.field });

const argvWords: Record<ArgvProblemCode, Sentence> = {
  ARGV_EMPTY: () => l10n.t('Type the command and its arguments.'),
  ARGV_OPEN_QUOTE: () => l10n.t('A quote or backslash is left open at the end.'),
  ARGV_SHELL: a => l10n.t('No shell runs this command, so "{operator}" would mean nothing. Put it in single quotes if it is part of an argument; put pipes and variables into a script and give the script here.', a),
  ARGV_CONTROL: () => l10n.t('The command holds a line break or another control character.'),
};

/** Why a typed command line cannot be used. */
export const argvSentence = (message: Message<ArgvProblemCode>): string => argvWords[message.code](message.args);
