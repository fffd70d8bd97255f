import { AsyncLocalStorage } from 'node:async_hooks';
import { isKnown, type ErrorCode, type KnownError } from '../../core/errors.js';
import { localHost } from '../../node/host/localHost.js';
import type { DialingHost } from '../../node/host/dialingHost.js';
import { findOnPath } from '../../node/host/findOnPath.js';
import { laterHost } from '../../node/host/laterHost.js';
import type { SshHosts } from '../../node/ssh/sshHosts.lazy.js';
import { pathSetting } from '../settings/clusterSettings.js';
import { editorPrompts } from './prompts.js';

/** The hosts that this editor reaches, each over one connection that everything shares. */
export interface HostPool {
  dispose(): void;
  get(name: string): DialingHost | undefined;
  /** Whether the host could be reached the last time that something was done with it: then to ask it opens no connection of its own. */
  answers(name: string): boolean;
  /** Runs what a person asked for: hosts may ask for passwords and for trust in their keys meanwhile. */
  asking<T>(work: () => T): T;
  /** Runs what nobody asked for, such as a timer's work: a host that needs a person stays as it is. */
  quietly<T>(work: () => T): T;
}

/** What only a person can mend; trying again by itself would only fill the host's log with failed attempts. */
const needsPerson: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'HOST_KEY_UNKNOWN', 'HOST_KEY_CHANGED', 'HOST_KEY_REVOKED', 'HOST_AUTH_FAILED', 'HOST_CONFIG_INVALID', 'HOST_TARGET_INVALID', 'HOST_NEEDS_OPENSSH',
  'SUDO_MISSING', 'SUDO_NEEDS_TTY', 'SUDO_NOT_ALLOWED', 'SUDO_PASSWORD_NEEDED', 'SUDO_PASSWORD_REFUSED', 'SUDO_FAILED',
]);

const isAway: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['HOST_LOST', 'HOST_UNREACHABLE', 'HOST_TIMEOUT', 'HOST_REBOOTED', 'HOST_SHELL_FAILED', ...needsPerson]);

/** Makes the pool; ssh is loaded with the first host that is not this machine. */
export function hostPool(): HostPool {
  const asked = new AsyncLocalStorage<boolean>();
  const hosts = new Map<string, DialingHost>([['local', localHost()]]);
  const waiting = new Map<string, KnownError>();
  const answering = new Set<string>();
  let ssh: Promise<SshHosts> | undefined;
  const around = (name: string) => async <T>(use: () => Promise<T>): Promise<T> => {
    const reason = waiting.get(name);
    if (reason !== undefined && asked.getStore() !== true) throw reason;
    waiting.delete(name);
    try {
      const result = await use();
      answering.add(name);
      return result;
    } catch (error) {
      if (isKnown(error) && isAway.has(error.code)) answering.delete(name);
      if (isKnown(error) && needsPerson.has(error.code)) waiting.set(name, error);
      throw error;
    }
  };
  const open = (name: string) => async (signal: AbortSignal): Promise<DialingHost> => {
    ssh ??= openSsh(() => asked.getStore() === true);
    return (await ssh).host(name, { sudo: 'auto' }, signal);
  };
  return {
    get(name) {
      const known = hosts.get(name);
      if (known !== undefined) return known;
      const host = laterHost(name, open(name), around(name));
      hosts.set(name, host);
      return host;
    },
    answers: name => answering.has(name),
    asking: work => asked.run(true, work),
    quietly: work => asked.run(false, work),
    dispose: () => { void ssh?.then(pool => pool.close(), () => undefined); },
  };
}

async function openSsh(mayAsk: () => boolean): Promise<SshHosts> {
  const [{ openSshHosts }, program] = await Promise.all([import('../../node/ssh/sshHosts.lazy.js'), findOnPath('ssh')]);
  const configFile = pathSetting('sshConfigFile');
  return openSshHosts({
    openSsh: { ...program !== undefined && { program }, ...configFile !== undefined && { configFile } },
    prompts: {
      unknownHostKey: async (key, signal) => mayAsk() && editorPrompts.unknownHostKey(key, signal),
      secret: async (question, signal) => mayAsk() ? editorPrompts.secret(question, signal) : undefined,
    },
  });
}
