import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import type { LabOptions, LabRuntime } from './lab.js';
import { labMissing } from './missing.js';
import { openLab } from './openLab.js';
import { sshFiles } from './keys.js';
import { startLab } from './startLab.js';
import { knownLabs } from './state.js';
import type { LabState } from './state.js';
import { showStatus } from './status.js';
import { takeDown, takeDownOrphans } from './takeDown.js';

const usage = `npm run lab -- up [--hosts 1..5] [--etcd VERSION] [--runtime containerd|podman] [--controllers] [--no-apiserver]
npm run lab -- status
npm run lab -- ssh HOST [COMMAND…]
npm run lab -- kubectl ARGUMENT…
npm run lab -- down`;

/** The lab of the person at this machine: at most one; tests have their own. */
const personsLab = async (): Promise<LabState | undefined> => (await knownLabs()).find(lab => lab.owner === undefined);

async function main([verb, ...args]: readonly string[]): Promise<number> {
  switch (verb) {
    case 'up': return up(args);
    case 'down': return down();
    case 'status': return withLab(async lab => {
      console.log(await showStatus(lab));
      return 0;
    });
    case 'ssh': return withLab(lab => ssh(lab, args));
    case 'kubectl': return withLab(async lab => {
      process.stdout.write(await openLab(lab).kubectl(...args));
      return 0;
    });
    case undefined: return refuse(usage);
    default: return refuse(`There is no "${verb}".\n${usage}`);
  }
}

async function up(args: readonly string[]): Promise<number> {
  const running = await personsLab();
  if (running !== undefined) return refuse(`The lab ${running.name} is up already: npm run lab -- status, or down.`);
  const missing = labMissing();
  if (missing.length > 0) return refuse(`The lab needs ${missing.join(', ')}: scripts/setup.sh installs what is missing, as root.`);
  const interrupted = new AbortController();
  process.once('SIGINT', () => interrupted.abort(new Error('interrupted')));
  const begun = Date.now();
  const lab = await startLab({ ...options(args), lasting: true, signal: interrupted.signal, report: line => console.log(line) });
  console.log(`Up in ${Math.round((Date.now() - begun) / 1000)} s.\n`);
  const [state] = (await knownLabs()).filter(one => one.name === lab.name);
  if (state !== undefined) console.log(await showStatus(state));
  return 0;
}

function options(args: readonly string[]): LabOptions {
  const { values } = parseArgs({
    args: [...args],
    options: { hosts: { type: 'string' }, etcd: { type: 'string' }, runtime: { type: 'string' }, controllers: { type: 'boolean' }, 'no-apiserver': { type: 'boolean' } },
  });
  const hosts = ([1, 2, 3, 4, 5] as const).find(count => String(count) === (values.hosts ?? '3'));
  const runtime = (['containerd', 'podman'] as const).find(name => name === (values.runtime ?? 'containerd'));
  if (hosts === undefined) throw new Error('--hosts is a number from 1 to 5');
  if (runtime === undefined) throw new Error('--runtime is containerd or podman');
  const chosen: { readonly hosts: 1 | 2 | 3 | 4 | 5; readonly runtime: LabRuntime } = { hosts, runtime };
  return { ...chosen, ...(values.etcd === undefined ? {} : { etcd: values.etcd }), controllers: values.controllers === true, withoutApiServer: values['no-apiserver'] === true };
}

async function down(): Promise<number> {
  const gone = await takeDownOrphans();
  const lab = await personsLab();
  if (lab !== undefined) await takeDown(lab);
  const names = [...gone, ...(lab === undefined ? [] : [lab])].map(({ name }) => name);
  console.log(names.length === 0 ? 'No lab was up.' : `Taken down: ${names.join(', ')}.`);
  return 0;
}

async function withLab(work: (lab: LabState) => Promise<number>): Promise<number> {
  const lab = await personsLab();
  return lab === undefined ? refuse('No lab is up: npm run lab -- up') : work(lab);
}

async function ssh(lab: LabState, [host, ...command]: readonly string[]): Promise<number> {
  if (host === undefined) return refuse(usage);
  const child = spawn('ssh', ['-F', sshFiles(lab.folder).config, host, ...command], { stdio: 'inherit' });
  await once(child, 'exit');
  return child.exitCode ?? 1;
}

function refuse(sentence: string): number {
  console.error(sentence);
  return 1;
}

main(process.argv.slice(2)).then(code => { process.exitCode = code; }, (error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
