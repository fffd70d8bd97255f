import type { Plan } from '../plan.js';
import type { RestoreSubject } from '../restore/subject.js';
import type { GeneratedFile } from './generatedFile.js';
import { hostFiles } from './hostFiles.js';
import { inventoryText } from './inventoryText.js';
import { playbookText } from './playbookText.js';
import { readmeText } from './readmeText.js';
import { layoutOfPlan, planFiles } from './shellFiles.js';

/**
 * The same plan for Ansible (core 2.14 and later, no collections): the tasks run the same host scripts, stage by stage.
 * `digest` is the sha256 (hex) of the plan's JSON. Throws as `shellFiles` does.
 */
export function ansibleFiles(plan: Plan<RestoreSubject>, digest: string): readonly GeneratedFile[] {
  const layout = layoutOfPlan(plan, digest);
  const file = (path: string, text: string): GeneratedFile => ({ path, text, executable: false });
  return [
    file('README.md', readmeText(layout, digest, 'ansible')), file('inventory.ini', inventoryText(layout)),
    file('restore.yml', playbookText(layout, layout.forward)), file('take-back.yml', playbookText(layout, layout.back)),
    ...planFiles(layout), ...hostFiles(layout),
  ];
}
