import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';
import { skipReason } from '../skip.js';
import type { Outcome, Skip } from './outcome.js';

/** Mocha's spec reporter that also leaves the outcome, as JSON, in the file that `TEST_OUTCOME_FILE` names. */
export default class CountsReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    const failed: string[] = [];
    const skipped: Skip[] = [];
    runner.on('fail', test => failed.push(test.fullTitle()));
    runner.on('pending', test => skipped.push({ name: test.fullTitle(), reason: skipReason(test) ?? 'no reason given' }));
    runner.once('end', () => {
      const outcome: Outcome = { passed: runner.stats?.passes ?? 0, failed, skipped };
      const file = process.env['TEST_OUTCOME_FILE'];
      if (file !== undefined) writeFileSync(file, JSON.stringify(outcome));
    });
  }
}
