import type { Message } from './errors.js';
import type { Plan } from './plan.js';

/** The first line of a journal: who is about to do what. */
export interface Opening {
  readonly event: 'opened';
  readonly at: string;
  /** `user@machine` of the editor. */
  readonly by: string;
  readonly digest: string;
  readonly plan: Plan;
}

/** One further line. Appended and flushed before and after every effect. */
export type Entry =
  | { readonly event: 'started'; readonly at: string; readonly step: string }
  /** `found`: the effect was in place already when the step was about to be repeated. */
  | { readonly event: 'done'; readonly at: string; readonly step: string; readonly found?: true; readonly note?: Message }
  | { readonly event: 'failed'; readonly at: string; readonly step: string; readonly code: string; readonly args: Readonly<Record<string, string | number>> }
  /** From here on the entries are those of the way back. */
  | { readonly event: 'takingBack'; readonly at: string; readonly by: string; readonly digest: string; readonly plan: Plan }
  | { readonly event: 'finished'; readonly at: string };

export interface Journal {
  append(entry: Entry): Promise<void>;
}

/** What a journal holds: its opening and the entries since. */
export interface RunRecord {
  readonly opening: Opening;
  readonly entries: readonly Entry[];
}

export type StepEvent = 'started' | 'done' | 'failed';

/** What last happened to each step. The journal is the only state; everything else is a fold over it. */
export const lastEvents = (entries: readonly Entry[]): ReadonlyMap<string, StepEvent> =>
  new Map(entries.flatMap(entry => 'step' in entry ? [[entry.step, entry.event] as const] : []));

/** Where a run stands. `open` is a run that was neither finished nor taken back. */
export type Standing = 'open' | 'finished' | 'takingBack' | 'takenBack';

export function standing(entries: readonly Entry[]): Standing {
  const back = entries.some(entry => entry.event === 'takingBack');
  const over = entries.at(-1)?.event === 'finished';
  if (back) return over ? 'takenBack' : 'takingBack';
  return over ? 'finished' : 'open';
}

/** Whether a run waits for somebody to go on with it, forward or back. */
export const isOpen = ({ entries }: RunRecord): boolean => ['open', 'takingBack'].includes(standing(entries));

/** The plan that is being carried out: the way back once it was begun. */
export function currentPlan(record: RunRecord): { readonly plan: Plan; readonly digest: string } {
  const back = record.entries.findLast(entry => entry.event === 'takingBack');
  return back ?? record.opening;
}

/** The journal's text: one JSON value a line, numbered from 0. */
export const journalLine = (n: number, line: Opening | Entry): string => `${JSON.stringify({ n, ...line })}\n`;

/**
 * Reads the longest valid prefix: a last line that was cut off by a crash, and all behind a line that does not fit,
 * is left out. `length` is that prefix in UTF-16 units; undefined when not even the first line is whole.
 */
export function readJournal(text: string): { readonly record: RunRecord; readonly length: number } | undefined {
  let length = 0;
  let opening: Opening | undefined;
  const entries: Entry[] = [];
  for (let n = 0; ; n++) {
    const end = text.indexOf('\n', length);
    const line = end < 0 ? undefined : parseLine(text.slice(length, end), n);
    if (line === undefined) break;
    if (n === 0) {
      if (line.event !== 'opened') return undefined;
      opening = line;
    } else {
      if (line.event === 'opened') break;
      entries.push(line);
    }
    length = end + 1;
  }
  return opening === undefined ? undefined : { record: { opening, entries }, length };
}

function parseLine(text: string, n: number): Opening | Entry | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (!isRecord(value) || value['n'] !== n || typeof value['at'] !== 'string' || !fits(value)) return undefined;
    // The digest, compared before anything is done, is what vouches for the plan inside.
    return Object.fromEntries(Object.entries(value).filter(([name]) => name !== 'n')) as unknown as Opening | Entry;
  } catch {
    return undefined;
  }
}

function fits(line: Readonly<Record<string, unknown>>): boolean {
  switch (line['event']) {
    case 'opened':
    case 'takingBack':
      return typeof line['by'] === 'string' && typeof line['digest'] === 'string' && isPlan(line['plan']);
    case 'failed':
      return typeof line['step'] === 'string' && typeof line['code'] === 'string' && isRecord(line['args']);
    case 'started':
    case 'done':
      return typeof line['step'] === 'string';
    default:
      return line['event'] === 'finished';
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);
const isPlan = (value: unknown): boolean => isRecord(value) && typeof value['run'] === 'string' && isRecord(value['subject']) && Array.isArray(value['stages']);

/** Of several copies, the one that got furthest: a copy is written before the local one, so it may be a line ahead. */
export const furthest = (copies: readonly RunRecord[]): RunRecord | undefined =>
  copies.reduce<RunRecord | undefined>((best, copy) => best === undefined || copy.entries.length > best.entries.length ? copy : best, undefined);

/** Of copies of several runs, the one of each run that got furthest. */
export const latestOfEach = (copies: readonly RunRecord[]): readonly RunRecord[] =>
  [...Map.groupBy(copies, record => record.opening.plan.run).values()].flatMap(records => furthest(records) ?? []);

/** The entries of the plan that is being carried out. */
export const currentEntries = (record: RunRecord): readonly Entry[] =>
  record.entries.slice(record.entries.findLastIndex(entry => entry.event === 'takingBack') + 1);
