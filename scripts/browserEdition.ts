import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { openSync, closeSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { codeServerEntry, codeServerNode } from './codeServer.js';
import { freePorts } from './freePorts.js';

/** A person's settings and extensions: what lasts when the editor is ended. */
export interface Profile {
  readonly userDataDir: string;
  readonly extensionsDir: string;
}

/** A running browser edition of VS Code on loopback, with a process group of its own. */
export interface BrowserEdition {
  readonly url: string;
  /** Of the process group too. */
  readonly pid: number;
  /** What it printed. */
  readonly logFile: string;
  /** Ends it in order; waits until it is gone. */
  stop(): Promise<void>;
  /** Ends it and all its extension hosts as a lost machine would; waits until they are gone. */
  kill(): Promise<void>;
}

/** Settings under which nothing but the extension asks for attention. */
export const quietSettings: Readonly<Record<string, unknown>> = {
  'chat.disableAIFeatures': true,
  'chat.commandCenter.enabled': false,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'git.openRepositoryInParentFolders': 'never',
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
};

/** How long the server may take to listen, in milliseconds. */
const patience = 60_000;

/** Makes an empty profile in `folder`, with these settings on top of the quiet ones. */
export async function makeProfile(folder: string, settings: Readonly<Record<string, unknown>> = {}): Promise<Profile> {
  const profile = { userDataDir: path.join(folder, 'data'), extensionsDir: path.join(folder, 'extensions') };
  await mkdir(profile.extensionsDir, { recursive: true });
  await writeSettings(profile, { ...quietSettings, ...settings });
  return profile;
}

/** Replaces the profile's user settings; a running editor takes them over at once. */
export async function writeSettings(profile: Profile, settings: Readonly<Record<string, unknown>>): Promise<void> {
  await mkdir(path.join(profile.userDataDir, 'User'), { recursive: true });
  await writeFile(path.join(profile.userDataDir, 'User/settings.json'), `${JSON.stringify(settings, undefined, 2)}\n`);
}

/** Installs a .vsix into a profile. Rejects with what the editor says. */
export async function installExtension(profile: Profile, vsix: string): Promise<void> {
  await mkdir(profile.userDataDir, { recursive: true });
  const logFile = path.join(profile.userDataDir, 'install.log');
  const child = launch(await argumentsFor(profile, ['--install-extension', vsix]), logFile);
  await once(child, 'exit');
  // What it says decides: native modules of the editor may fail at its very end, when all is done.
  const output = await readFile(logFile, 'utf8');
  if (!output.includes('was successfully installed')) throw new Error(`${vsix} could not be installed: ${output}`);
}

/** Starts the browser edition on a folder and waits until it answers. */
export async function startBrowserEdition(profile: Profile, folder: string, options: { readonly trustEverything: boolean }): Promise<BrowserEdition> {
  const [port] = await freePorts(1);
  const url = `http://127.0.0.1:${port ?? 0}/`;
  const logFile = path.join(profile.userDataDir, 'server.log');
  const child = launch(await argumentsFor(profile, [
    '--auth', 'none', '--bind-addr', `127.0.0.1:${port ?? 0}`, '--disable-telemetry', '--disable-update-check',
    '--disable-getting-started-override', ...(options.trustEverything ? ['--disable-workspace-trust'] : []), folder,
  ]), logFile);
  await once(child, 'spawn');
  const { pid } = child;
  if (pid === undefined) throw new Error('the editor was not started');
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    signalGroup(pid, signal);
    for (let tries = 0; signalGroup(pid, 0); tries++) {
      if (tries === 200) signalGroup(pid, 'SIGKILL');
      await sleep(50);
    }
  };
  const edition = { url, pid, logFile, stop: () => end('SIGTERM'), kill: () => end('SIGKILL') };
  await untilAnswers(url, () => child.exitCode !== null, logFile).catch(async (error: unknown) => {
    await edition.kill();
    throw error;
  });
  return edition;
}

async function argumentsFor(profile: Profile, args: readonly string[]): Promise<string[]> {
  await mkdir(profile.userDataDir, { recursive: true });
  const config = path.join(profile.userDataDir, 'code-server.yaml');
  await writeFile(config, 'cert: false\n');
  return ['--config', config, '--user-data-dir', profile.userDataDir, '--extensions-dir', profile.extensionsDir, ...args];
}

function launch(args: readonly string[], logFile: string): ReturnType<typeof spawn> {
  const log = openSync(logFile, 'a');
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(VSCODE_|npm_|NODE_OPTIONS|TEST_|PORT$)/.test(name)));
  const child = spawn(codeServerNode(), [codeServerEntry(), ...args], { detached: true, stdio: ['ignore', log, log], env });
  closeSync(log);
  return child;
}

async function untilAnswers(url: string, ended: () => boolean, logFile: string): Promise<void> {
  const end = Date.now() + patience;
  for (;;) {
    if (ended()) throw new Error(`the editor ended at once: see ${logFile}`);
    if (await fetch(url, { signal: AbortSignal.timeout(5_000) }).then(answer => answer.ok, () => false)) return;
    if (Date.now() > end) throw new Error(`the editor did not answer within ${patience} ms: see ${logFile}`);
    await sleep(100);
  }
}

/** Sends a signal to a process group; whether there was still one. */
function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-pid, signal);
  } catch {
    return false;
  }
}
