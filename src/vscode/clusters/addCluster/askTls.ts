import { access, constants } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { TlsFiles } from '../../../core/cluster/definition.js';
import { textOf } from '../../../core/errors.js';
import { askText } from '../../steps/questions.js';
import { next, pass, type Step } from '../../steps/runSteps.js';
import type { Draft } from './draft.js';

type FileField = 'caFile' | 'certFile' | 'keyFile';

/** Asks for one certificate file on this machine; skipped when nothing speaks https. What a manifest says is the default. */
export const askTlsFile = (field: FileField): Step<Draft> => async (draft, place) => {
  // What a host's own manifest names lies on the hosts, and stays there.
  if (draft.tls?.at === 'host') return pass;
  if (!draft.endpoints.some(url => url.startsWith('https:'))) return pass;
  if (field === 'keyFile' && draft.tls?.certFile === undefined) return pass;
  const answer = await askText(place, {
    prompt: prompt(field), value: draft.tls?.[field] ?? '', placeholder: placeholders[field],
    refuse: async text => text === '' ? field === 'keyFile' ? vscode.l10n.t('The certificate needs its key.') : undefined : refuseFile(text),
    browse: { label: vscode.l10n.t('Choose…'), open: async () => (await vscode.window.showOpenDialog({ title: prompt(field) }))?.[0]?.fsPath },
  });
  return answer.kind === 'next' ? next({ ...draft, tls: withFile(draft.tls, field, answer.state) }) : answer;
};

const placeholders: Readonly<Record<FileField, string>> = {
  caFile: '/etc/kubernetes/pki/etcd/ca.crt', certFile: '/etc/kubernetes/pki/etcd/healthcheck-client.crt', keyFile: '/etc/kubernetes/pki/etcd/healthcheck-client.key',
};

function prompt(field: FileField): string {
  switch (field) {
    case 'caFile': return vscode.l10n.t('The CA that signed etcd\'s certificates, as a file on this machine. Empty: the CAs this machine trusts.');
    case 'certFile': return vscode.l10n.t('Your client certificate, as a file on this machine. Empty: none.');
    case 'keyFile': return vscode.l10n.t('Its private key, as a file on this machine. It stays where it is.');
  }
}

function withFile(tls: TlsFiles | undefined, field: FileField, file: string): TlsFiles {
  const rest = Object.fromEntries(Object.entries(tls ?? {}).filter(([name]) => name !== field && !(field === 'certFile' && file === '' && name === 'keyFile')));
  return { ...rest, ...file !== '' && { [field]: file } };
}

async function refuseFile(file: string): Promise<string | undefined> {
  if (!/^(\/|~[/\\]|[A-Za-z]:[/\\])/.test(file)) return vscode.l10n.t('Give the whole path, from the root folder on, or from "~".');
  try {
    await access(file.startsWith('~') ? path.join(homedir(), file.slice(1)) : file, constants.R_OK);
    return undefined;
  } catch (error) {
    return vscode.l10n.t('This file cannot be read on this machine: {reason}. Copy it from the control plane and give its place here.', { reason: textOf(error) });
  }
}
