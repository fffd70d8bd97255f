import assert from 'node:assert/strict';
import type { Entry, RunRecord } from '../../../src/core/journal.js';
import { planRestore } from '../../../src/core/restore/planRestore.js';
import { hasEffects, hasStarted } from '../../../src/core/restore/progress.js';
import type { RestoreFacts } from '../../../src/core/restore/facts.js';
import { choice, factsOf } from './factsFixture.js';
import { podFactsOf } from './podFixture.js';

/** A run of which these steps were begun. */
function begun(facts: RestoreFacts, ...steps: readonly string[]): RunRecord {
  const planned = planRestore(facts, choice);
  assert('plan' in planned);
  return { opening: { event: 'opened', at: '1', by: 'me@here', digest: '', plan: planned.plan }, entries: steps.map((step): Entry => ({ event: 'started', at: '2', step })) };
}

describe('how far a run has come', () => {
  it('is to effects with what stops or moves, not with what is made beside the data', () => {
    assert.equal(hasEffects(begun(factsOf(3), 'verify@local', 'stage@m1')), false);
    assert.equal(hasEffects(begun(factsOf(3), 'stop@m2')), true);
    assert.equal(hasEffects(begun(podFactsOf(3), 'park-kube-apiserver@cp-1')), true);
  });

  it('is to restored members that may run with the start of etcd, by a command or by its manifest, and of nothing else', () => {
    assert.equal(hasStarted(begun(factsOf(3), 'stop@m2', 'move-in@m1')), false);
    assert.equal(hasStarted(begun(factsOf(3), 'start@m1')), true);
    assert.equal(hasStarted(begun(podFactsOf(3), 'park-etcd@cp-1', 'put-back-kube-scheduler@cp-1')), false);
    assert.equal(hasStarted(begun(podFactsOf(3), 'put-back-etcd@cp-1')), true);
  });
});
