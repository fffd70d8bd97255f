import * as vscode from 'vscode';
import { parseMessage, type Protocol } from '../../panel/protocol.js';
import { page } from './page.js';

/** Which page to open, and how it speaks. */
export interface PanelSpec<ToView, ToHost> {
  readonly viewType: string;
  readonly title: string;
  /** Folder of the page below `media/` (its `main.ts` is built to `dist/media/FOLDER`). */
  readonly folder: string;
  readonly protocol: Protocol<ToView, ToHost>;
}

/** One open webview panel. */
export interface Panel<ToView> {
  /** Sends; a page that is hidden or not ready yet gets nothing: it asks again with `ready`. One that was closed gets nothing either. */
  post(message: ToView): void;
  reveal(): void;
  readonly visible: boolean;
  readonly onDidChangeVisibility: vscode.Event<boolean>;
  readonly onDidDispose: vscode.Event<void>;
  dispose(): void;
}

/** What a panel needs of the world. */
export interface PanelWorld {
  readonly extensionUri: vscode.Uri;
  readonly log: vscode.LogOutputChannel;
  /** Runs a handler and shows what it throws; the one place that shows errors. */
  attempt(what: () => unknown): Promise<void>;
}

/**
 * Opens a panel. `receive` gets every valid message of the page, `ready` included; others are dropped and logged
 * without their content. The panel's own disposables end with it.
 */
export function openPanel<ToView, ToHost>(
  world: PanelWorld, spec: PanelSpec<ToView, ToHost>, receive: (message: ToHost) => unknown,
): Panel<ToView> {
  const root = vscode.Uri.joinPath(world.extensionUri, 'dist', 'media', spec.folder);
  const panel = vscode.window.createWebviewPanel(spec.viewType, spec.title, vscode.ViewColumn.Active, {
    enableScripts: true, enableForms: false, enableFindWidget: true, localResourceRoots: [root],
  });
  const icon = (theme: string): vscode.Uri => vscode.Uri.joinPath(world.extensionUri, 'media', 'icons', `panel-${theme}.svg`);
  panel.iconPath = { light: icon('light'), dark: icon('dark') };
  const visibility = new vscode.EventEmitter<boolean>();
  const disposables = [
    visibility,
    panel.onDidChangeViewState(() => visibility.fire(panel.visible)),
    panel.webview.onDidReceiveMessage((message: unknown) => {
      const known = parseMessage(spec.protocol.toHost, message);
      if (known === undefined) world.log.warn(`${spec.viewType}: dropped a message that is not of the protocol`);
      else void world.attempt(() => receive(known));
    }),
  ];
  let open = true;
  panel.onDidDispose(() => { open = false; vscode.Disposable.from(...disposables).dispose(); });
  panel.webview.html = page({
    cspSource: panel.webview.cspSource,
    script: panel.webview.asWebviewUri(vscode.Uri.joinPath(root, 'main.js')).toString(),
    style: panel.webview.asWebviewUri(vscode.Uri.joinPath(root, 'main.css')).toString(),
    title: spec.title,
    language: vscode.env.language,
  });
  return {
    // The editor throws at whoever touches a panel that was closed, and what it showed may still be on its way.
    post: message => { if (open) void panel.webview.postMessage(message); },
    reveal: () => { if (open) panel.reveal(); },
    get visible() { return open && panel.visible; },
    onDidChangeVisibility: visibility.event,
    onDidDispose: panel.onDidDispose,
    dispose: () => { panel.dispose(); },
  };
}
