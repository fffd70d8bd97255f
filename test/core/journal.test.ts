import assert from 'node:assert/strict';
import fc from 'fast-check';
import { currentEntries, currentPlan, furthest, journalLine, lastEvents, readJournal, standing, type Entry, type Opening, type RunRecord } from '../../src/core/journal.js';
import type { Plan } from '../../src/core/plan.js';

const at = '2026-11-22T03:00:00.000Z';
const plan: Plan = { kind: 'restore', run: '20261122t030000z-4f2a', cluster: 'dëmo ✓ 🎛', subject: { note: 'line\nbreak' }, stages: [] };
const back: Plan = { ...plan, kind: 'takeBack' };
const opening: Opening = { event: 'opened', at, by: 'me@here', digest: 'd', plan };
const started: Entry = { event: 'started', at, step: 'a' };
const done: Entry = { event: 'done', at, step: 'a' };
const failed: Entry = { event: 'failed', at, step: 'b', code: 'TOOL_FAILED', args: { reason: 'ünïcode 🎛' } };
const takingBack: Entry = { event: 'takingBack', at, by: 'me@here', digest: 'e', plan: back };
const finished: Entry = { event: 'finished', at };
const all: readonly Entry[] = [started, { ...done, found: true }, started, failed, takingBack, started, finished];
const lines = [opening, ...all].map((line, n) => journalLine(n, line));
const whole = lines.join('');

describe('a journal', () => {
  it('reads as it was written', () => {
    assert.deepEqual(readJournal(whole), { record: { opening, entries: all }, length: whole.length });
  });

  it('torn at any byte reads up to its last whole line', () => {
    const bytes = Buffer.from(whole);
    const ends = lines.map((_, n) => Buffer.byteLength(lines.slice(0, n + 1).join('')));
    for (let cut = 0; cut <= bytes.length; cut++) {
      const read = readJournal(bytes.subarray(0, cut).toString('utf8'));
      const complete = ends.filter(end => end <= cut).length;
      assert.deepEqual(read, complete === 0 ? undefined : { record: { opening, entries: all.slice(0, complete - 1) }, length: lines.slice(0, complete).join('').length }, `cut at ${cut}`);
    }
  });

  it('with any one byte changed never reads more than what stands before it, unless the line still fits', () => {
    fc.assert(fc.property(fc.nat(whole.length - 1), fc.constantFrom('\n', '\0', '"', '}', 'x', '0'), (where, char) => {
      const read = readJournal(whole.slice(0, where) + char + whole.slice(where + 1));
      const before = whole.slice(0, where).split('\n').length - 1;
      assert((read?.record.entries.slice(0, before - 1) ?? []).every((entry, n) => JSON.stringify(entry) === JSON.stringify(all[n])));
    }), { seed: 2, numRuns: 500 });
  });

  for (const [because, bad] of Object.entries({
    'a number that is left out': journalLine(3, started), 'a number that is repeated': journalLine(1, started), 'an event nobody knows': '{"n":2,"event":"exploded","at":""}\n',
    'a second opening': journalLine(2, opening), 'no object': '2\n', 'an array': '[2]\n', 'an empty line': '\n', 'a step that is no text': '{"n":2,"event":"done","at":"","step":7}\n',
    'a failure without a code': '{"n":2,"event":"failed","at":"","step":"a"}\n', 'a way back without its plan': '{"n":2,"event":"takingBack","at":"","by":"x","digest":"e"}\n',
    'a way back with half a plan': '{"n":2,"event":"takingBack","at":"","by":"x","digest":"e","plan":{"run":"x"}}\n', 'no time': '{"n":2,"event":"finished"}\n',
  })) {
    it(`ends before ${because}, whatever comes behind`, () => {
      const read = readJournal(lines.slice(0, 2).join('') + bad + journalLine(3, done));
      assert.deepEqual(read?.record.entries, [started]);
    });
  }

  it('is none when its first line is no opening, or not whole', () => {
    for (const text of ['', '\n', '{}\n', journalLine(0, started), journalLine(1, opening), lines[0]?.slice(0, -1) ?? '', '{"n":0,"event":"opened","at":"","by":"","digest":""}\n']) assert.equal(readJournal(text), undefined, text);
  });

  it('of several copies is the one that got furthest, the first of equals', () => {
    const copies = [2, 5, 5, 0].map((count): RunRecord => ({ opening: { ...opening, by: String(count) }, entries: all.slice(0, count) }));
    assert.equal(furthest(copies), copies[1]);
    assert.equal(furthest([]), undefined);
  });

  it('stands where its last word leaves it', () => {
    assert.deepEqual([[], [started], [started, done, finished], [started, failed], [started, takingBack], [finished, takingBack, started], [finished, takingBack, finished]].map(standing),
      ['open', 'open', 'finished', 'open', 'takingBack', 'takingBack', 'takenBack']);
  });

  it('tells the last that happened to each step', () => {
    assert.deepEqual([...lastEvents([started, done, started, failed])], [['a', 'started'], ['b', 'failed']]);
  });

  it('is about the way back from its first word on, and counts its entries from there', () => {
    const record: RunRecord = { opening, entries: all };
    assert.deepEqual(currentPlan(record), takingBack);
    assert.deepEqual(currentEntries(record), [started, finished]);
    const forward: RunRecord = { opening, entries: all.slice(0, 4) };
    assert.deepEqual(currentPlan(forward), opening);
    assert.deepEqual(currentEntries(forward), all.slice(0, 4));
  });
});
