import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, ClientChannel } from 'ssh2';
import { KnownError, textOf } from '../../core/errors.js';
import type { RunningCommand } from '../host/runningCommand.js';
import { abortable } from '../host/abortable.js';
import type { Hop } from './hops.js';
import type { Line } from './line.js';
import { openSlots } from './slots.js';
import type { Transport } from './transport.js';

/** Commands at a time on one connection: sshd's MaxSessions is 10, and some are kept for what is urgent. */
const MOST_COMMANDS = 6;

/** Milliseconds of silence after a command's end, in which its last output arrives; a daemon it left may hold the channel open. */
const LAST_OUTPUT = 2_000;

/** Milliseconds in which a host must have room for a command, and between two attempts. */
const ROOM_WITHIN = 20_000;
const ROOM_PAUSE = 250;

/** A host at the end of a line that ssh2 holds. */
export function ssh2Transport({ name, settings }: Hop, line: Line): Transport {
  const slots = openSlots(MOST_COMMANDS);
  return {
    name,
    user: settings.user,
    exec: async (command, { signal, urgent }) => {
      const release = urgent === true ? () => undefined : await slots.take(signal);
      try {
        const running = runningCommand(await openChannel(name, line, command, signal), () => new KnownError('HOST_LOST', { host: name }));
        running.ended.then(release, release);
        return running;
      } catch (error) {
        release();
        throw error;
      }
    },
    dial: async (host, port, signal) => {
      const client = await line.client(signal);
      return forward(client, host, port, signal).catch((error: unknown) => {
        signal.throwIfAborted();
        throw new KnownError('HOST_DIAL_FAILED', { host: name, address: `${host}:${port}`, reason: textOf(error) }, { cause: error });
      });
    },
    close: () => {
      line.close();
      return Promise.resolve();
    },
  };
}

/** Opens a TCP connection from the client's host. */
export async function forward(client: Client, host: string, port: number, signal: AbortSignal): Promise<Duplex> {
  const opened = new Promise<Duplex>((resolve, reject) => {
    client.forwardOut('127.0.0.1', 0, host, port, (error, channel) => { if (error) reject(error); else resolve(channel); });
  });
  return orDestroyed(opened, signal);
}

/** Nobody takes what is opened after the signal. */
async function orDestroyed<T extends Duplex>(opened: Promise<T>, signal: AbortSignal): Promise<T> {
  try {
    return await abortable(opened, signal);
  } catch (error) {
    opened.then(channel => channel.destroy(), () => undefined);
    throw error;
  }
}

async function openChannel(name: string, line: Line, command: string, signal: AbortSignal): Promise<ClientChannel> {
  const end = performance.now() + ROOM_WITHIN;
  for (let attempt = 1; ;) {
    const client = await line.client(signal);
    const opening = openedBy(client, command);
    try {
      return await orDestroyed(opening.channel, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (hasNoRoom(error) && performance.now() < end) {
        await sleep(ROOM_PAUSE);
        continue;
      }
      // The host itself says no, on a connection that is well.
      if (error instanceof Error && ('reason' in error || error.message.startsWith('Unable'))) {
        throw new KnownError('HOST_SHELL_FAILED', { host: name, code: -1, reason: error.message }, { cause: error });
      }
      if (opening.sent || attempt++ > 1) throw new KnownError('HOST_LOST', { host: name }, { cause: error });
      // It was closed before anything could be sent.
      line.drop(client);
    }
  }
}

/** sshd has as many sessions as it allows: a command that has ended counts until its server has noticed, which takes a busy host its time. */
const hasNoRoom = (error: unknown): boolean => error instanceof Error && 'reason' in error && (error.reason === CONNECT_FAILED || error.reason === RESOURCE_SHORTAGE);

/** RFC 4254, 5.1. */
const CONNECT_FAILED = 2;
const RESOURCE_SHORTAGE = 4;

function openedBy(client: Client, command: string): { readonly channel: Promise<ClientChannel>; readonly sent: boolean } {
  const { promise, resolve, reject } = Promise.withResolvers<ClientChannel>();
  try {
    client.exec(command, (error, channel) => { if (error) reject(error); else resolve(channel); });
    return { channel: promise, sent: true };
  } catch (error) {
    return { channel: Promise.reject(error instanceof Error ? error : new Error(String(error))), sent: false };
  }
}

function runningCommand(channel: ClientChannel, lost: () => KnownError): RunningCommand {
  let givenUp = false;
  const ended = new Promise<number | undefined>((resolve, reject) => {
    let exit: { readonly code: number | undefined } | undefined;
    let wait: NodeJS.Timeout | undefined;
    channel.on('exit', (code: number | null) => {
      exit = { code: code ?? undefined };
      const found = exit.code;
      let quiet = false;
      wait = setInterval(() => {
        // Of a channel that was given up nobody reads the rest.
        const empty = givenUp || (channel.readableLength === 0 && channel.stderr.readableLength === 0);
        if (!empty || !quiet) {
          quiet = empty;
          return;
        }
        clearInterval(wait);
        channel.destroy();
        resolve(found);
      }, LAST_OUTPUT / 2);
      // The connection keeps the process; what waits for its last words need not.
      wait.unref();
    });
    channel.on('close', () => {
      clearInterval(wait);
      if (exit === undefined) reject(lost());
      else resolve(exit.code);
    });
  });
  ended.catch(() => undefined);
  // What goes wrong on the way is told by how the command ends.
  channel.on('error', () => undefined);
  return { stdin: channel, stdout: channel, stderr: channel.stderr, ended, destroy: () => {
    givenUp = true;
    channel.destroy();
  } };
}
