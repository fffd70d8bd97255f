import type { Lab } from '../lab/lab.js';
import { labMissing } from '../lab/missing.js';
import { startLab } from '../lab/startLab.js';
import { findProgram } from '../scripts/findProgram.js';
import { LabEditor, toolFolders } from '../test/lab/restore/labRestore.js';
import { openAnsible } from './ansible.js';
import type { Ansible } from './ansible.js';

/** Three hosts on which we and Ansible do the same. */
export interface BenchLab {
  readonly lab: Lab;
  readonly editor: LabEditor;
  readonly ansible: Ansible;
}

/** Works on a lab and takes it down; where this machine cannot have one, says what it lacks and returns nothing. */
export async function onBenchLab<T>(work: (bench: BenchLab) => Promise<T>): Promise<T | undefined> {
  const missing = [...labMissing(), ...(findProgram('ansible-playbook') === undefined ? ['ansible'] : [])];
  if (missing.length > 0) {
    console.error(`No benchmark on hosts: there is no ${missing.join(', ')}; scripts/setup.sh installs what is missing, as root.`);
    return undefined;
  }
  await using lab = await startLab({ hosts: 3, report: line => console.error(line) });
  await using ansible = await openAnsible(lab);
  await using editor = await LabEditor.open(lab, toolFolders);
  return await work({ lab, editor, ansible });
}
