import { connect as connectHttp2, constants } from 'node:http2';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { checkServerIdentity, connect } from 'node:tls';
import { isKnown, textOf } from '../../core/errors.js';
import type { Probe, Verdict } from '../../core/probe.js';
import type { DialingHost } from '../host/dialingHost.js';

type Question = Extract<Probe, { readonly is: 'ready' }>;

/** Milliseconds for one answer. */
const PATIENCE = 10_000;

/** Asks an API server for `/readyz`, through its host, and checks its certificate. One that does not answer yet is an answer, not an error. */
export async function apiServerReady(host: DialingHost, question: Question, signal: AbortSignal): Promise<Verdict> {
  const within = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]);
  try {
    const ca = await host.read(question.tls.caFile);
    const status = await ask(await host.dial(`127.0.0.1:${question.port}`, within), question.tls.serverName, ca, within);
    if (status === 200) return { holds: true };
    // Whoever may not ask is answered all the same, by one that serves.
    if (status === 401 || status === 403) return { holds: true, note: { code: 'API_SERVER_ASKS_WHO', args: { host: host.name, status } } };
    return not(host, `HTTP ${status}`);
  } catch (error) {
    signal.throwIfAborted();
    if (isKnown(error) && error.code !== 'HOST_DIAL_FAILED') throw error;
    return not(host, isKnown(error) ? String(error.args['reason'] ?? '') : textOf(error));
  }
}

const not = (host: DialingHost, reason: string): Verdict => ({ holds: false, why: { code: 'API_SERVER_NOT_READY', args: { host: host.name, reason } } });

/** Over HTTP/2: the editor puts its own hand on HTTP/1 requests, for proxies, and would dial by itself. */
function ask(socket: Duplex, name: string, ca: string | undefined, signal: AbortSignal): Promise<number> {
  const secure = connect({
    socket, ...(ca === undefined ? {} : { ca }), rejectUnauthorized: true, ALPNProtocols: ['h2'],
    servername: isIP(name) === 0 ? name : '', checkServerIdentity: (_, certificate) => checkServerIdentity(name, certificate),
  });
  const session = connectHttp2('https://localhost', { createConnection: () => secure });
  const answered = new Promise<number>((resolve, reject) => {
    secure.on('error', reject);
    socket.on('error', reject);
    const ended = (): void => { reject(new Error('the connection ended')); };
    session.on('error', reject).on('close', ended);
    const stream = session.request({ [constants.HTTP2_HEADER_PATH]: '/readyz', [constants.HTTP2_HEADER_AUTHORITY]: name }, { signal });
    stream.on('response', headers => { resolve(Number(headers[':status'])); }).on('error', reject).resume();
  });
  return answered.finally(() => {
    session.destroy();
    secure.destroy();
    socket.destroy();
  });
}
