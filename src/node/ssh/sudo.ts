import { KnownError } from '../../core/errors.js';
import type { SudoErrorCode } from '../../core/host/errors.js';
import { MOST_ANSWERS } from './secrets.js';
import type { RemoteShell } from './remoteShell.js';
import type { RunningCommand } from '../host/runningCommand.js';
import type { Transport } from './transport.js';

export interface SudoDialogue {
  /** Takes what comes on standard error. */
  readonly hear: (text: string) => void;
  /** Rejects when the person does not answer, or the answers were wrong. */
  readonly failed: Promise<never>;
  /** How often the password was given. */
  readonly answered: number;
  /** Forgets the last answer. */
  wasWrong(): void;
}

/**
 * Gives sudo the password when it asks for it, and never before: its prompt is a mark that nothing else prints, and the shell that
 * follows reads nothing until its own mark was seen. So the password cannot reach a shell, and no list of processes.
 */
export function sudoDialogue({ transport, secrets }: RemoteShell, command: RunningCommand, ask: string, signal: AbortSignal): SudoDialogue {
  const question = { is: 'sudo', host: transport.name, user: transport.user } as const;
  let heard = '';
  let answered = 0;
  let wrong: string | undefined;
  const failed = Promise.withResolvers<never>();
  failed.promise.catch(() => undefined);
  const fail = (code: SudoErrorCode) => failed.reject(new KnownError(code, { host: transport.name, user: transport.user }));
  const answer = async (): Promise<void> => {
    if (answered >= MOST_ANSWERS) {
      if (wrong !== undefined) secrets.wasWrong(question, wrong);
      fail('SUDO_PASSWORD_REFUSED');
      return;
    }
    const given = await secrets.ask(question, wrong, signal);
    if (given === undefined || /[\0\n\r]/.test(given)) {
      fail(given === undefined ? 'SUDO_PASSWORD_NEEDED' : 'SUDO_PASSWORD_REFUSED');
      return;
    }
    answered++;
    wrong = given;
    command.stdin.write(`${given}\n`);
  };
  return {
    hear: text => {
      heard += text;
      const at = heard.indexOf(ask);
      if (at < 0) return;
      heard = heard.slice(at + ask.length);
      answer().catch((error: unknown) => failed.reject(error as Error));
    },
    failed: failed.promise,
    get answered() { return answered; },
    wasWrong: () => { if (wrong !== undefined) secrets.wasWrong(question, wrong); },
  };
}

/** What it means that sudo ended by itself. With LC_ALL=C, its messages are those of its source. */
export function sudoFailure({ name, user }: Transport, text: string, answered: number): KnownError {
  const reason = text.trim().split('\n').at(-1) ?? '';
  const code = ((): SudoErrorCode => {
    if (/must have a tty|no tty present/.test(text)) return 'SUDO_NEEDS_TTY';
    if (/not in the sudoers file|not allowed to (?:execute|run)|may not run sudo/.test(text)) return 'SUDO_NOT_ALLOWED';
    if (/incorrect password attempt|Sorry, try again/.test(text) || answered > 1) return 'SUDO_PASSWORD_REFUSED';
    if (/(?:sudo|env).*(?:not found|No such file)/i.test(text)) return 'SUDO_MISSING';
    return 'SUDO_FAILED';
  })();
  return new KnownError(code, { host: name, user, reason });
}
