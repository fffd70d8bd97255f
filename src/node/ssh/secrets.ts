import type { HostPrompts, SecretQuestion, UnknownHostKey } from '../../core/host/prompts.js';

/** The person's answers, kept in memory for as long as the hosts are open, and asked for one at a time. */
export interface Secrets {
  /** The answer in memory or the person's; `wrong` is the last one, which is forgotten. Undefined when there is none. */
  ask(question: Secret, wrong: string | undefined, signal: AbortSignal): Promise<string | undefined>;
  /** Forgets an answer that nobody will be asked for again just now. */
  wasWrong(question: Secret, answer: string): void;
  trusts(key: UnknownHostKey, signal: AbortSignal): Promise<boolean>;
  forget(): void;
}

/** A question, whether or not it was asked before. */
export type Secret = Distributed<SecretQuestion>;
type Distributed<Question> = Question extends SecretQuestion ? Omit<Question, 'again'> : never;

/** How often a person is asked for the same secret when the answer is wrong. */
export const MOST_ANSWERS = 3;

export function openSecrets(prompts: HostPrompts): Secrets {
  const answers = new Map<string, string>();
  let last: Promise<unknown> = Promise.resolve();
  // The editor shows one input box: a second one would close the first.
  const inTurn = <T>(ask: () => Promise<T>): Promise<T> => {
    const turn = last.then(ask);
    last = turn.catch(() => undefined);
    return turn;
  };
  return {
    ask: (question, wrong, signal) => inTurn(async () => {
      signal.throwIfAborted();
      const key = keyOf(question);
      // Whoever was in turn before may have been asked the same.
      const known = answers.get(key);
      if (known !== undefined && known !== wrong) return known;
      answers.delete(key);
      const answer = await prompts.secret({ ...question, again: wrong !== undefined }, signal);
      if (answer !== undefined && isLasting(question)) answers.set(key, answer);
      return answer;
    }),
    wasWrong: (question, answer) => {
      if (answers.get(keyOf(question)) === answer) answers.delete(keyOf(question));
    },
    trusts: (key, signal) => inTurn(async () => {
      signal.throwIfAborted();
      return prompts.unknownHostKey(key, signal);
    }),
    forget: () => answers.clear(),
  };
}

/** A one-time code is good for one time. */
const isLasting = (question: Secret): boolean => question.is !== 'interactive' || !question.echo && /pass(?:word|phrase)/i.test(question.prompt);

/** A key file's passphrase is the same whatever host it is for. */
function keyOf(question: Secret): string {
  switch (question.is) {
    case 'passphrase': return JSON.stringify([question.is, question.keyFile]);
    case 'password':
    case 'sudo': return JSON.stringify([question.is, question.host, question.user]);
    case 'interactive': return JSON.stringify([question.is, question.host, question.user, question.prompt]);
  }
}
