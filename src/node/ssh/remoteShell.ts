import { randomBytes } from 'node:crypto';
import { isKnown, KnownError } from '../../core/errors.js';
import { checkArgs } from '../../core/host/checkArgs.js';
import type { HostScript } from '../../core/host/host.js';
import { readTail } from '../host/readTail.js';
import type { Gate } from '../host/dialingHost.js';
import type { RunningCommand } from '../host/runningCommand.js';
import type { Secrets } from './secrets.js';
import { sudoDialogue, sudoFailure } from './sudo.js';
import type { Transport } from './transport.js';

/** A script that has begun on a host: what comes from its standard output is its own. */
export interface RemoteScript extends RunningCommand {
  /** Process id of its shell, and the word by which that shell is known in the host's list of processes. */
  readonly pid: number;
  readonly mark: string;
}

export interface RemoteShell {
  readonly transport: Transport;
  readonly secrets: Secrets;
  /** Whether scripts are to run as root. */
  readonly sudo: 'never' | 'auto';
  /** Is passed before a script is sent, over whatever connection. */
  readonly gate?: Gate;
}

/**
 * Starts a script in the host's /bin/sh. The login shell sees one constant command without a value of ours, in words that csh and
 * fish read alike. Whatever its rc files print comes before a mark that cannot be guessed, and only after the mark is anything
 * sent: so no rc file reads the script, and neither does sudo. Arguments come on standard input, POSIX quoted, one line each.
 */
export async function startScript(shell: RemoteShell, script: HostScript, signal: AbortSignal, urgent = false): Promise<RemoteScript> {
  checkArgs(shell.transport.name, script, 'one line each');
  try {
    return await begin(shell, script, signal, urgent);
  } catch (error) {
    // Nothing of the script was sent, so it can be sent again: the connection may have been dead for hours.
    if (!isKnown(error) || error.code !== 'HOST_LOST') throw error;
    return begin(shell, script, signal, urgent);
  }
}

async function begin(shell: RemoteShell, script: HostScript, signal: AbortSignal, urgent: boolean): Promise<RemoteScript> {
  const { transport } = shell;
  const mark = randomBytes(16).toString('hex');
  const loader = `exec /bin/sh -c 'echo ${mark} $$; IFS= read -r l; eval "$l"'`;
  const asRoot = shell.sudo === 'auto' && transport.user !== 'root';
  const ask = `${mark}:`;
  const command = await transport.exec(asRoot ? `exec env LC_ALL=C sudo -S -k -p ${ask} -- ${loader.slice('exec '.length)}` : loader, { signal, urgent });
  const dialogue = asRoot ? sudoDialogue(shell, command, ask, signal) : undefined;
  const errors = readTail(command.stderr, dialogue?.hear);
  const giveUp = () => command.destroy();
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    const pid = await Promise.race([marked(command, mark), ...dialogue ? [dialogue.failed] : []]);
    errors.stop();
    await shell.gate?.();
    command.stdin.write(prologue(script, mark));
    return { ...command, pid, mark };
  } catch (error) {
    if (error !== noMark || signal.aborted) command.destroy();
    signal.throwIfAborted();
    if (error !== noMark) throw error;
    const code = await command.ended;
    dialogue?.wasWrong();
    throw asRoot ? sudoFailure(transport, errors.text(), dialogue?.answered ?? 0) : shellFailure(transport, code, errors.text());
  } finally {
    signal.removeEventListener('abort', giveUp);
    errors.stop();
  }
}

const shellFailure = ({ name }: Transport, code: number | undefined, text: string): KnownError =>
  new KnownError('HOST_SHELL_FAILED', { host: name, reason: text.trim().split('\n').at(-1) ?? '', code: code ?? -1 });

const noMark = new Error('the command ended before the mark came');

/** Reads up to the line with the mark, and leaves what follows in the stream. */
function marked({ stdout }: RunningCommand, mark: string): Promise<number> {
  return new Promise((resolve, reject) => {
    let seen = Buffer.alloc(0);
    const stop = () => { stdout.off('data', more).off('end', none).off('close', none); };
    const none = () => { stop(); reject(noMark); };
    const more = (chunk: Buffer) => {
      seen = Buffer.concat([seen, chunk]);
      const at = seen.indexOf(mark);
      const end = at < 0 ? -1 : seen.indexOf('\n', at);
      if (end < 0) {
        if (at < 0 && seen.length > MOST_NOISE) seen = seen.subarray(-mark.length);
        return;
      }
      stdout.pause();
      stop();
      if (end + 1 < seen.length) stdout.unshift(seen.subarray(end + 1));
      resolve(Number(seen.subarray(at + mark.length, end).toString('latin1')));
    };
    stdout.on('data', more).once('end', none).once('close', none);
  });
}

/** Bytes of an rc file's output that are kept in memory. */
const MOST_NOISE = 2 ** 16;

/**
 * Reads the script to its end before anything of it runs; a connection that is cut in the middle starts nothing.
 * The first line is the loader's program; line by line, since `read` is the one thing that takes no byte too many.
 */
function prologue({ text, args, input }: HostScript, mark: string): string {
  const load = [
    'n=$(printf "\\nx"); n=${n%x}; t=; d=',
    `while IFS= read -r l; do if [ "$l" = ${mark} ]; then d=1; break; fi; t="$t$l$n"; done`,
    '[ -n "$d" ] || exit 75',
    'unset n d l ENV BASH_ENV; cd /',
    'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin; LC_ALL=C; export PATH LC_ALL',
    'eval "$t"',
  ].join('; ');
  return `${load}\nset -- ${args.map(quoted).join(' ')}\n{\n${text}\n}${input === undefined ? ' </dev/null' : ''}\n${mark}\n`;
}

const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;
