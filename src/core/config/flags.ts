/** What a flag of etcd takes. `ignored` flags are accepted and have no effect since etcd 2. */
export type FlagKind =
  | 'text' | 'path' | 'bool' | 'unsigned' | 'integer' | 'duration' | 'urls' | 'list' | 'state' | 'ignored';

/** A flag of the etcd server. */
export interface EtcdFlag {
  readonly name: string;
  readonly kind: FlagKind;
  /** The environment variable that sets it. */
  readonly env: string;
  /** Minor (`3.5`) or first patch (`3.5.8`) of each line that has it. */
  readonly versions: readonly string[];
}

const every = '3.4 3.5 3.6 3.7';
const until36 = '3.4 3.5 3.6';
const only36 = '3.5 3.6';
const since35 = '3.5 3.6 3.7';
const since36 = '3.6 3.7';

/**
 * Compared with the binaries of 3.4.23, 3.5.16, 3.5.30, 3.6.5, 3.6.16, 3.7.1 and 3.7.3 (a flag exists unless etcd says `flag provided
 * but not defined`); patches from etcd's changelogs. etcd: server/embed/config.go `AddFlags`, server/etcdmain/config.go.
 */
const table: readonly (readonly [kind: FlagKind, versions: string, names: string])[] = [
  ['text', every, 'name initial-cluster initial-cluster-token discovery-srv discovery-srv-name auto-compaction-retention auto-compaction-mode auth-token metrics logger log-level discovery-fallback'],
  ['path', every, 'data-dir wal-dir cert-file key-file client-crl-file trusted-ca-file peer-cert-file peer-key-file peer-trusted-ca-file peer-crl-file config-file'],
  ['bool', every, 'initial-election-tick-advance strict-reconfig-check pre-vote client-cert-auth auto-tls peer-client-cert-auth peer-auto-tls enable-pprof enable-grpc-gateway force-new-cluster version'],
  ['unsigned', every, 'snapshot-count heartbeat-interval election-timeout max-snapshots max-wals max-txn-ops max-request-bytes bcrypt-cost'],
  ['integer', every, 'quota-backend-bytes backend-batch-limit'],
  ['duration', every, 'backend-batch-interval grpc-keepalive-min-time grpc-keepalive-interval grpc-keepalive-timeout'],
  ['urls', every, 'listen-peer-urls listen-client-urls listen-metrics-urls initial-advertise-peer-urls advertise-client-urls'],
  ['list', every, 'client-cert-allowed-hostname peer-cert-allowed-cn peer-cert-allowed-hostname cipher-suites cors host-whitelist log-outputs'],
  ['state', every, 'initial-cluster-state'],
  ['ignored', every, 'cluster-active-size cluster-remove-delay cluster-sync-interval config force max-result-buffer max-retry-attempts peer-heartbeat-interval peer-election-timeout retry-interval snapshot v vv'],
  ['bool', '3.4.10 3.5 3.6 3.7', 'unsafe-no-fsync'],
  ['unsigned', '3.4.10 3.5 3.6 3.7', 'auth-token-ttl'],
  ['unsigned', '3.4.20 3.5.5 3.6 3.7', 'max-concurrent-streams'],
  ['text', '3.4.25 3.5.8 3.6 3.7', 'tls-min-version tls-max-version'],
  ['urls', '3.4.25 3.5.8 3.6 3.7', 'listen-client-http-urls'],

  ['text', '3.4', 'experimental-backend-bbolt-freelist-type log-package-levels'],
  ['bool', '3.4', 'debug'],
  ['list', '3.4', 'log-output'],
  ['text', '3.4 3.5', 'experimental-enable-v2v3 proxy'],
  ['bool', '3.4 3.5', 'enable-v2'],
  ['unsigned', '3.4 3.5', 'proxy-failure-wait proxy-refresh-interval proxy-dial-timeout proxy-write-timeout proxy-read-timeout'],

  ['text', until36, 'discovery discovery-proxy'],
  ['bool', until36, 'experimental-initial-corrupt-check experimental-enable-lease-checkpoint experimental-peer-skip-client-san-verification'],
  ['duration', until36, 'experimental-corrupt-check-time'],
  ['integer', until36, 'experimental-compaction-batch-limit'],
  ['duration', '3.4.11 3.5 3.6', 'experimental-watch-progress-notify-interval'],
  ['duration', '3.4.16 3.5 3.6', 'experimental-warning-apply-duration'],
  ['bool', '3.4.20 3.5.2 3.6', 'experimental-enable-lease-checkpoint-persist'],

  ['text', since35, 'backend-bbolt-freelist-type log-rotation-config-json v2-deprecation'],
  ['path', since35, 'client-cert-file client-key-file peer-client-cert-file peer-client-key-file'],
  ['bool', since35, 'enable-log-rotation socket-reuse-port socket-reuse-address'],
  ['unsigned', since35, 'self-signed-cert-validity'],
  ['duration', since35, 'raft-read-timeout raft-write-timeout'],

  ['bool', only36, 'experimental-enable-distributed-tracing experimental-memory-mlock experimental-stop-grpc-service-on-defrag experimental-txn-mode-write-with-shared-buffer'],
  ['text', only36, 'experimental-distributed-tracing-address experimental-distributed-tracing-service-name experimental-distributed-tracing-instance-id'],
  ['duration', only36, 'experimental-compaction-sleep-interval experimental-downgrade-check-time'],
  ['unsigned', only36, 'experimental-bootstrap-defrag-threshold-megabytes experimental-snapshot-catchup-entries'],
  ['bool', '3.5.5 3.6', 'experimental-compact-hash-check-enabled'],
  ['duration', '3.5.5 3.6', 'experimental-compact-hash-check-time'],
  ['integer', '3.5.11 3.6', 'experimental-distributed-tracing-sampling-rate'],
  ['duration', '3.6', 'experimental-warning-unary-request-duration'],

  ['text', since36, 'feature-gates log-format discovery-token discovery-user discovery-password distributed-tracing-address distributed-tracing-service-name distributed-tracing-instance-id'],
  ['list', since36, 'discovery-endpoints'],
  ['path', since36, 'discovery-cert discovery-key discovery-cacert'],
  ['bool', since36, 'discovery-insecure-transport discovery-insecure-skip-tls-verify enable-distributed-tracing memory-mlock peer-skip-client-san-verification'],
  ['integer', since36, 'distributed-tracing-sampling-rate compaction-batch-limit max-learners'],
  ['unsigned', since36, 'bootstrap-defrag-threshold-megabytes snapshot-catchup-entries'],
  ['duration', since36, 'discovery-dial-timeout discovery-request-timeout discovery-keepalive-time discovery-keepalive-timeout corrupt-check-time compact-hash-check-time compaction-sleep-interval downgrade-check-time warning-apply-duration warning-unary-request-duration watch-progress-notify-interval'],
];

/** etcd's own rule (pkg/flags `FlagToEnv`). */
const envOf = (name: string): string => `ETCD_${name.toUpperCase().replaceAll('-', '_')}`;

/** Every flag of the etcd server from 3.4 to 3.7. */
export const etcdFlags: readonly EtcdFlag[] = table.flatMap(([kind, versions, names]) =>
  names.split(' ').map(name => ({ name, kind, env: envOf(name), versions: versions.split(' ') })));

const byName: ReadonlyMap<string, EtcdFlag> = new Map(etcdFlags.map(flag => [flag.name, flag]));
const byEnv: ReadonlyMap<string, EtcdFlag> = new Map(etcdFlags.map(flag => [flag.env, flag]));

/** The flag of that name, without its dashes. */
export const flagNamed = (name: string): EtcdFlag | undefined => byName.get(name);

/** The flag that an environment variable sets. */
export const flagOfVariable = (variable: string): EtcdFlag | undefined => byEnv.get(variable);
