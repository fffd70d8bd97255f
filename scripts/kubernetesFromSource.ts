import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder, fillOnce } from './cacheFolder.js';
import { ensureGo } from './findGo.js';
import type { Go } from './findGo.js';

/** Kubernetes on this machine: its version, and absolute paths of its binaries. */
export interface Kubernetes {
  readonly version: string;
  readonly apiServer: string;
  readonly controllerManager: string;
  readonly scheduler: string;
  readonly kubectl: string;
}

const run = promisify(execFile);
/** A Go module of our own that requires Kubernetes at one version. */
const module = path.join(import.meta.dirname, '../lab/go/kubernetes');
const binaries = ['kube-apiserver', 'kubectl', 'kube-scheduler', 'kube-controller-manager'] as const;

/** The version that the module requires. */
const requiredVersion = (): string | undefined =>
  /^require k8s\.io\/kubernetes v(\d+\.\d+\.\d+)/m.exec(readFileSync(path.join(module, 'go.mod'), 'utf8'))?.[1];

/** The Kubernetes in the cache, if there is one. Builds nothing. */
export function kubernetes(): Kubernetes | undefined {
  const version = requiredVersion();
  if (version === undefined) throw new Error(`${module}/go.mod requires no k8s.io/kubernetes`);
  const at = (name: string): string => cacheFolder('kubernetes', version, name);
  if (!existsSync(cacheFolder('kubernetes', version))) return undefined;
  return { version, apiServer: at('kube-apiserver'), controllerManager: at('kube-controller-manager'), scheduler: at('kube-scheduler'), kubectl: at('kubectl') };
}

/** Builds Kubernetes' control plane into the cache, where `go` can; says so where it cannot. */
export async function buildKubernetes(report: (line: string) => void): Promise<Kubernetes | undefined> {
  const version = requiredVersion();
  if (version === undefined || kubernetes() !== undefined) return kubernetes();
  const go = await ensureGo(report);
  if (go === undefined) {
    report('Kubernetes is built from its Go modules, and there is no go here: the lab goes without it.');
    return undefined;
  }
  report(`Building Kubernetes ${version} from its Go modules (five or six minutes on two cores).`);
  await fillOnce(cacheFolder('kubernetes', version), folder => build(go, version, folder))
    .catch((error: unknown) => report(`Kubernetes could not be built, so the lab goes without it: ${String(error)}`));
  return kubernetes();
}

async function build(go: Go, version: string, folder: string): Promise<void> {
  const [major = '', minor = ''] = version.split('.');
  // A build that does not know its version takes itself for an older one.
  const stamps = { gitVersion: `v${version}`, gitMajor: major, gitMinor: minor, gitTreeState: 'clean' };
  const flags = ['-s', '-w', ...Object.entries(stamps).map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`)].join(' ');
  for (const name of binaries) {
    const args = [go.program, 'build', '-trimpath', '-buildvcs=false', '-mod=readonly', `-ldflags=${flags}`, '-o', path.join(folder, name), `k8s.io/kubernetes/cmd/${name}`];
    await run('nice', args, { cwd: module, maxBuffer: 1 << 24, timeout: 1_800_000, env: { ...go.env, CGO_ENABLED: '0' } });
  }
}

