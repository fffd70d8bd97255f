import { isPlainText } from '../host/shellWord.js';
import { stepsOf, type Plan } from '../plan.js';
import type { RestoreSubject } from '../restore/subject.js';
import { checksBefore } from '../restore/stages.js';
import { takeBack } from '../takeBack.js';
import { textsIn } from '../textsIn.js';
import { restoreDriver, takeBackDriver } from './driverFile.js';
import type { GeneratedFile } from './generatedFile.js';
import { hostFiles, journalFiles } from './hostFiles.js';
import { layoutOf, type Layout } from './layout.js';
import { readmeText } from './readmeText.js';

/**
 * A restore plan as shell scripts that work with no editor at all: every step is the plan's, with the texts that the editor runs.
 * `digest` is the sha256 (hex) of the plan's JSON. Throws when a value has control characters in it: no such plan is made.
 */
export function shellFiles(plan: Plan<RestoreSubject>, digest: string): readonly GeneratedFile[] {
  const layout = layoutOfPlan(plan, digest);
  return [
    { path: 'README.md', text: readmeText(layout, digest, 'shell'), executable: false },
    { path: 'restore.sh', text: restoreDriver(layout, digest), executable: true },
    { path: 'take-back.sh', text: takeBackDriver(layout, digest), executable: true },
    ...planFiles(layout), ...hostFiles(layout), ...journalFiles(layout),
  ];
}

/** Both ways of a plan. What cannot be written into a file without a doubt is refused here, once. */
export function layoutOfPlan(plan: Plan<RestoreSubject>, digest: string): Layout {
  if (!/^[0-9a-f]{64}$/.test(digest)) throw new Error('the digest is not a sha256');
  if (!/^[a-z0-9-]{8,60}$/.test(plan.run)) throw new Error(`the run ${plan.run} cannot be part of a name`);
  for (const text of textsIn(plan)) if (!isPlainText(text)) throw new Error(`the plan has control characters in ${JSON.stringify(text)}`);
  const steps = new Set(stepsOf(plan).map(({ id }) => id));
  return layoutOf(plan, { ...takeBack(plan, steps, checksBefore(plan.subject)), subject: plan.subject });
}

/** The plans as the digests were made of them: without a newline at the end. */
export const planFiles = ({ forward, back }: Layout): readonly GeneratedFile[] => [
  { path: 'plan.json', text: JSON.stringify(forward.plan), executable: false },
  { path: 'take-back.json', text: JSON.stringify(back.plan), executable: false },
];
