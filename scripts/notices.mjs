// The licences of the packages whose code is in the bundles, as those ask: one text file in the extension.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** The packages that esbuild read a file of. */
export function bundledPackages(metafiles) {
  const inputs = metafiles.flatMap(metafile => Object.keys(metafile.inputs));
  const folders = inputs.map(input => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1]).filter(folder => folder !== undefined);
  return [...new Set(folders)].sort();
}

/** Writes the notices of some package folders. Throws when one of them has no licence text. */
export async function writeNotices(folders, file) {
  const notices = await Promise.all(folders.map(async folder => {
    const { name, version, license } = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8'));
    const texts = (await readdir(folder)).filter(entry => /^(licen[cs]e|notice)(\.\w+)?$/i.test(entry)).sort();
    if (texts.length === 0 && license === undefined) throw new Error(`${folder} states no licence: it cannot be shipped`);
    const body = await Promise.all(texts.map(text => readFile(path.join(folder, text), 'utf8')));
    return `${name} ${version} (${license})\n\n${body.join('\n').trim()}\n`;
  }));
  const intro = 'This extension contains code of the packages below.\ndist/proto is made from etcd\'s protocol definitions (Apache-2.0), as etcd3 ships them.\n';
  await writeFile(file, [intro, ...notices].join(`\n${'-'.repeat(80)}\n\n`));
}
