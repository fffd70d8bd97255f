import { readdirSync, readFileSync, writeFileSync, mkdirSync } from 'node:fs';
import { getL10nJson } from '@vscode/l10n-dev';
import { isMain } from './isMain.js';

/** Every string that the code shows, as the bundle that translators start from: `l10n/bundle.l10n.json`. */
export async function makeBundle(): Promise<string> {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.ts')).sort()
    .map(file => ({ extension: '.ts' as const, contents: readFileSync(`src/${file}`, 'utf8') }))
    .filter(({ contents }) => contents.includes('l10n.t('));
  const strings = await getL10nJson(files);
  return `${JSON.stringify(Object.fromEntries(Object.entries(strings).sort(([a], [b]) => a < b ? -1 : 1)), undefined, 2)}\n`;
}

if (isMain(import.meta.url)) {
  mkdirSync('l10n', { recursive: true });
  void makeBundle().then(bundle => { writeFileSync('l10n/bundle.l10n.json', bundle); });
}
