import * as vscode from 'vscode';

const steps: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 31_536_000], ['month', 2_592_000], ['week', 604_800], ['day', 86_400], ['hour', 3600], ['minute', 60],
];

/** How long ago something was, in the editor's language: "2 hours ago"; nothing for what is no time. Both times in milliseconds since 1970. */
export function age(then: number, now: number): string {
  if (!Number.isFinite(then)) return '';
  const seconds = Math.max(0, (now - then) / 1000);
  const [unit, length] = steps.find(([, size]) => seconds >= size) ?? ['second', 1];
  if (unit === 'second') return vscode.l10n.t('just now');
  return new Intl.RelativeTimeFormat(vscode.env.language, { numeric: 'always' }).format(-Math.floor(seconds / length), unit);
}

/** A moment in the editor's language and this machine's time zone; a dash for what is no time, as a foreign journal may hold. */
export const moment = (ms: number): string =>
  Number.isFinite(ms) ? new Intl.DateTimeFormat(vscode.env.language, { dateStyle: 'medium', timeStyle: 'medium' }).format(ms) : '—';
