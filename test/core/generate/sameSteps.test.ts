import assert from 'node:assert/strict';
import { actionScript } from '../../../src/core/host/actionScripts.js';
import { probeScript } from '../../../src/core/host/probeScripts.js';
import { shellFiles } from '../../../src/core/generate/shellFiles.js';
import { ansibleFiles } from '../../../src/core/generate/ansibleFiles.js';
import { stepsOf } from '../../../src/core/plan.js';
import { digestOf, plans } from './generated.js';
import { askedOf, bothWays, expected, textIn, toldBy, wordsOf } from './parsed.js';

describe('generated scripts', function () {
  this.timeout(120_000);

  for (const [name, plan] of Object.entries(plans)) {
    const files = new Map(shellFiles(plan, digestOf(plan)).map(({ path, text }) => [path, text]));

    it(`do the steps of the plan, each once, with the very words that the editor sends: ${name}`, () => {
      const seen = new Map<string, number>();
      for (const { way, file, steps } of expected(plan)) {
        const told = toldBy(files.get(file) ?? assert.fail(`${file} is missing`));
        const starts = told.flatMap(([first], at) => first === 'perform' ? [at] : []);
        assert.deepEqual(starts.map(at => told[at]?.slice(1, 3)), steps.map(({ number, id }) => [String(number), id]), file);
        for (const [n, { id, act, done }] of steps.entries()) {
          const own = told.slice(starts[n], starts[n + 1]);
          const probe = own.findIndex(([first, ...rest]) => first === 'probe' && rest.length === 0);
          const asked = own.slice(probe + 1).filter(([first]) => first === 'ask');
          for (const [at, words] of askedOf(done).entries()) {
            if (done.is === 'hashKv') assert(askedOf(done).some(each => each.every((word, k) => asked[0]?.[k] === word)), `${file} ${id}`);
            else assert.deepEqual(asked[at]?.slice(0, words.length), words, `${file} ${id}`);
          }
          assert.deepEqual(own.find(([first, ...rest]) => first === 'act' && rest.length > 0), wordsOf(act), `${file} ${id}`);
          assert.equal(own.some(([first]) => first === 'why'), act.do === 'upload', id);
          seen.set(`${way} ${id}`, (seen.get(`${way} ${id}`) ?? 0) + 1);
        }
      }
      for (const [way, step] of bothWays(plan).flatMap(each => stepsOf(each).map(one => [each.kind, one] as const))) {
        const parts = step.act.do === 'expect' && step.act.probe.is === 'hashKv' ? new Set(plan.subject.members.map(({ host }) => host)).size : 1;
        assert.equal(seen.get(`${way} ${step.id}`), parts, step.id);
      }
    });

    it(`have the very texts that the editor runs: ${name}`, () => {
      const compared = new Set<string>();
      for (const { file, steps } of expected(plan)) {
        const script = files.get(file) ?? '';
        for (const { act, done } of steps) {
          const texts = [...wordsOf(act) === undefined || act.do === 'expect' || act.do === 'upload' ? [] : [[act.do, actionScript(act).text] as const],
            ...done.is === 'stopped' || done.is === 'running' ? [['process', probeScript(done).text] as const] : [], ...done.is === 'exists' ? [['path', probeScript(done).text] as const] : [],
            ...done.is === 'parked' || done.is === 'placed' ? [['pod', probeScript(done).text] as const] : [], ...done.is === 'kubeletRestarted' ? [['kubelet', probeScript(done).text] as const] : [], ...done.is === 'sameFile' ? [['sameFile', probeScript(done).text] as const] : []];
          for (const [text, whole] of texts) {
            if (compared.has(`${text} ${file.slice(-8)}`)) continue;
            assert.equal(textIn(script, text), whole, `${file} ${text}`);
            compared.add(`${text} ${file.slice(-8)}`);
          }
        }
      }
      assert(compared.size >= 5, [...compared].join());
    });

    it(`run in Ansible what they run by themselves: ${name}`, () => {
      const made = ansibleFiles(plan, digestOf(plan));
      for (const { path, text } of made) if (path.startsWith('hosts/')) assert.equal(text, files.get(path), path);
      for (const [at, way] of bothWays(plan).entries()) {
        const book = made.find(({ path }) => path === (at === 0 ? 'restore.yml' : 'take-back.yml'))?.text ?? '';
        const order = [...book.matchAll(/cmd: "hosts\/\{\{ inventory_hostname \}\}\/([\w.-]+)"/g)].map(([, file]) => file);
        const prefix = at === 0 ? '' : 'back-';
        assert.deepEqual(order, [`${prefix}00-prepare.sh`, ...way.stages.map((stage, n) => `${prefix}${String(n + 1).padStart(2, '0')}-${stage.id}.sh`)]);
        assert.equal(book.split('\n- name:').length - 1, way.stages.length + 3, 'a play for each stage, and three more');
        assert.equal(book.match(/any_errors_fatal: true/g)?.length, way.stages.length + 3);
        assert.equal(book.match(/gather_facts: false/g)?.length, way.stages.length + 3);
      }
    });
  }

  it('are not made for a digest or a run that is none, nor for values with control characters', () => {
    const plan = plans['one-member'] ?? assert.fail();
    assert.throws(() => shellFiles(plan, 'x; true'), /not a sha256/);
    assert.throws(() => shellFiles({ ...plan, run: '../x' }, digestOf(plan)), /cannot be part of a name/);
    assert.throws(() => shellFiles({ ...plan, cluster: 'a\nb' }, digestOf(plan)), /control characters/);
    assert.throws(() => ansibleFiles({ ...plan, cluster: 'a\u0007b' }, digestOf(plan)), /control characters/);
  });
});
