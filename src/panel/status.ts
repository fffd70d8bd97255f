import * as z from 'zod/mini';
import { ready, wordsOf, type Protocol } from './protocol.js';

/** The two tables of the panel. */
export const tableIds = ['members', 'endpoints'] as const;
export type TableId = typeof tableIds[number];

/** The page's words; `sorted…` are said to a screen reader. */
export const statusWordKeys = [
  'title', 'members', 'endpoints', 'copyText', 'copyMarkdown', 'exportJson', 'refresh', 'empty', 'sortedAscending', 'sortedDescending', 'unsorted',
] as const;
export type StatusWords = Readonly<Record<typeof statusWordKeys[number], string>>;

const sort = z.strictObject({ column: z.int().check(z.nonnegative(), z.lt(64)), direction: z.enum(['ascending', 'descending']) });
export type Sort = z.infer<typeof sort>;

const cell = z.strictObject({
  text: z.string(),
  /** Its place when the rows are ordered by this column, ascending and descending. */
  up: z.int(),
  down: z.int(),
  numeric: z.boolean(),
  tone: z.enum(['plain', 'ok', 'bad']),
});
const table = z.strictObject({
  id: z.enum(tableIds),
  columns: z.array(z.string()),
  rows: z.array(z.strictObject({
    cells: z.array(cell),
    /** Shown in place of the cells but the first. */
    reason: z.optional(z.string()),
  })),
});
/** A table with everything the page needs to show it in any order; it decides nothing itself. */
export type ShownTable = z.infer<typeof table>;

const shown = z.strictObject({
  type: z.literal('show'),
  words: wordsOf(statusWordKeys),
  cluster: z.string(),
  /** One line: state, version, cluster id. */
  summary: z.string(),
  tone: z.enum(['plain', 'ok', 'warn', 'bad']),
  /** Which machine asks, and when it asked last. */
  asked: z.string(),
  tables: z.array(table),
});
/** Everything the page shows; sent whole each time. */
export type Shown = z.infer<typeof shown>;

const toHost = z.union([
  ready,
  z.strictObject({ type: z.literal('refresh') }),
  z.strictObject({ type: z.literal('copy'), table: z.enum(tableIds), format: z.enum(['text', 'markdown']), sort: z.optional(sort) }),
  z.strictObject({ type: z.literal('export') }),
]);
export type StatusRequest = z.infer<typeof toHost>;

/** The line between the status panel and the host. */
export const statusProtocol: Protocol<Shown, StatusRequest> = { toView: shown, toHost };

const pageState = z.strictObject({ members: z.optional(sort), endpoints: z.optional(sort) });
/** What the page keeps while it is hidden. */
export type PageState = z.infer<typeof pageState>;
export { pageState };
