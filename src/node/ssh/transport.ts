import type { Duplex } from 'node:stream';
import type { RunningCommand } from '../host/runningCommand.js';

/** A way to a host. Every call connects first where there is no connection, or where the last one was lost. */
export interface Transport {
  /** What the person calls the host. */
  readonly name: string;
  readonly user: string;
  /** `urgent` does not wait until another command has ended. */
  exec(command: string, options: { readonly signal: AbortSignal; readonly urgent?: boolean }): Promise<RunningCommand>;
  /** Opens a TCP connection from the host to an address as it sees it. */
  dial(host: string, port: number, signal: AbortSignal): Promise<Duplex>;
  close(): Promise<void>;
}
