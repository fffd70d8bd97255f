import type { RunRecord } from '../../core/journal.js';
import type { RestoreSubject } from '../../core/restore/subject.js';

/** What the restore is about: only `planRestore` makes it, and the plan's digest covers it. */
export const subjectOf = (record: RunRecord): RestoreSubject => record.opening.plan.subject as RestoreSubject;
