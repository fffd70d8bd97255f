import { stat } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { humanBytes } from '../../core/cluster/humanBytes.js';
import { codeOf, isKnown, type KnownError } from '../../core/errors.js';
import type { SnapshotReport } from '../../core/snapshot/report.js';
import { snapshotReader } from '../../node/snapshot/snapshotReader.js';
import { reportProtocol, type Report } from '../../panel/report.js';
import { sentence } from '../words/index.js';
import { openPanel, type Panel } from '../webview/openPanel.js';
import type { World } from '../world.js';
import { reportMarkdown } from './reportMarkdown.js';
import { snapshotReport } from './snapshotReport.js';
import type { Verdicts } from './verdicts.js';

type Body = Pick<Report, 'verdict' | 'sections'> & { readonly progress?: number };

/** The panel of one file's report: verifies when it opens, and again when asked. Closing it cancels. */
export function openSnapshotReport(world: World, verdicts: Verdicts, file: string): Panel<Report> {
  let run = new AbortController();
  let body: Body = reading(0, 0);
  let done = false;
  const show = (next: Body): void => {
    body = next;
    panel.post({
      type: 'show', title: path.basename(file), subtitle: file, verdict: body.verdict, sections: body.sections,
      ...body.progress !== undefined && { progress: body.progress },
      actions: done ? [{ id: 'again', label: vscode.l10n.t('Verify Again') }, { id: 'copy', label: vscode.l10n.t('Copy as Markdown') }, { id: 'reveal', label: vscode.l10n.t('Reveal') }]
        : [{ id: 'cancel', label: vscode.l10n.t('Cancel') }],
    });
  };
  const verify = async (): Promise<void> => {
    run = new AbortController();
    done = false;
    show(reading(0, 0));
    const end = await verified(world, verdicts, file, run.signal, (read, total) => show(reading(read, total)));
    done = true;
    show(end);
  };
  const panel = openPanel(world, {
    viewType: 'etcdRecovery.snapshot', title: path.basename(file), folder: 'report', protocol: reportProtocol,
  }, async request => {
    if (request.type === 'ready') { show(body); return; }
    if (request.id === 'cancel') run.abort();
    if (request.id === 'again' && done) await verify();
    if (request.id === 'copy') await vscode.env.clipboard.writeText(reportMarkdown({ title: path.basename(file), subtitle: file, ...body }));
    if (request.id === 'reveal') await vscode.commands.executeCommand('etcdRecovery.revealSnapshot', vscode.Uri.file(file));
  });
  panel.onDidDispose(() => run.abort());
  void world.attempt(verify);
  return panel;
}

const reading = (read: number, total: number): Body => ({
  verdict: { tone: 'plain', text: total === 0 ? vscode.l10n.t('Reading…') : vscode.l10n.t('Reading: {read} of {total}', { read: humanBytes(read), total: humanBytes(total) }) },
  sections: [], progress: total === 0 ? 0 : read / total,
});

/** Verifies, remembers what was found, and says it. A bug is thrown on. */
async function verified(world: World, verdicts: Verdicts, file: string, signal: AbortSignal, onProgress: (read: number, total: number) => void): Promise<Body> {
  const reader = snapshotReader(vscode.Uri.joinPath(world.extensionUri, 'dist', 'host').fsPath);
  try {
    const report = await reader.verify(file, { signal, onProgress: ({ done, total }) => onProgress(done, total) });
    await rememberGood(verdicts, report);
    return snapshotReport(report);
  } catch (error) {
    if (codeOf(error) === 'CANCELLED') return { verdict: { tone: 'plain', text: vscode.l10n.t('Cancelled before the end: nothing is known of this file.') }, sections: [] };
    if (!isKnown(error)) {
      await world.attempt(() => { throw error; });
      return { verdict: { tone: 'bad', text: vscode.l10n.t('The verification itself failed; the log says where.') }, sections: [] };
    }
    await rememberBad(verdicts, file, error);
    return { verdict: { tone: 'bad', text: sentence(error) }, sections: advice(error) };
  }
}

async function rememberGood(verdicts: Verdicts, { file, trailer, status }: SnapshotReport): Promise<void> {
  await verdicts.remember(file.path, {
    size: file.size, mtimeMs: file.mtimeMs, at: new Date().toISOString(), outcome: trailer === 'matches' ? 'verified' : 'unsealed',
    sha256: file.sha256, revision: status.currentRevision.toString(),
  });
}

/** Only what the file itself is to blame for is remembered; a disk that cannot be read says nothing of it. */
async function rememberBad(verdicts: Verdicts, file: string, { code }: KnownError): Promise<void> {
  if (!code.startsWith('SNAPSHOT_') || code === 'SNAPSHOT_CHANGED' || code === 'SNAPSHOT_PAGE_TOO_LARGE') return;
  const found = await stat(file).catch(() => undefined);
  if (found) await verdicts.remember(file, { size: found.size, mtimeMs: found.mtimeMs, at: new Date().toISOString(), outcome: 'refused', code });
}

const advice = ({ code }: KnownError): Report['sections'] => code === 'SNAPSHOT_HASH_MISMATCH' || code === 'SNAPSHOT_DAMAGED' ? [{
  kind: 'notice', tone: 'warn',
  text: vscode.l10n.t('"etcdctl snapshot status" may still accept this file: it compares no sha256. Do not restore it, and do not use --skip-hash-check.'),
}] : [];
