import type { AnyAuthMethod, KeyboardInteractiveAuthMethod } from 'ssh2';
import type { Hop } from './hops.js';
import { OneKeyAgent, type Identities, type Identity } from './identities.js';
import { MOST_ANSWERS, type Secrets } from './secrets.js';

/** Tells the next way to try, given the methods that the host still takes; undefined when there is none left. */
export type NextMethod = (left: readonly string[]) => Promise<AnyAuthMethod | undefined>;

/** Tries in OpenSSH's order: each key, the host's own questions, a password. A host that wants several gets them one after another. */
export function authentication(hop: Hop, identities: () => Promise<Identities>, secrets: Secrets, signal: AbortSignal): NextMethod {
  const username = hop.settings.user;
  const questions = questionsOf(hop, secrets, signal);
  const password = passwordOf(hop, secrets, signal);
  let begun = false;
  let keys: Iterator<Identity> | undefined;
  let signed = false;
  const noted = (key: Identity): Identity => ({ ...key, sign: (data, options) => { signed = true; return key.sign(data, options); } });
  return async left => {
    // How a host is asked what it takes. After a key that it took it may want something more, and ssh2 keeps that to itself.
    if (!begun || signed) {
      begun = true;
      signed = false;
      return { type: 'none', username };
    }
    if (left.includes('publickey')) {
      keys ??= (await identities()).usable[Symbol.iterator]();
      const key = keys.next();
      if (key.done !== true) return { type: 'agent', username, agent: new OneKeyAgent(noted(key.value)) };
    }
    if (left.includes('keyboard-interactive')) {
      const method = questions();
      if (method !== undefined) return method;
    }
    if (left.includes('password')) {
      const given = await password();
      if (given !== undefined) return { type: 'password', username, password: given };
    }
    return undefined;
  };
}

function passwordOf({ name, settings }: Hop, secrets: Secrets, signal: AbortSignal): () => Promise<string | undefined> {
  const question = { is: 'password', host: name, user: settings.user } as const;
  let wrong: string | undefined;
  let asked = 0;
  return async () => {
    if (asked >= MOST_ANSWERS) {
      if (wrong !== undefined) secrets.wasWrong(question, wrong);
      return undefined;
    }
    asked++;
    const given = await secrets.ask(question, wrong, signal);
    if (given === undefined) asked = MOST_ANSWERS;
    else wrong = given;
    return given;
  };
}

/** The host asks, and asks again when the answers were wrong. One that asks nothing will not begin to. */
function questionsOf({ name, settings }: Hop, secrets: Secrets, signal: AbortSignal): () => KeyboardInteractiveAuthMethod | undefined {
  const wrong = new Map<string, string>();
  let rounds = 0;
  let askedSince = true;
  return () => {
    if (rounds >= MOST_ANSWERS || !askedSince) return undefined;
    rounds++;
    askedSince = false;
    const answer = async (title: string, { prompt, echo }: { readonly prompt: string; readonly echo?: boolean }): Promise<string> => {
      const given = await secrets.ask({ is: 'interactive', host: name, user: settings.user, title, prompt, echo: echo === true }, wrong.get(prompt), signal);
      if (given === undefined) throw new Error('not answered');
      wrong.set(prompt, given);
      return given;
    };
    return {
      type: 'keyboard-interactive',
      username: settings.user,
      prompt: (title, instructions, _language, prompts, finish) => {
        const all = async (): Promise<string[]> => {
          const answers: string[] = [];
          for (const each of prompts) answers.push(await answer([title, instructions].filter(text => text !== '').join(': '), each));
          return answers;
        };
        askedSince ||= prompts.length > 0;
        all().then(finish, () => {
          rounds = MOST_ANSWERS;
          finish([]);
        });
      },
    };
  };
}
