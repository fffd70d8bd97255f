import type { ApiServerTls, Verdict } from '../../core/probe.js';

/** Where an API server is asked, and with what its certificate is checked. */
export interface ReadyQuestion {
  readonly host: string;
  readonly port: number;
  readonly tls: ApiServerTls;
}

/** Asks an API server for `/readyz`. */
export type AskReady = (question: ReadyQuestion, signal: AbortSignal) => Promise<Verdict>;
