import * as z from 'zod/mini';
import { ready, type Protocol } from './protocol.js';

const tone = z.enum(['plain', 'ok', 'warn', 'bad']);

const facts = z.strictObject({
  kind: z.literal('facts'),
  heading: z.string(),
  /** `hint` explains, `code` is shown in the editor's own font. */
  facts: z.array(z.strictObject({ label: z.string(), value: z.string(), hint: z.optional(z.string()), code: z.optional(z.boolean()) })),
});
const table = z.strictObject({
  kind: z.literal('table'),
  heading: z.string(),
  columns: z.array(z.strictObject({ title: z.string(), numeric: z.optional(z.boolean()), code: z.optional(z.boolean()) })),
  rows: z.array(z.array(z.string())),
});
const notice = z.strictObject({ kind: z.literal('notice'), tone, text: z.string() });

const report = z.strictObject({
  type: z.literal('show'),
  title: z.string(),
  subtitle: z.string(),
  verdict: z.strictObject({ tone, text: z.string() }),
  /** Shown while something is still read: 0 to 1. */
  progress: z.optional(z.number()),
  sections: z.array(z.union([facts, table, notice])),
  actions: z.array(z.strictObject({ id: z.string(), label: z.string(), primary: z.optional(z.boolean()) })),
});
/** A report: a verdict, facts, tables and notices. Everything is text made by the host. */
export type Report = z.infer<typeof report>;
export type ReportSection = Report['sections'][number];

const toHost = z.union([ready, z.strictObject({ type: z.literal('action'), id: z.string().check(z.maxLength(40)) })]);
export type ReportRequest = z.infer<typeof toHost>;

/** The line between a report's page and the host. */
export const reportProtocol: Protocol<Report, ReportRequest> = { toView: report, toHost };
