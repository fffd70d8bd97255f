import * as vscode from 'vscode';
import type { HostPrompts, SecretQuestion, UnknownHostKey } from '../../core/host/prompts.js';
import { unlinked } from '../unlinked.js';

/** Asks the person about hosts in the editor's own dialogs. */
export const editorPrompts: HostPrompts = { unknownHostKey, secret };

/** The default, and the Escape key, decline. */
async function unknownHostKey({ host, address, type, fingerprint }: UnknownHostKey, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return false;
  const trust = vscode.l10n.t('Trust {host}', { host });
  const detail = vscode.l10n.t('It shows the key {type} {fingerprint} at {address}, which no known_hosts file has. Compare it with what "ssh-keygen -lf" shows on the host. If you trust it, it is added to your known_hosts.',
    { type, fingerprint, address });
  const answer = await vscode.window.showWarningMessage(vscode.l10n.t('Is this really {host}?', { host }), { modal: true, detail }, trust);
  return answer === trust && !signal.aborted;
}

async function secret(question: SecretQuestion, signal: AbortSignal): Promise<string | undefined> {
  if (signal.aborted) return undefined;
  const cancel = new vscode.CancellationTokenSource();
  const stop = () => { cancel.cancel(); };
  signal.addEventListener('abort', stop, { once: true });
  try {
    const { title, prompt } = wordsOf(question);
    const again = question.again ? `${vscode.l10n.t('That was not right.')} ` : '';
    // A click elsewhere must not lose what was typed, and only a question that the host itself shows openly is not hidden.
    const password = !(question.is === 'interactive' && question.echo);
    return await vscode.window.showInputBox({ title: unlinked(title), prompt: unlinked(again + prompt), password, ignoreFocusOut: true }, cancel.token);
  } finally {
    signal.removeEventListener('abort', stop);
    cancel.dispose();
  }
}

function wordsOf(question: SecretQuestion): { readonly title: string; readonly prompt: string } {
  const { l10n } = vscode;
  const { host } = question;
  switch (question.is) {
    case 'passphrase':
      return { title: l10n.t('Key for {host}', { host }), prompt: l10n.t('Passphrase of the key {keyFile}', { keyFile: question.keyFile }) };
    case 'password':
      return { title: l10n.t('Log in to {host}', { host }), prompt: l10n.t('Password of {user} on {host}', { user: question.user, host }) };
    case 'interactive':
      return {
        title: l10n.t('{host} asks {user}', { host, user: question.user }),
        prompt: [question.title, question.prompt].filter(text => text !== '').map(plain).join(' – '),
      };
    case 'sudo':
      return { title: l10n.t('Become root on {host}', { host }), prompt: l10n.t('Password of {user} for sudo on {host}', { user: question.user, host }) };
  }
}

/** A host's own words, as one line. */
const plain = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cf}]+/gu, ' ').trim().slice(0, 300);
