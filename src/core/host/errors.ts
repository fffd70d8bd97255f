/** What can go wrong between the editor and a host; `host` is the name the person gave it. */
export type HostErrorCode =
  /** `target` cannot be the name of a host. */
  | 'HOST_TARGET_INVALID'
  /** A script's argument holds a control character; it would not arrive as it is. */
  | 'HOST_ARGUMENT_INVALID'
  | 'HOST_CONFIG_INVALID'
  | 'HOST_UNREACHABLE'
  | 'HOST_TIMEOUT'
  /** The connection went before the outcome came: nobody knows it. */
  | 'HOST_LOST'
  /** The host was started anew while a step ran. */
  | 'HOST_REBOOTED'
  | 'HOST_SHELL_FAILED'
  | 'HOST_DIAL_FAILED'
  /** Only the system's own ssh can reach this host, and it is not there. */
  | 'HOST_NEEDS_OPENSSH'
  | HostKeyErrorCode
  | 'HOST_AUTH_FAILED'
  | SudoErrorCode;

/** What can be wrong with the key a host shows; nothing was sent to it. */
export type HostKeyErrorCode = 'HOST_KEY_UNKNOWN' | 'HOST_KEY_CHANGED' | 'HOST_KEY_REVOKED';

/** What can keep a script from running as root. */
export type SudoErrorCode = 'SUDO_MISSING' | 'SUDO_NEEDS_TTY' | 'SUDO_NOT_ALLOWED' | 'SUDO_PASSWORD_NEEDED' | 'SUDO_PASSWORD_REFUSED' | 'SUDO_FAILED';
