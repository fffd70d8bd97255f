/** How much a finding weighs: an error refuses the text, a warning is a danger, an info is worth knowing. */
export type Severity = 'error' | 'warning' | 'info';

/** Every code of the configuration reader with its weight; the arguments name the place (`line`, `column`, from 1). */
export const severities = {
  // The text as a whole.
  CONFIG_EMPTY: 'error',
  CONFIG_TOO_LARGE: 'error',
  CONFIG_TOO_DEEP: 'error',
  CONFIG_KIND_UNKNOWN: 'error',
  CONFIG_KIND_NOT_READ: 'error',
  CONFIG_LINE_BROKEN: 'error',
  CONFIG_RUN_TOGETHER: 'error',
  CONFIG_SEVERAL_MEMBERS: 'error',
  // YAML and the pod in it.
  YAML_MALFORMED: 'error',
  YAML_DUPLICATE_KEY: 'error',
  YAML_TAB: 'error',
  YAML_ALIAS_UNKNOWN: 'error',
  FIELD_NOT_LIST: 'error',
  FIELD_NOT_TEXT: 'error',
  FIELD_MISSING: 'error',
  POD_MISSING: 'error',
  CONTAINER_MISSING: 'error',
  CONTAINER_AMBIGUOUS: 'error',
  // The command.
  COMMAND_MISSING: 'error',
  COMMAND_IN_SHELL: 'error',
  COMMAND_NOT_ETCD: 'error',
  COMMAND_NOT_MEMBER: 'error',
  COMMAND_FROM_IMAGE: 'warning',
  CONFIG_FILE_ELSEWHERE: 'error',
  // Flags and variables.
  ARGUMENT_NOT_FLAG: 'error',
  ARGUMENT_MALFORMED: 'error',
  FLAG_VALUE_MISSING: 'error',
  FLAG_VALUE_INVALID: 'error',
  FLAG_UNKNOWN: 'warning',
  FLAG_UNKNOWN_SIMILAR: 'warning',
  FLAG_NOT_IN_VERSION: 'warning',
  FLAG_REPEATED: 'warning',
  FLAG_AND_VARIABLE: 'warning',
  VARIABLE_UNKNOWN: 'warning',
  VARIABLE_UNDEFINED: 'error',
  VARIABLE_UNKNOWABLE: 'error',
  VARIABLE_LEFT_OPEN: 'warning',
  URL_MALFORMED: 'error',
  URL_LISTEN_NAME: 'warning',
  URL_LOOPBACK: 'warning',
  CLUSTER_ENTRY_MALFORMED: 'error',
  // What the values mean together.
  NAME_DEFAULT: 'warning',
  NAME_NOT_IN_CLUSTER: 'warning',
  PEER_URLS_DIFFER: 'warning',
  CLUSTER_ONLY_ITSELF: 'info',
  CLUSTER_URL_TWICE: 'warning',
  ANNOTATION_DIFFERS: 'warning',
  DATA_DIR_DEFAULT: 'warning',
  URLS_DEFAULT: 'warning',
  TLS_CERTIFICATE_MISSING: 'warning',
  PATH_RELATIVE: 'warning',
  PATH_NOT_ON_HOST: 'warning',
  PATH_UNMOUNTED: 'warning',
  PATH_HOST_UNKNOWN: 'warning',
  PATHS_HOST_UNKNOWN: 'info',
  VOLUME_MISSING: 'warning',
  MOUNT_INSIDE_DATA_DIR: 'warning',
  IMAGE_VERSION_UNKNOWN: 'info',
  VERSION_UNSUPPORTED: 'warning',
} as const satisfies Readonly<Record<string, Severity>>;

/** What can be wrong with a source of etcd's configuration; the arguments name line and column. */
export type ConfigErrorCode = keyof typeof severities;
