import { findProgram } from '../scripts/findProgram.js';
import { buildKubernetes } from '../scripts/kubernetesFromSource.js';
import { baseImage } from './baseImage.js';

/** Fetches and builds, once, what labs start from; so that starting one takes seconds. */
async function main(): Promise<void> {
  const say = (line: string): void => console.log(line);
  if (process.getuid?.() !== 0 || findProgram('debootstrap') === undefined) say('The lab needs root and debootstrap: its tests are skipped.');
  else await baseImage(say);
  const built = await buildKubernetes(say);
  if (built !== undefined) console.log(`Kubernetes ${built.version}`);
}

void main();
