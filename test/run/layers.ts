import { existsSync } from 'node:fs';
import { labMissing } from '../../lab/missing.js';
import { codeServerEntry } from '../../scripts/codeServer.js';
import { etcdVersions } from '../../scripts/etcdVersions.js';
import { findProgram } from '../../scripts/findProgram.js';
import { node22 } from '../../scripts/node22.js';
import { runCommand } from './command.js';
import { electronLayer } from './electronLayer.js';
import { mochaLayer } from './mochaLayer.js';
import { check, skippedLayer, sum } from './outcome.js';
import type { Outcome, Skip } from './outcome.js';

/** The layers, in the order in which `npm test` runs them. */
export const layerNames = ['lint', 'types', 'unit', 'unit22', 'etcd', 'ssh', 'lab', 'editor', 'electron'] as const;
export type LayerName = (typeof layerNames)[number];

/** Lines of etcd that the tests want; one that is not at hand is named as skipped. */
const etcdLines = ['3.4', '3.5', '3.6', '3.7'];

const unitTests = ['test/core/**/*.test.ts', 'test/node/**/*.test.ts'];

/** Runs a layer; `args` go to mocha. `asked` is whether it was named on the command line. */
export function runLayer(name: LayerName, args: readonly string[], asked: boolean): Promise<Outcome> {
  switch (name) {
    case 'lint': return npmCheck('lint');
    case 'types': return npmCheck('typecheck', 'types');
    case 'unit': return mochaLayer('unit', unitTests, args);
    case 'unit22': return unitLayerOnNode22(args);
    case 'etcd': return etcdLayer(args);
    case 'ssh': return sshLayer(args);
    case 'lab': return labLayer(args);
    case 'editor': return editorLayer(args);
    case 'electron': return electronLayer(asked);
  }
}

async function npmCheck(script: string, name = script): Promise<Outcome> {
  return check(name, await runCommand(['npm', 'run', '--silent', script]) === 0);
}

async function unitLayerOnNode22(args: readonly string[]): Promise<Outcome> {
  const node = node22();
  if (node === undefined) return skippedLayer('unit22', 'Node 22 is not in the cache: scripts/setup.sh fetches it');
  return mochaLayer('unit22', unitTests, args, node);
}

async function etcdLayer(args: readonly string[]): Promise<Outcome> {
  const versions = etcdVersions();
  if (versions.length === 0) return skippedLayer('etcd', 'no etcd is installed: scripts/setup.sh installs it');
  const skipped: Skip[] = etcdLines.filter(line => !versions.some(found => found.version.startsWith(`${line}.`)))
    .map(line => ({ name: `etcd ${line}`, reason: 'this line of etcd is not at hand: scripts/setup.sh fetches or builds it where it can' }));
  const outcome = await mochaLayer('etcd', ['test/etcd/**/*.test.ts'], args);
  return sum([outcome, { passed: 0, failed: [], skipped }]);
}

async function sshLayer(args: readonly string[]): Promise<Outcome> {
  if (!existsSync('/usr/sbin/sshd') || findProgram('sudo') === undefined) return skippedLayer('ssh', 'no sshd or no sudo is installed: scripts/setup.sh installs them');
  if (process.getuid?.() !== 0) return skippedLayer('ssh', 'only root can start an sshd that lets other users in, and make users with a password');
  return mochaLayer('ssh', ['test/ssh/**/*.test.ts'], args);
}

async function labLayer(args: readonly string[]): Promise<Outcome> {
  const missing = labMissing();
  if (missing.length > 0) return skippedLayer('lab', `${missing.join(', ')} not found: scripts/setup.sh installs what is missing, as root`);
  return mochaLayer('lab', ['test/lab/**/*.test.ts'], args);
}

async function editorLayer(args: readonly string[]): Promise<Outcome> {
  const missing = [
    ...(findProgram('chromium', 'chromium-browser', 'google-chrome') === undefined ? ['chromium'] : []),
    ...(existsSync(codeServerEntry()) ? [] : ['code-server']),
    ...(etcdVersions().length > 0 ? [] : ['etcd']),
  ];
  if (missing.length > 0) return skippedLayer('editor', `${missing.join(', ')} not found: scripts/setup.sh installs what is missing`);
  if (await runCommand(['npm', 'run', '--silent', 'package']) !== 0) return check('editor: the extension cannot be packaged', false);
  return mochaLayer('editor', ['test/editor/**/*.test.ts'], args);
}
