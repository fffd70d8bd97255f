/** What can go wrong between us and a running etcd. Each carries `endpoint`, and `reason` in etcd's or TLS's own words. */
type CallErrorCode =
  | 'ETCD_BAD_ENDPOINT'
  | 'ETCD_UNREACHABLE'
  | 'ETCD_HOST_UNKNOWN'
  | 'ETCD_NO_ANSWER'
  | 'ETCD_NOT_ETCD'
  | 'ETCD_CONNECTION_LOST'
  | 'ETCD_TIMEOUT'
  | 'ETCD_AUTH_REQUIRED'
  | 'ETCD_AUTH_FAILED'
  | 'ETCD_PERMISSION_DENIED'
  | 'ETCD_NO_LEADER'
  | 'ETCD_LEARNER'
  | 'ETCD_ALARM'
  | 'ETCD_COMPACTED'
  | 'ETCD_FUTURE_REVISION'
  | 'ETCD_REFUSED'
  | 'ETCD_WRONG_CLUSTER';

/** What can go wrong with TLS, on the wire and in the certificate files. */
type TlsErrorCode =
  | 'ETCD_TLS_UNTRUSTED'
  | 'ETCD_TLS_NAME_MISMATCH'
  | 'ETCD_TLS_EXPIRED'
  | 'ETCD_TLS_NOT_YET_VALID'
  | 'ETCD_TLS_CLIENT_CERT_REQUIRED'
  | 'ETCD_TLS_CLIENT_CERT_REFUSED'
  | 'ETCD_TLS_CLIENT_CERT_EXPIRED'
  | 'ETCD_TLS_NOT_SPOKEN'
  | 'ETCD_TLS_EXPECTED'
  | 'ETCD_TLS_FAILED'
  | 'ETCD_TLS_FILES_INCOMPLETE'
  | 'ETCD_TLS_FILE_INVALID'
  | 'ETCD_TLS_KEY_ENCRYPTED'
  | 'ETCD_TLS_KEY_MISMATCH';

/** What can go wrong while a snapshot is saved. */
type SaveErrorCode =
  | 'SAVE_NO_MEMBER'
  | 'SAVE_STREAM_CUT'
  | 'SAVE_STREAM_TOO_LONG'
  | 'SAVE_TRAILER_MISSING'
  | 'SAVE_HASH_MISMATCH'
  | 'SAVE_NO_SPACE'
  | 'SAVE_DISK_FULL'
  | 'SAVE_WRITE_FAILED'
  /** What arrived is not what was sent. args: path, expected, found (hex sha256) */
  | 'SAVE_COPY_DIFFERS';

export type EtcdErrorCode = CallErrorCode | TlsErrorCode | SaveErrorCode;
