import { l10n } from 'vscode';
import type { HostErrorCode } from '../../core/host/errors.js';
import type { Sentence } from './sentence.js';

export const hostWords: Record<HostErrorCode, Sentence> = {
  HOST_TARGET_INVALID: a => l10n.t('"{target}" cannot be a host. Write a name of your ~/.ssh/config, or user@host:port.', a),
  HOST_ARGUMENT_INVALID: a => l10n.t('Argument {argument} of a command for {host} holds a control character and is not sent. Nothing was run; correct the setting it comes from.', a),
  HOST_CONFIG_INVALID: a => l10n.t('The SSH configuration for {host} cannot be used: {reason} Correct ~/.ssh/config; "ssh -G {host}" shows what it comes to.', a),
  HOST_UNREACHABLE: a => l10n.t('{host} cannot be reached at {address}: {reason} Check the address, the network and the VPN, then try again.', a),
  HOST_TIMEOUT: a => l10n.t('{host} did not answer at {address} for {seconds} seconds. Check the network and the VPN, then try again.', a),
  HOST_LOST: a => l10n.t('The connection to {host} was lost, and it is not known how what ran there ended. Try again once it can be reached: what is in place already is found and not repeated.', a),
  HOST_REBOOTED: a => l10n.t('{host} was restarted while a step ran there, so it is not known how far that came. Look at the host, then resume: what is in place already is found and not repeated.', a),
  HOST_SHELL_FAILED: a => l10n.t('{host} started no /bin/sh for this user (code {code}): {reason} Check that the user may log in and that "ssh {host} /bin/sh" works.', a),
  HOST_DIAL_FAILED: a => l10n.t('{host} cannot connect to {address}: {reason} Check the address, that something listens there, and that sshd allows TCP forwarding (AllowTcpForwarding).', a),
  HOST_NEEDS_OPENSSH: a => l10n.t('{host} can only be reached with the ssh program of this machine ({why}), and there is none. Install OpenSSH, then try again.', a),
  HOST_KEY_UNKNOWN: a => a['fingerprint'] === '' ? l10n.t('The key of {host} ({address}) is in no known_hosts file, so nothing was sent there. Connect once with "ssh {host}" in a terminal and compare the fingerprint, then try again.', a)
    : l10n.t('The key of {host} ({address}) was not trusted, so nothing was sent there: {type} {fingerprint}. Compare it with the one that "ssh-keygen -lf" shows on the host, then try again.', a),
  HOST_KEY_CHANGED: a => l10n.t('{host} ({address}) shows another key than the one in {file}, line {line}: {type} {fingerprint}. Somebody may be listening in, so nothing was sent there. If the host was installed anew, compare the fingerprint on the host itself, then remove that line.', a),
  HOST_KEY_REVOKED: a => l10n.t('The key of {host} ({address}) is revoked in {file}, line {line}, so nothing was sent there. Give the host a new key.', a),
  HOST_AUTH_FAILED: a => l10n.t('{host} does not let in {user} (it takes: {methods}). {reason} Check the user, the keys of your agent and the key files of ~/.ssh/config, then try again.', a),
  SUDO_MISSING: a => l10n.t('sudo is not installed on {host}, and {user} is not root. Log in as root, or install sudo.', a),
  SUDO_NEEDS_TTY: a => l10n.t('sudo on {host} wants a terminal (requiretty). Add "Defaults:{user} !requiretty" to its sudoers, or log in as root.', a),
  SUDO_NOT_ALLOWED: a => l10n.t('{user} may not use sudo on {host}: {reason} Allow it in sudoers, or log in as another user.', a),
  SUDO_PASSWORD_NEEDED: a => l10n.t('sudo on {host} wants the password of {user}, and none was given. Nothing was run; try again, or allow it without a password in sudoers.', a),
  SUDO_PASSWORD_REFUSED: a => l10n.t('sudo on {host} did not take the password of {user}. Nothing was run; try again.', a),
  SUDO_FAILED: a => l10n.t('sudo on {host} failed for {user}: {reason} Try "sudo -v" on the host, then try again.', a),
};
