import assert from 'node:assert/strict';
import { next, pass, runSteps, type Outcome, type Step } from '../../../src/vscode/steps/runSteps.js';

/** A step that gives these outcomes one after the other, and notes what it was asked with. */
const scripted = (asked: string[], name: string, ...outcomes: readonly ((state: string) => Outcome<string>)[]): Step<string> => {
  const left = [...outcomes];
  return (state, place) => {
    asked.push(`${name}(${state})${place.canGoBack ? '' : '!'}`);
    const outcome = left.shift();
    assert.ok(outcome, `${name} was asked once too often`);
    return Promise.resolve(outcome(state));
  };
};
const add = (letter: string) => (state: string): Outcome<string> => next(state + letter);
const back = (): Outcome<string> => ({ kind: 'back' });

describe('a row of questions', () => {
  it('asks each with what was answered before', async () => {
    const asked: string[] = [];
    assert.equal(await runSteps('t', '', [scripted(asked, 'a', add('1')), scripted(asked, 'b', add('2'))]), '12');
    assert.deepEqual(asked, ['a()!', 'b(1)']);
  });

  it('goes back over what was not asked, to the answers of before', async () => {
    const asked: string[] = [];
    const steps = [scripted(asked, 'a', add('1'), add('x')), scripted(asked, 'b', () => pass, () => pass), scripted(asked, 'c', back, add('3'))];
    assert.equal(await runSteps('t', '', steps), 'x3');
    assert.deepEqual(asked, ['a()!', 'b(1)', 'c(1)', 'a()!', 'b(x)', 'c(x)']);
  });

  it('ends without a result when the person leaves', async () => {
    assert.equal(await runSteps('t', '', [scripted([], 'a', add('1')), scripted([], 'b', () => ({ kind: 'left' }))]), undefined);
  });
});
