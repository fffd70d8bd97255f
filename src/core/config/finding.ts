import type { Message, MessageArgs } from '../errors.js';
import type { ConfigErrorCode, Severity } from './errors.js';
import { severities } from './errors.js';
import type { Range } from './source.js';

/** Something worth saying about a configuration, and where it stands. */
export interface Finding extends Message<ConfigErrorCode> {
  readonly severity: Severity;
  /** Absent when it concerns the text as a whole. */
  readonly range?: Range;
}

/** Notes a finding. */
export type Report = (code: ConfigErrorCode, args?: MessageArgs, range?: Range) => void;

/** More are of no use to anyone, and a hostile text could make millions. */
const mostFindings = 200;

/** A report that collects into `findings`; the place is also among the arguments. */
export const reportTo = (findings: Finding[]): Report => (code, args = {}, range) => {
  if (findings.length >= mostFindings) return;
  const severity = severities[code];
  findings.push(range === undefined
    ? { severity, code, args }
    : { severity, code, args: { ...args, line: range.line, column: range.column }, range });
};

/** Whether any of the findings refuses the text. */
export const refuses = (findings: readonly Finding[]): boolean => findings.some(finding => finding.severity === 'error');
