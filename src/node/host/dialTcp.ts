import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { KnownError } from '../../core/errors.js';
import { readAddress } from './dialingHost.js';

/** Connects to a TCP address from this machine, on behalf of a host of that name. */
export async function dialTcp(name: string, address: string, signal: AbortSignal): Promise<Duplex> {
  signal.throwIfAborted();
  const { host, port } = readAddress(name, address);
  const socket = connect({ host, port, noDelay: true });
  const giveUp = () => socket.destroy(new Error('aborted'));
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    return socket;
  } catch (error) {
    signal.throwIfAborted();
    throw new KnownError('HOST_DIAL_FAILED', { host: name, address, reason: error instanceof Error ? error.message : '' }, { cause: error });
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}
