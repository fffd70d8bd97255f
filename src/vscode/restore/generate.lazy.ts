import { mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { KnownError, textOf } from '../../core/errors.js';
import { ansibleFiles } from '../../core/generate/ansibleFiles.js';
import type { GeneratedFile } from '../../core/generate/generatedFile.js';
import { shellFiles } from '../../core/generate/shellFiles.js';
import type { RestorePlan } from '../../core/restore/planRestore.js';

/** Writes a plan as files that work without an editor, into a new folder of the person's choice. Nothing of the plan is run. */
export async function generateFiles(plan: RestorePlan, digest: string): Promise<void> {
  const kind = await vscode.window.showQuickPick([
    { label: vscode.l10n.t('$(terminal) Shell Scripts'), detail: vscode.l10n.t('POSIX sh, a file for each host and stage, driven over ssh; they keep the same journal and can be resumed here'), files: shellFiles },
    { label: vscode.l10n.t('$(list-ordered) Ansible Playbook'), detail: vscode.l10n.t('A playbook and an inventory that run the same files'), files: ansibleFiles },
  ], { title: vscode.l10n.t('Generate the Restore of {cluster}', { cluster: plan.cluster }) });
  if (kind === undefined) return;
  const [parent] = await vscode.window.showOpenDialog({ title: vscode.l10n.t('Folder for the generated files'), openLabel: vscode.l10n.t('Generate Here'), canSelectFiles: false, canSelectFolders: true, canSelectMany: false }) ?? [];
  if (parent === undefined) return;
  const folder = path.join(parent.fsPath, `etcd-restore-${plan.run}`);
  await write(folder, kind.files(plan, digest));
  await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(path.join(folder, 'README.md')));
}

/** For the owner alone: they name hosts, paths and tokens. The folder is new, so that nothing is overwritten. */
async function write(folder: string, files: readonly GeneratedFile[]): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o700 });
    for (const { path: name, text, executable } of files) {
      const file = path.join(folder, name);
      await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
      await using handle = await open(file, 'wx', executable ? 0o700 : 0o600);
      await handle.writeFile(text);
    }
  } catch (error) {
    throw new KnownError('FILE_UNWRITABLE', { path: folder, reason: textOf(error) }, { cause: error });
  }
}
