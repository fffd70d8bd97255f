import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parse, stringify } from 'yaml';
import { etcdFlags } from '../../../src/core/config/flags.js';
import type { Read } from '../../../src/core/config/readConfig.js';
import { readConfig } from '../../../src/core/config/readConfig.js';
import type { Range } from '../../../src/core/config/source.js';
import { fixture, fixtures, readFixture } from './fixtures.js';

/** The member's flags of a stacked control plane, with names and values that are legal but not nice. */
const flagSets = fc.record({
  name: fc.stringMatching(/^[a-z][a-z0-9.]{0,12}(-[a-z0-9]{1,6}){0,2}$/),
  host: fc.oneof(fc.ipV4(), fc.ipV6().map(ip => `[${ip}]`), fc.domain()),
  dir: fc.stringMatching(/^\/[a-z0-9_.]{1,8}(\/[a-zA-Z0-9_.]{1,8}){0,3}$/).filter(dir => !dir.split('/').some(part => /^\.+$/.test(part))),
  token: fc.stringMatching(/^[a-zA-Z0-9_.:'"#%&*!|>@ -]{1,20}$/).filter(token => token.trim() === token && !token.includes('--')),
  state: fc.constantFrom('new', 'existing'),
}).map(({ name, host, dir, token, state }): ReadonlyMap<string, string> => new Map([
  ['name', name], ['data-dir', dir], ['initial-cluster-token', token], ['initial-cluster-state', state],
  ['listen-client-urls', `https://127.0.0.1:2379,https://${host}:2379`], ['advertise-client-urls', `https://${host}:2379`],
  ['initial-advertise-peer-urls', `https://${host}:2380`], ['initial-cluster', `${name}=https://${host}:2380,other=https://10.1.1.1:2380`],
  ['client-cert-auth', 'true'],
]));

/** Ways to write one text as a YAML scalar. */
const styles = ['QUOTE_DOUBLE', 'QUOTE_SINGLE', 'PLAIN', 'BLOCK_LITERAL', 'BLOCK_FOLDED'] as const;

const manifestOf = (words: readonly string[], style: typeof styles[number], width: number): string =>
  stringify({
    apiVersion: 'v1', kind: 'Pod', metadata: { name: 'etcd' },
    spec: {
      containers: [{ name: 'etcd', image: 'registry.k8s.io/etcd:3.5.16-0', command: ['etcd', ...words], volumeMounts: [{ name: 'root', mountPath: '/' }] }],
      volumes: [{ name: 'root', hostPath: { path: '/' } }],
    },
  }, { defaultStringType: style, defaultKeyType: 'PLAIN', lineWidth: width });

const valuesOf = (text: string): ReadonlyMap<string, string> => {
  const reading = readConfig(text);
  assert.ok(reading.ok, JSON.stringify(reading.findings));
  return new Map(reading.config.arguments.map(one => [one.flag, one.value]));
};

/** Every value with its range. */
function* placed(reading: Read): Generator<readonly [value: string, range: Range]> {
  for (const config of [reading.config, ...reading.others]) {
    for (const one of config.arguments) yield [one.value, one.range];
    for (const one of config.pod.annotations) yield [one.value, one.range];
    for (const one of [config.pod.name, config.pod.namespace, config.pod.node, config.pod.hostIp, config.pod.image, config.pod.container])
      if (one) yield [one.value, one.range];
  }
}

/** The slice holds the value as it stands, or parted by line breaks, or as YAML escapes and folds it. */
function holds(slice: string, value: string): boolean {
  const unbroken = slice.replaceAll(/\r?\n[>\s]*/g, '');
  return slice.includes(value) || unbroken.includes(value) || String(parse(slice)).includes(value);
}

describe('every way to write the same flags', () => {
  it('is read the same in every quoting style, folded or not', () => {
    fc.assert(fc.property(flagSets, fc.constantFrom(...styles), fc.constantFrom(0, 40, 80), (flags, style, width) => {
      const words = [...flags].map(([flag, value]) => `--${flag}=${value}`);
      assert.deepEqual(valuesOf(manifestOf(words, style, width)), flags);
    }), { numRuns: 300 });
  });

  it('is read the same with one dash, with a space for the equals sign, and with switches bare', () => {
    fc.assert(fc.property(flagSets, fc.array(fc.nat(3), { minLength: 9, maxLength: 9 }), (flags, ways) => {
      const words = [...flags].flatMap(([flag, value], index) => {
        const dash = (ways[index] ?? 0) % 2 === 0 ? '--' : '-';
        if (flag === 'client-cert-auth') return [`${dash}${flag}`];
        return (ways[index] ?? 0) < 2 ? [`${dash}${flag}=${value}`] : [`${dash}${flag}`, value];
      });
      assert.deepEqual(valuesOf(manifestOf(words, 'QUOTE_DOUBLE', 0)), flags);
    }), { numRuns: 200 });
  });

  it('is read the same as one line that has lost its breaks, wrapped at any width, and quoted in a mail', () => {
    let read = 0;
    fc.assert(fc.property(flagSets, fc.integer({ min: 40, max: 200 }), fc.boolean(), (flags, width, quoted) => {
      const plain = new Map([...flags].filter(([flag]) => flag !== 'initial-cluster-token'));
      const line = `etcd${[...plain].map(([flag, value]) => `--${flag}=${value}`).join('')}`;
      const lines = Array.from({ length: Math.ceil(line.length / width) }, (_, index) => line.slice(index * width, (index + 1) * width));
      const reading = readConfig(lines.map(one => quoted ? `> ${one}` : one).join('\n'));
      // A break between two dashes, or before a single one, may be refused; it is never read as something else.
      if (reading.ok) {
        read++;
        assert.deepEqual(new Map(reading.config.arguments.map(one => [one.flag, one.value])), plain);
      } else assert.ok(reading.findings.some(one => one.code === 'CONFIG_LINE_BROKEN' || one.code === 'CONFIG_RUN_TOGETHER'), JSON.stringify(reading.findings));
    }), { numRuns: 500 });
    assert.ok(read > 400, `${read} of 500 were read`);
  });
});

describe('what editors and systems do to a text', () => {
  const told = (text: string): unknown => {
    const reading = readConfig(text);
    return [
      reading.ok ? [reading.config, ...reading.others].map(config => config.arguments.map(one => `${one.flag}=${one.value}`)) : 'refused',
      reading.findings.map(finding => [finding.code, finding.args['line']]),
    ];
  };

  for (const one of fixtures) {
    const unix = one.text.replaceAll('\r\n', '\n');
    it(`changes nothing in ${one.name}: Windows line ends, a byte order mark, a mail's quote marks`, () => {
      assert.deepEqual(told(unix.replaceAll('\n', '\r\n')), told(unix));
      if (!unix.startsWith('\ufeff')) assert.deepEqual(told(`\ufeff${unix}`), told(unix));
      if (!unix.startsWith('>') && !unix.includes('$ kubectl')) assert.deepEqual(told(unix.replaceAll(/^/gm, '> ')), told(unix));
    });
  }
});

describe('ranges', () => {
  for (const one of fixtures) {
    const reading = readFixture(one);
    if (!reading.ok) continue;
    it(`of ${one.name} hold their values, and lines and columns agree with offsets`, () => {
      for (const [value, range] of placed(reading)) {
        const slice = one.text.slice(range.start, range.end);
        const expanded = one.text.includes('$(');
        assert.ok(expanded || holds(slice, value) || slice.startsWith('--') && value === 'true', `${value} in ${slice}`);
        const before = one.text.slice(0, range.start).split('\n');
        assert.deepEqual([range.line, range.column], [before.length, (before.at(-1)?.length ?? 0) + 1]);
      }
    });
  }
});

describe('any text at all', () => {
  const pieces = fc.constantFrom(...'-{}[]:,&*!|>\'"#%@`\n\t ?<=$()/\\'.split(''), '- ', '--', '<<: ', '&a ', '*a ', 'kind: Pod\n', 'spec:\n',
    '  containers:\n', '  - command: ', '[etcd]', 'Name:  x\n', 'Containers:\n', '    Command:\n', '      etcd\n', '\u00a0', '\ufeff', '\u0000', '\r\n',
    '__proto__: ', 'constructor: ', 'metadata: ', '$(X)', ...etcdFlags.slice(0, 20).map(flag => `--${flag.name}=`));

  it('comes back as a reading, whatever is thrown together', () => {
    const beginnings = fc.constantFrom('', 'kind: Pod\n', 'kind: Pod\nspec:\n  containers:\n  - command: [etcd, ', '{"kind": "Pod", ', 'etcd --name=x ',
      'Name:  x\nContainers:\n  etcd:\n    Command:\n      etcd\n');
    fc.assert(fc.property(beginnings, fc.array(fc.oneof(pieces, fc.string({ maxLength: 6 })), { maxLength: 120 }), (beginning, parts) => {
      const reading = readConfig(beginning + parts.join(''));
      assert.equal(reading.ok, reading.findings.every(finding => finding.severity !== 'error'));
    }), { numRuns: 3000 });
  });

  it('comes back as a reading when a good text is damaged anywhere', () => {
    const good = ['kubeadm-1.34.yaml', 'describe-1.29-wrapped.txt', 'minikube.json', 'run-together.txt', 'anchors.yaml', 'env-only.yaml'].map(name => fixture(name).text);
    fc.assert(fc.property(fc.constantFrom(...good), fc.nat(), fc.nat(40), fc.oneof(pieces, fc.string({ maxLength: 4 })), (text, at, cut, piece) => {
      const from = at % text.length;
      const reading = readConfig(text.slice(0, from) + piece + text.slice(from + cut));
      assert.equal(typeof reading.ok, 'boolean');
    }), { numRuns: 1500 });
  });
});
