import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { ConfigReading } from '../../../src/core/config/readConfig.js';
import { readConfig } from '../../../src/core/config/readConfig.js';

const folder = path.join(import.meta.dirname, 'fixtures');

/** A text with etcd's configuration, as somebody has it on disk or in the clipboard. */
export interface Fixture {
  readonly name: string;
  readonly text: string;
  readonly goldenFile: string;
}

/** Every fixture, by name. */
export const fixtures: readonly Fixture[] = readdirSync(folder).filter(name => !name.endsWith('.golden.json')).sort().map(name => ({
  name,
  text: readFileSync(path.join(folder, name), 'utf8'),
  goldenFile: path.join(folder, `${name}.golden.json`),
}));

/** The fixture of that name. */
export function fixture(name: string): Fixture {
  const found = fixtures.find(one => one.name === name);
  if (found === undefined) throw new Error(`no fixture ${name}`);
  return found;
}

/** What is read of a fixture. */
export const readFixture = ({ name, text }: Fixture): ConfigReading => readConfig(text, { fileName: name });
