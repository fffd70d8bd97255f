import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { KnownError, textOf } from '../../../core/errors.js';
import { targetOf } from '../../../node/etcd/target.js';
import { askText, choose, type Answer, type Choice } from '../../steps/questions.js';
import { next, type Outcome, type Place } from '../../steps/runSteps.js';
import type { Hosts } from '../../../node/restore/hands.js';
import { askHost } from './askHost.js';
import type { Draft } from './draft.js';
import { readText } from './readText.js';

type Source = 'editor' | 'file' | 'clipboard' | 'endpoints' | 'host';

/** A text of more than this is no configuration; kept well above every pod of a large cluster. Bytes. */
const largestFile = 4 << 20;

/** Asks where the cluster is known from, and reads it: a manifest, pasted kubectl output, or endpoints. */
export async function askSource(hosts: Hosts, place: Place): Promise<Outcome<Draft>> {
  const editor = vscode.window.activeTextEditor;
  const source = await choose(place, vscode.l10n.t('Where is the cluster described?'), sources(editor));
  if (source.kind !== 'next') return source;
  switch (source.state) {
    case 'editor': return next(readText(editor?.document.getText() ?? '', editor && path.basename(editor.document.fileName)));
    case 'file': return fromFile();
    case 'clipboard': return next(readText(await vscode.env.clipboard.readText(), vscode.l10n.t('the clipboard')));
    case 'endpoints': return askEndpoints({ ...place, canGoBack: false });
    case 'host': return askHost(hosts, { ...place, canGoBack: false });
  }
}

/** Reads a draft from a file that was chosen in the explorer. */
export async function fromUri(uri: vscode.Uri): Promise<Draft> {
  const file = uri.fsPath;
  try {
    if ((await stat(file)).size > largestFile) throw new KnownError('CONFIG_TOO_LARGE', { file, size: (await stat(file)).size, limit: largestFile });
    return readText(await readFile(file, 'utf8'), path.basename(file));
  } catch (error) {
    throw error instanceof Error && 'errno' in error ? new KnownError('FILE_UNREADABLE', { path: file, reason: textOf(error) }) : error;
  }
}

function sources(editor: vscode.TextEditor | undefined): readonly Choice<Source>[] {
  return [
    ...editor ? [{
      value: 'editor' as const, iconPath: new vscode.ThemeIcon('file-code'), label: vscode.l10n.t('Open Editor'), description: path.basename(editor.document.fileName),
      detail: vscode.l10n.t('An etcd.yaml of a static pod, or kubectl output pasted into it'),
    }] : [],
    { value: 'host', iconPath: new vscode.ThemeIcon('remote'), label: vscode.l10n.t('A Host over SSH…'),
      detail: vscode.l10n.t('Reads etcd.yaml from /etc/kubernetes/manifests there, also while the control plane is down') },
    { value: 'clipboard', iconPath: new vscode.ThemeIcon('clippy'), label: vscode.l10n.t('Clipboard'),
      detail: vscode.l10n.t('The output of "kubectl -n kube-system describe pod etcd-…" or "kubectl get pod -o yaml", copied') },
    { value: 'file', iconPath: new vscode.ThemeIcon('folder-opened'), label: vscode.l10n.t('File…'),
      detail: vscode.l10n.t('A copy of /etc/kubernetes/manifests/etcd.yaml') },
    { value: 'endpoints', iconPath: new vscode.ThemeIcon('plug'), label: vscode.l10n.t('Endpoints'),
      detail: vscode.l10n.t('One client URL is enough while etcd runs: it names the other members') },
  ];
}

async function fromFile(): Promise<Outcome<Draft>> {
  const chosen = await vscode.window.showOpenDialog({ title: vscode.l10n.t('Which etcd.yaml?'), openLabel: vscode.l10n.t('Read') });
  return chosen?.[0] ? next(await fromUri(chosen[0])) : { kind: 'left' };
}

async function askEndpoints(place: Place): Promise<Answer<Draft>> {
  const split = (text: string): readonly string[] => text.split(/[\s,]+/).filter(part => part !== '').map(part => part.replace(/\/$/, ''));
  const answer = await askText(place, {
    prompt: vscode.l10n.t('Client URLs of etcd, separated by commas'),
    value: '', placeholder: 'https://10.0.0.1:2379',
    refuse: text => {
      if (split(text).length === 0) return vscode.l10n.t('Type at least one URL.');
      const wrong = split(text).find(url => !isUrl(url));
      return wrong === undefined ? undefined : vscode.l10n.t('"{url}" is not a client URL such as https://10.0.0.1:2379.', { url: wrong });
    },
  });
  return answer.kind === 'next' ? { kind: 'next', state: { members: [], endpoints: split(answer.state) } } : answer;
}

function isUrl(url: string): boolean {
  try {
    targetOf(url, false);
    return /^https?:\/\//.test(url);
  } catch {
    return false;
  }
}
