import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';
import { installExtension, makeProfile, quietSettings, startBrowserEdition, writeSettings } from '../../scripts/browserEdition.js';
import type { BrowserEdition, Profile } from '../../scripts/browserEdition.js';
import { findProgram } from '../../scripts/findProgram.js';
import { extensionHosts } from './processes.js';
import { EditorWindow } from './window.js';

/** How the editor is to be. */
export interface RealEditorOptions {
  /** The folder that is opened; an empty one unless told. */
  readonly folder?: string;
  /** User settings on top of those that keep the editor quiet. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Workspace trust: `true` trusts everything, `false` opens in Restricted Mode. `true` unless told. */
  readonly trusted?: boolean;
  /** Pixels of the picture for each of the page; 1 unless told. */
  readonly scale?: number;
}

/** A real VS Code with the packaged extension, and a window on it. */
export interface RealEditor extends AsyncDisposable {
  readonly window: EditorWindow;
  readonly profile: Profile;
  readonly folder: string;
  /** Replaces the settings on top of the quiet ones and loads the window anew. */
  setSettings(settings: Readonly<Record<string, unknown>>): Promise<void>;
  setTheme(theme: Theme): Promise<void>;
  /** Ends the extension host alone, at once; VS Code may start another. */
  killExtensionHost(): Promise<void>;
  /** Ends the whole editor at once, as a dead battery would; the window stays and shows that. */
  kill(): Promise<void>;
  /** Opens the editor and the window again: with the same profile, or with a new one that knows nothing of the first. */
  reopen(profile?: 'same' | 'new'): Promise<void>;
  /** Lines of the extension host's log and the extension's own that tell of an error of the extension. */
  errors(): Promise<string[]>;
}

/** As the list of themes names them. */
const themes = { light: 'Light Modern', dark: 'Dark Modern', contrast: 'Dark High Contrast' } as const;
/** As the settings name them. */
const themeIds = { ...themes, contrast: 'Default High Contrast' } as const;
const bodyClass = { light: 'vs', dark: 'vs-dark', contrast: 'hc-black' } as const;
/** A kind of colours. */
export type Theme = keyof typeof themes;

/** What the extension host says of a window that was reloaded while it drew its tree anew: the window's own end, and no error. */
const leftBehind = /\[error\] Unable to refresh tree view \S+: Canceled\s*$/;

const vsix = path.resolve('etcd-recovery.vsix');
const chromiumArguments = ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync', '--lang=en-US'];

/** Gives a suite editors that are ended and removed after its last test. Call it inside `describe`. */
export function realEditors(): (options?: RealEditorOptions) => Promise<RealEditor> {
  const opened: RealEditor[] = [];
  afterEach(async function () {
    const test = this.currentTest;
    if (test?.state !== 'failed') return;
    this.timeout(60_000);
    const name = `failed-${test.fullTitle().replaceAll(/\W+/g, '-')}`;
    await Promise.all(opened.map((editor, at) => editor.window.screenshot(at === 0 ? name : `${name}-${at + 1}`)));
  });
  after(async function () {
    this.timeout(60_000);
    await Promise.all(opened.map(editor => editor[Symbol.asyncDispose]()));
  });
  return async options => {
    const editor = await openRealEditor(options);
    opened.push(editor);
    return editor;
  };
}

/** Installs the packaged extension into a fresh profile, starts the editor and opens a window on it. */
export async function openRealEditor(options: RealEditorOptions = {}): Promise<RealEditor> {
  if (!existsSync(vsix)) throw new Error('etcd-recovery.vsix is missing: npm run package makes it');
  const home = await mkdtemp(path.join(tmpdir(), 'etcd-editor-'));
  const folder = options.folder ?? path.join(home, 'workspace');
  await mkdir(folder, { recursive: true });
  const browser = await chromium.launch({ executablePath: findProgram('chromium', 'chromium-browser', 'google-chrome') ?? 'chromium', args: chromiumArguments });
  const editor = new OpenEditor(home, folder, options, browser);
  try {
    await editor.reopen('new');
    return editor;
  } catch (error) {
    await editor[Symbol.asyncDispose]();
    throw error;
  }
}

class OpenEditor implements RealEditor {
  readonly folder: string;
  private readonly home: string;
  private readonly options: RealEditorOptions;
  private readonly browser: Browser;
  private readonly stopAtExit = (): void => { if (this.edition !== undefined) process.kill(-this.edition.pid, 'SIGKILL'); };
  private settings: Readonly<Record<string, unknown>>;
  private theme: Theme = 'dark';
  private profiles: Profile[] = [];
  private edition: BrowserEdition | undefined;
  private opened: EditorWindow | undefined;

  constructor(home: string, folder: string, options: RealEditorOptions, browser: Browser) {
    this.home = home;
    this.folder = folder;
    this.options = options;
    this.browser = browser;
    this.settings = options.settings ?? {};
    process.once('exit', this.stopAtExit);
  }

  get window(): EditorWindow {
    if (this.opened === undefined) throw new Error('no window is open');
    return this.opened;
  }

  get profile(): Profile {
    const profile = this.profiles.at(-1);
    if (profile === undefined) throw new Error('the editor was not opened yet');
    return profile;
  }

  private get url(): string {
    if (this.edition === undefined) throw new Error('the editor does not run');
    return this.edition.url;
  }

  async setSettings(settings: Readonly<Record<string, unknown>>): Promise<void> {
    this.settings = settings;
    await writeSettings(this.profile, this.allSettings());
    await this.window.open(this.url, this.folder);
  }

  async setTheme(theme: Theme): Promise<void> {
    this.theme = theme;
    await this.window.run('Preferences: Color Theme');
    await this.window.answer(themes[theme]);
    await this.window.page.locator(`.monaco-workbench.${bodyClass[theme]}`).waitFor();
  }

  async killExtensionHost(): Promise<void> {
    if (this.edition === undefined) throw new Error('the editor does not run');
    const hosts = await extensionHosts(this.edition.pid);
    if (hosts.length === 0) throw new Error('no extension host runs');
    for (const pid of hosts) process.kill(pid, 'SIGKILL');
  }

  async kill(): Promise<void> {
    await this.edition?.kill();
    this.edition = undefined;
  }

  async reopen(profile: 'same' | 'new' = 'same'): Promise<void> {
    await this.kill();
    await this.opened?.page.context().close();
    if (profile === 'new') {
      this.profiles.push(await makeProfile(path.join(this.home, `profile-${this.profiles.length + 1}`), this.allSettings()));
      await installExtension(this.profile, vsix);
    }
    this.edition = await startBrowserEdition(this.profile, this.folder, { trustEverything: this.options.trusted ?? true });
    const context = await this.browser.newContext({
      viewport: { width: 1440, height: 900 }, deviceScaleFactor: this.options.scale ?? 1, locale: 'en-US',
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    this.opened = new EditorWindow(await context.newPage());
    await this.opened.open(this.url, this.folder);
  }

  async errors(): Promise<string[]> {
    const logs = path.join(this.profile.userDataDir, 'logs');
    const files = (await readdir(logs, { recursive: true })).filter(file => /remoteexthost\.log$|etcd-recovery\.etcd-recovery.*\.log$/.test(file));
    const texts = await Promise.all(files.map(async file => ({ file, text: await readFile(path.join(logs, file), 'utf8') })));
    return texts.flatMap(({ file, text }) => text.split(/\n(?=\d{4}-)/)
      .filter(entry => entry.includes('[error]') && (file.includes('etcd-recovery') || /etcd-?recovery/i.test(entry)) && !leftBehind.test(entry)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    process.off('exit', this.stopAtExit);
    await this.browser.close();
    await this.kill();
    await rm(this.home, { recursive: true, force: true, maxRetries: 5 });
  }

  private allSettings(): Readonly<Record<string, unknown>> {
    return { ...quietSettings, 'workbench.colorTheme': themeIds[this.theme], ...this.settings };
  }
}
