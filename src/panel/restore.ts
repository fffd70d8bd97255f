import * as z from 'zod/mini';
import { ready, type Protocol } from './protocol.js';

/** What the person may do; each only while its button is shown. */
export const restoreActions = ['approve', 'cancel', 'resume', 'takeBack', 'leave', 'planAgain', 'copyPlan', 'generate', 'insist', 'kubelets'] as const;
export type RestoreActionId = typeof restoreActions[number];

const tone = z.enum(['plain', 'ok', 'warn', 'bad']);
const notice = z.strictObject({ tone, text: z.string() });
const fact = z.strictObject({ label: z.string(), value: z.string(), mono: z.boolean() });
const table = z.strictObject({ caption: z.string(), columns: z.array(z.string()), rows: z.array(z.array(z.string())) });
const step = z.strictObject({
  id: z.string(),
  lane: z.string(),
  title: z.string(),
  state: z.enum(['waiting', 'begun', 'done', 'failed']),
  /** The state in words, for those who do not see the icon; how long it took. */
  stateWord: z.string(),
  note: z.string(),
  commands: z.array(z.string()),
  /** How it can be taken back. */
  undo: z.string(),
  failure: z.optional(z.string()),
});
const stage = z.strictObject({ id: z.string(), title: z.string(), steps: z.array(step) });
const action = z.strictObject({ id: z.enum(restoreActions), label: z.string(), look: z.enum(['primary', 'danger', 'plain']) });

const shown = z.strictObject({
  type: z.literal('show'),
  heading: z.string(),
  lead: z.string(),
  tone,
  /** Shown while nothing can be pressed but Cancel: something is under way. `fraction` 0 to 1, below 0 when unknown. */
  busy: z.optional(z.strictObject({ text: z.string(), fraction: z.number() })),
  notices: z.array(notice),
  facts: z.array(fact),
  tables: z.array(table),
  stagesTitle: z.string(),
  stagesHint: z.string(),
  /** Words of the button that opens every step's commands, and closes them. */
  showCommands: z.string(),
  hideCommands: z.string(),
  stages: z.array(stage),
  actions: z.array(action),
  /** The plan that is shown: an action names it, so that nobody approves what they have not seen. */
  digest: z.string(),
});
/** Everything the restore panel shows, in the person's language; sent whole each time. */
export type RestoreShown = z.infer<typeof shown>;
export type ShownStage = z.infer<typeof stage>;
export type ShownStep = z.infer<typeof step>;
export type ShownFact = z.infer<typeof fact>;
export type ShownTable = z.infer<typeof table>;
export type ShownNotice = z.infer<typeof notice>;
export type ShownAction = z.infer<typeof action>;
export type Tone = z.infer<typeof tone>;

const toHost = z.union([
  ready,
  z.strictObject({ type: z.literal('act'), action: z.enum(restoreActions), digest: z.string() }),
]);
export type RestoreRequest = z.infer<typeof toHost>;

/** The line between the restore panel and the host. */
export const restoreProtocol: Protocol<RestoreShown, RestoreRequest> = { toView: shown, toHost };
