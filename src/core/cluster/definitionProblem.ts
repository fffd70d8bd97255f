import type { Message } from '../errors.js';

/** What can be wrong with a value of the setting `etcdRecovery.clusters`. */
export type DefinitionProblemCode =
  | 'NOT_A_LIST'
  | 'NOT_AN_OBJECT'
  | 'NOT_A_TEXT'
  | 'MISSING'
  | 'EMPTY'
  | 'UNKNOWN_FIELD'
  | 'CONTROL_CHARACTER'
  | 'NOT_ONE_OF'
  | 'NOT_A_NAME'
  | 'NOT_A_URL'
  | 'NOT_ABSOLUTE'
  | 'ONLY_FOR_COMMANDS'
  | 'ONLY_FOR_STATIC_PODS'
  /** Files on the members' hosts, and a member without a host. */
  | 'NEEDS_HOSTS'
  | 'DUPLICATE'
  | 'OVERLAPS';

/** One thing wrong, and where: the words are the editor's business. */
export interface DefinitionProblem extends Message<DefinitionProblemCode> {
  /** Index of the cluster in the setting; -1 when the setting as a whole is wrong. */
  readonly index: number;
  /** Its name, as far as it has one. */
  readonly cluster: string;
  /** Path inside the cluster, for example `members[1].dataDir`. */
  readonly field: string;
}
