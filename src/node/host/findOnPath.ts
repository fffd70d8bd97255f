import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** The path of a program on this machine's PATH, undefined where there is none. */
export async function findOnPath(name: string): Promise<string | undefined> {
  const names = process.platform === 'win32' ? [`${name}.exe`] : [name];
  const places = (process.env['PATH'] ?? '').split(delimiter).filter(folder => folder !== '').flatMap(folder => names.map(each => join(folder, each)));
  for (const place of places) if (await access(place, constants.X_OK).then(() => true, () => false)) return place;
  return undefined;
}
