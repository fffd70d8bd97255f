import assert from 'node:assert/strict';
import { planRestore } from '../../../src/core/restore/planRestore.js';
import { choice } from '../../core/restore/factsFixture.js';
import { podFactsOf } from '../../core/restore/podFixture.js';

const planned = planRestore(podFactsOf(3), choice);
assert('plan' in planned);

/** The stages of a restore of static pods, as the plan itself has them: one that is new cannot be forgotten here. */
export const planStages: readonly string[] = planned.plan.stages.map(({ id }) => id);
