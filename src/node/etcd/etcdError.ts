import type { EtcdErrorCode } from '../../core/cluster/errors.js';
import { isKnown, KnownError, textOf } from '../../core/errors.js';
import type { ClientCertificate } from './readTls.js';

/** What is known of a call when it fails. */
export interface CallAbout {
  readonly endpoint: string;
  readonly timeoutMs: number;
  readonly secure: boolean;
  readonly user?: string;
  readonly client?: ClientCertificate;
}

type Cause = readonly [RegExp, EtcdErrorCode];

const causes: readonly Cause[] = [
  // etcd's own answers: api/v3rpc/rpctypes/error.go, server/auth/store.go
  [/user name is empty|invalid auth token|user (?:name )?not found/, 'ETCD_AUTH_REQUIRED'],
  [/authentication failed/, 'ETCD_AUTH_FAILED'],
  [/permission denied/, 'ETCD_PERMISSION_DENIED'],
  [/no leader|leader changed|request timed out|server stopped|raft (?:closed|stopped)/, 'ETCD_NO_LEADER'],
  [/context (?:deadline exceeded|canceled)/, 'ETCD_TIMEOUT'],
  [/not supported for learner/, 'ETCD_LEARNER'],
  [/required revision has been compacted/, 'ETCD_COMPACTED'],
  [/required revision is a future revision/, 'ETCD_FUTURE_REVISION'],
  // what TLS says: on our side of the wire in OpenSSL's or BoringSSL's words, then the server's alerts
  [/ERR_TLS_CERT_ALTNAME_INVALID|does not match certificate's altnames/, 'ETCD_TLS_NAME_MISMATCH'],
  [/certificate has expired|CERT_HAS_EXPIRED/, 'ETCD_TLS_EXPIRED'],
  [/certificate is not yet valid|CERT_NOT_YET_VALID/, 'ETCD_TLS_NOT_YET_VALID'],
  [/unable to (?:verify the first|get (?:local )?issuer) certificate|self[- ]signed certificate|certificate signature failure|UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT|SELF_SIGNED_CERT/, 'ETCD_TLS_UNTRUSTED'],
  [/alert certificate required|CERTIFICATE_REQUIRED/, 'ETCD_TLS_CLIENT_CERT_REQUIRED'],
  [/alert (?:bad certificate|unknown ca|certificate (?:expired|revoked|unknown)|unsupported certificate|access denied)|ALERT_(?:BAD|UNKNOWN_CA|CERTIFICATE)/i, 'ETCD_TLS_CLIENT_CERT_REFUSED'],
  // A plain etcd closes on a TLS greeting; others answer it with text.
  [/wrong version number|WRONG_VERSION_NUMBER|packet length too long|disconnected before secure TLS connection/i, 'ETCD_TLS_NOT_SPOKEN'],
  [/SSL routines|ERR_SSL|ERR_TLS|TLS connection/, 'ETCD_TLS_FAILED'],
  [/Received HTTP status code|^No connection established.*Protocol error/s, 'ETCD_NOT_ETCD'],
  // the way there
  [/ENOTFOUND|EAI_|Name resolution failed/, 'ETCD_HOST_UNKNOWN'],
];

/** The cause alone, out of the wrappings of gRPC, etcd and OpenSSL. */
const reasonOf = (text: string): string =>
  (/Last error: (.*?)(?:\. Resolution note:.*)?$/s.exec(text)?.[1] ?? text)
    .replace(/\s*\(\d{4}-\d\d-\d\dT[\d:.]+Z\)/, '')
    .replace(/^Error(?: \[\w+\])?: /, '').replace(/^etcdserver: /, '')
    .replace(/.*SSL routines:[^:]*:([^:]*):.*/s, '$1').trim();

const numberOf = (error: unknown): number | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'number' ? error.code : undefined;

const detailsOf = (error: unknown): string =>
  error instanceof Error && 'details' in error && typeof error.details === 'string' ? error.details : textOf(error);

/** The status codes of gRPC that tell where the call broke. */
const DEADLINE_EXCEEDED = 4;
const INTERNAL = 13;
const UNAVAILABLE = 14;

function codeFor(error: unknown, text: string, about: CallAbout): EtcdErrorCode {
  const code = causes.find(([pattern]) => pattern.test(text))?.[1];
  if (code === 'ETCD_TLS_CLIENT_CERT_REFUSED') return refusedCertificate(about);
  if (code === 'ETCD_NOT_ETCD' && !about.secure && !text.startsWith('Received')) return 'ETCD_TLS_EXPECTED';
  return code ?? codeByStatus(numberOf(error), text, about);
}

function codeByStatus(status: number | undefined, text: string, about: CallAbout): EtcdErrorCode {
  if (status === DEADLINE_EXCEEDED) return text.includes('Waiting for LB pick') ? 'ETCD_NO_ANSWER' : 'ETCD_TIMEOUT';
  if (status === INTERNAL && /RST_STREAM|GOAWAY/.test(text)) return 'ETCD_CONNECTION_LOST';
  if (status !== UNAVAILABLE) return 'ETCD_REFUSED';
  if (!text.startsWith('No connection established')) return 'ETCD_CONNECTION_LOST';
  // TCP came about, and what was said over it ended at once.
  if (/Last error: (?:Failed to connect|.*(?:ECONNRESET|EPIPE|socket hang up))/.test(text)) return about.secure ? 'ETCD_NOT_ETCD' : 'ETCD_TLS_EXPECTED';
  return 'ETCD_UNREACHABLE';
}

/** Without a certificate of ours, TLS 1.2 and older servers say "bad certificate" for a missing one. */
const refusedCertificate = ({ client }: CallAbout): EtcdErrorCode =>
  client === undefined ? 'ETCD_TLS_CLIENT_CERT_REQUIRED'
  : Date.parse(client.validTo) < Date.now() ? 'ETCD_TLS_CLIENT_CERT_EXPIRED'
  : 'ETCD_TLS_CLIENT_CERT_REFUSED';

/** Casts what the etcd client threw into a code that names the cause; the endpoint and etcd's own words are its arguments. */
export function etcdError(error: unknown, about: CallAbout): KnownError {
  if (isKnown(error)) return error;
  const text = detailsOf(error);
  return new KnownError(codeFor(error, text, about), {
    endpoint: about.endpoint,
    reason: reasonOf(text),
    seconds: about.timeoutMs / 1000,
    ...(about.user !== undefined && { user: about.user }),
    ...(about.client && { certFile: about.client.certFile, validTo: about.client.validTo.slice(0, 10) }),
  }, { cause: error });
}
