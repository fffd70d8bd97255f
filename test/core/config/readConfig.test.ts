import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { severities } from '../../../src/core/config/errors.js';
import type { EtcdConfig } from '../../../src/core/config/etcdConfig.js';
import { memberDefinition } from '../../../src/core/config/memberDefinition.js';
import type { ConfigReading } from '../../../src/core/config/readConfig.js';
import type { Range } from '../../../src/core/config/source.js';
import { fixtures, readFixture } from './fixtures.js';

const isRange = (value: unknown): value is Range =>
  typeof value === 'object' && value !== null && 'start' in value && 'end' in value && 'column' in value;

/** Ranges as `line:column+length`, so that a golden file can be read beside its text. */
const compact = (_key: string, value: unknown): unknown => isRange(value) ? `${value.line}:${value.column}+${value.end - value.start}` : value;

const written = (config: EtcdConfig) => ({
  ...config,
  arguments: config.arguments.map(one => `${one.origin} ${one.flag}=${one.value} @${one.range.line}:${one.range.column}`),
});

/** What a golden file holds: the reading, and what "Add Cluster" would take from it. */
function golden(reading: ConfigReading): string {
  const shownReading = reading.ok
    ? { ...reading, config: written(reading.config), others: reading.others.map(written), draft: memberDefinition(reading.config) }
    : reading;
  return `${JSON.stringify(shownReading, compact, 2)}\n`;
}

describe('readConfig', () => {
  for (const fixture of fixtures) {
    it(`reads ${fixture.name} as its golden file says`, () => {
      const found = golden(readFixture(fixture));
      if (process.env['GOLDEN'] === 'update') writeFileSync(fixture.goldenFile, found);
      assert.ok(existsSync(fixture.goldenFile), 'run with GOLDEN=update, then read the new file');
      assert.equal(found, readFileSync(fixture.goldenFile, 'utf8'));
    });
  }

  it('has a fixture for every kubeadm minor from 1.16 to 1.36, and every one is read without a warning of its flags', () => {
    for (let minor = 16; minor <= 36; minor++) {
      const fixture = fixtures.find(one => one.name === `kubeadm-1.${minor}.yaml`);
      assert.ok(fixture, `kubeadm 1.${minor}`);
      const reading = readFixture(fixture);
      assert.ok(reading.ok);
      const codes = reading.findings.map(finding => finding.code).filter(code => code !== 'CLUSTER_ONLY_ITSELF');
      assert.deepEqual(codes, minor === 16 ? ['VERSION_UNSUPPORTED'] : []);
    }
  });

  it('refuses exactly when there is an error among the findings', () => {
    for (const fixture of fixtures) {
      const reading = readFixture(fixture);
      assert.equal(reading.ok, reading.findings.every(finding => finding.severity !== 'error'), fixture.name);
    }
  });

  it('has a fixture or a test of its own for every code', () => {
    const seen = new Set(fixtures.flatMap(fixture => readFixture(fixture).findings.map(finding => finding.code)));
    const elsewhere = ['CONFIG_EMPTY', 'CONFIG_TOO_LARGE', 'CONFIG_TOO_DEEP'];
    assert.deepEqual(Object.keys(severities).filter(code => !seen.has(code as never) && !elsewhere.includes(code)), []);
  });
});
